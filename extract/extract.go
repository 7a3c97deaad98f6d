// Package extract turns a seed into INSERTs that are safe to paste into a
// migration: with column lists, parents before children, and without the rows
// of migration tools and of SQLite itself. Where AUTOINCREMENT tables have
// counted further than their rows show, their counters are raised. Before
// anything is written, the result is replayed and compared with the seed.
package extract

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"time"

	"github.com/seedkit/seedkit/internal/migration"
	"github.com/seedkit/seedkit/internal/pattern"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/tempfile"
	"github.com/seedkit/seedkit/internal/transcribe"
)

// Policy says what an INSERT does where its key is taken by a row with other
// values.
type Policy string

const (
	// Abort lets the INSERT fail.
	Abort Policy = "abort"
	// Skip leaves the row that is there (ON CONFLICT DO NOTHING).
	Skip Policy = "skip"
	// Update gives the row that has the key the seed's values (ON CONFLICT
	// DO UPDATE). The key is the primary key, else a unique key that cannot
	// hold NULL; where another unique key is taken, the INSERT fails.
	Update Policy = "update"
)

// Policies lists the policies, the default first.
var Policies = []Policy{Abort, Skip, Update}

// Keys says how rows refer to others.
type Keys string

const (
	// Literal writes foreign keys as the seed has them.
	Literal Keys = "literal"
	// Natural writes a foreign key as a sub-select of the row that has the
	// parent's values in a unique key of the parent which cannot hold NULL,
	// so that the reference is right in a database whose ids differ. Where
	// there is no such key, and within a table, it is written as a literal.
	Natural Keys = "natural"
)

// KeyStyles lists the ways of writing keys, the default first.
var KeyStyles = []Keys{Literal, Natural}

// Options say what to extract, and how it is written. The zero value writes
// one INSERT for each row of the seed.
type Options struct {
	// Script, if not nil, is read as the seed; the source's path is its name
	// in messages.
	Script io.Reader
	// Schema is a script, a database or a folder of migrations: the tables
	// that a script inserts into if it makes none itself. Empty means that
	// it has to make them, unless there is a Baseline.
	Schema string
	// FindSchema, if not nil, is asked for the Schema where a script needs one
	// and there is neither a Schema nor a Baseline. It returns the empty text
	// where there is none, and may be asked twice.
	FindSchema func() (string, error)
	// Baseline is a folder of migrations, a script or a database. Rows that the
	// first two insert are left out; of a database only the schema counts.
	// Empty means that there are none; for [Into], that the
	// migrations beside the one that is edited are the baseline.
	Baseline string
	// Tables are patterns of the tables to extract; none means all. A star
	// stands for any letters, a question mark for one, and the case of letters
	// makes no difference; commas separate patterns, and double quotes hold
	// what stands for itself.
	Tables []string
	// Exclude are patterns of tables not to extract. Rows of theirs that
	// extracted rows refer to are taken as given in the proof: see [Need].
	Exclude []string
	// OnConflict is the policy; empty means Abort.
	OnConflict Policy
	// Keys is how rows refer to others; empty means Literal.
	Keys Keys
	// RowsPerInsert is how many rows share an INSERT at most; zero means one.
	RowsPerInsert int
	// MaxStatementBytes is how long a statement may be; zero means any length,
	// or what the Format's tool takes. A row that is longer is inserted in
	// pieces: an INSERT of the first part, and UPDATEs by the row's key that add
	// the others. Where that cannot be, it is a [*TooLongError].
	MaxStatementBytes int
	// Datetime is the form that times get, one of [Datetimes]: auto, or empty,
	// for what the rows of each column have where the seed is to go, which are
	// those of the baseline, else those of Schema, else those of AppliedIn;
	// keep for what the seed has; or the name of a form, for each column that
	// is declared to hold a day and a time of day.
	Datetime string
	// Format is the migration tool's, by the name that [Formats] has for it;
	// empty means that the folder tells. [Write] writes what would be a block
	// in a migration of that tool, and a plain script if it is empty.
	Format string
	// AppliedIn is the path of a database; [Into] refuses to edit a migration
	// that has run there. Empty means that none is asked.
	AppliedIn string
	// Now is the present time, by which [New] may name the migration.
	Now time.Time
	// NoProof skips the replay of the result.
	NoProof bool
	// Progress, if not nil, is called now and then, never twice at a time but
	// from any goroutine.
	Progress func(Progress)
}

// check reads the format and the patterns, before anything that takes time, and looks for the
// schema, also where nobody will need it: a name that was misspelt is not to go
// unnoticed.
func (o Options) check() error {
	if o.Format != "" {
		if _, err := migration.ParseFormat(o.Format); err != nil {
			return err
		}
	}
	if _, err := pattern.Select(o.Tables, o.Exclude); err != nil || o.Schema == "" {
		return err
	}
	_, err := os.Stat(o.Schema)
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%s: %w", o.Schema, fs.ErrNotExist)
	}
	return err
}

// tool returns the format of a migration tool that the options name, "" for
// none and for plain scripts.
func (o Options) tool() migration.Format {
	if f := migration.Format(o.Format); f != migration.SQL {
		return f
	}
	return ""
}

// Formats lists the names of migration tools' formats.
func Formats() []string {
	var names []string
	for _, f := range migration.Formats() {
		names = append(names, string(f))
	}
	return names
}

// Report says what was extracted.
type Report struct {
	Tables  []TableReport `json:"tables"` // parents first; those with rows
	LeftOut []LeftOut     `json:"left_out"`
	// Kept lists the rows, children first, that stay where the migration is
	// taken back: what it holds for that cannot find them. A migration that
	// is never taken back has none.
	Kept   []LeftOut `json:"kept"`
	Needs  []Need    `json:"needs"`  // of tables that are left out
	Sample bool      `json:"sample"` // rows were written that are known to be samples
	Proven bool      `json:"proven"` // the result was replayed and gave the seed's rows
	// Secrets are the columns that were written and that by their names hold
	// secrets: Password.hash.
	Secrets []string `json:"secrets"`
	// Times are those of another form than those that are there.
	Times []TimeNote `json:"times"`
	// Without names what the proof did without, since only the app's SQLite has
	// it, or can run it: "function slug", "trigger note_added".
	Without []string `json:"without"`
}

// TableReport counts a table's rows.
type TableReport struct {
	Table    string `json:"table"`
	Rows     int64  `json:"rows"`     // that were written
	Baseline int64  `json:"baseline"` // that the baseline inserts already, or that give way to its
}

// done is how many rows of the seed's table have been looked at.
func (t TableReport) done() int64 { return t.Rows + t.Baseline }

// Need says which rows of a table must be there where the result runs: others
// that are in the result refer to them, and they are neither in it nor in the
// baseline.
type Need struct {
	Table string   `json:"table"`
	Rows  int64    `json:"rows"`
	Keys  []string `json:"keys"` // the first few, as "id = 7"
}

// LeftOut is a table whose rows are not written, or not taken back.
type LeftOut struct {
	Table string `json:"table"`
	Rows  int64  `json:"rows"` // 0 for a virtual table, which nobody counts
	Why   string `json:"why"`
}

// Write extracts the seed at source, a database or a script, to w: the rows in
// the order in which the seed keeps them. Rows of tables that refer to each
// other in a cycle can only be inserted with foreign keys deferred; then, and
// only then, a transaction that does so is around them.
//
// Unless opts say otherwise the result is proven before w gets it: it is
// replayed on an empty database of the seed's schema, or of the baseline with
// its rows, with foreign keys on, and compared with the seed row by row; a
// script whose rows were copied is read once more for that. A difference is a
// [*ProofError].
func Write(ctx context.Context, w io.Writer, source string, opts Options) (Report, error) {
	if err := opts.check(); err != nil {
		return Report{}, err
	}
	if opts.MaxStatementBytes == 0 {
		opts.MaxStatementBytes = opts.tool().MaxStatementBytes()
	}
	opts, discard, err := opts.openScript(ctx, source, opts.canTranscribe())
	if err != nil {
		return Report{}, err
	}
	defer discard()
	if script, ok := opts.Script.(io.ReadSeeker); ok && opts.canTranscribe() {
		report, err := writeTranscript(ctx, w, source, script, opts)
		if !errors.Is(err, transcribe.ErrCannot) {
			return report, err
		}
	}
	r, err := open(ctx, source, "", opts)
	if err != nil {
		return Report{}, err
	}
	defer r.close()
	r.format = opts.tool()
	if opts.NoProof {
		out, _, err := r.newOutput(w)
		if err != nil {
			return Report{}, err
		}
		return r.write(out)
	}
	return r.writeProven(w)
}

// writeProven keeps what it writes in a temporary file until it is proven.
func (r *run) writeProven(w io.Writer) (report Report, err error) {
	spool, err := tempfile.New()
	if err != nil {
		return Report{}, err
	}
	defer spool.Close()
	err = r.prove(func(c *sqlite.Conn) error {
		report, err = r.writeAndReplay(spool, c)
		return err
	})
	if err != nil {
		return Report{}, err
	}
	report.Proven, report.Without = true, r.without
	return report, spool.CopyTo(w)
}
