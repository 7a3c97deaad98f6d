// Package extract turns a seed into INSERTs that are safe to paste into a migration: with column
// lists, parents before children, and without the rows of migration tools and of SQLite itself. It
// raises the counters of AUTOINCREMENT tables that have given out higher ids than their rows have.
// Before it writes anything, it replays the result and compares it with the seed.
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

// Options say what to extract, and how to write it. The zero value writes one INSERT for each row
// of the seed.
type Options struct {
	// Script is read as the seed if it is not nil. Then the source's path is only the script's name
	// in messages.
	Script io.Reader
	// Schema is the path of a script, a database or a folder of migrations. It gives the tables for
	// a script that inserts into tables but makes none. Empty means that the script must make its
	// tables, unless there is a Baseline.
	Schema string
	// FindSchema finds a Schema if a script needs one and there is neither a Schema nor a Baseline.
	// It returns "" if it finds none. Extracting may call it twice. A nil FindSchema finds none.
	FindSchema func() (string, error)
	// Baseline is the path of a folder of migrations, a script or a database. Extracting leaves out
	// rows that the migrations or the script insert. Of a database only the schema counts. For
	// [Write], empty means no baseline. For [Into] and [New], empty means the migrations in the
	// folder of the edited migration.
	Baseline string
	// Tables are patterns of the tables to extract. No patterns means all tables. A star matches
	// any characters, a question mark matches one character. Characters in double quotes match
	// themselves. Upper and lower case do not matter. Commas separate patterns.
	Tables []string
	// Exclude are patterns of the tables to leave out. If extracted rows refer to rows of these
	// tables, the proof assumes that the rows exist; see [Need].
	Exclude []string
	// OnConflict is the policy. Empty means Abort.
	OnConflict Policy
	// Keys says how to write references. Empty means Literal.
	Keys Keys
	// RowsPerInsert is the greatest number of rows that share an INSERT. Zero means one.
	RowsPerInsert int
	// MaxStatementBytes is the greatest length of a statement. Zero means the limit of the Format's
	// tool, or any length if there is no such limit. A longer row is inserted in pieces: an INSERT
	// with the first part, and UPDATEs by the row's key that add the other parts. If a row cannot
	// be cut, the error is a [*TooLongError].
	MaxStatementBytes int
	// Datetime is the form for times, one of [Datetimes]. "keep" means the seed's form. "auto", or
	// empty, means the form that a column's existing rows have. The first of these that has such
	// rows decides: the baseline, Schema, AppliedIn. The name of a form means that form for each
	// column that is declared to hold a day and a time of day.
	Datetime string
	// Format is the migration tool's format, one of [Formats]. Empty means that the folder shows
	// the format. [Write] writes the text of a block in a migration of that tool, or a plain script
	// if Format is empty.
	Format string
	// AppliedIn is the path of a database. [Into] refuses to edit a migration that has run there.
	// Empty means no such check.
	AppliedIn string
	// Now is the present time. [New] may name the migration by it.
	Now time.Time
	// NoProof skips the replay of the result.
	NoProof bool
	// NotUTF8 is called with the number of the first line of the script that is not UTF-8, unless
	// NotUTF8 is nil. The result has the bytes as they are. A script that is read again gives
	// another call.
	NotUTF8 func(line int)
	// Progress is called from time to time unless it is nil. The calls may come from any goroutine,
	// but never two at a time.
	Progress func(Progress)
}

// check checks the format and the patterns before anything that takes time. It also checks that the
// schema exists, even if nothing needs the schema, so that a misspelt path is an error.
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

// tool returns the migration tool's format that the options name, or "" for no format and for plain
// scripts.
func (o Options) tool() migration.Format {
	if f := migration.Format(o.Format); f != migration.SQL {
		return f
	}
	return ""
}

// Formats lists the names of the migration tools' formats.
func Formats() []string {
	var names []string
	for _, f := range migration.Formats() {
		names = append(names, string(f))
	}
	return names
}

// Report says what was extracted.
type Report struct {
	// Tables lists the tables with rows, parents first.
	Tables []TableReport `json:"tables"`
	// LeftOut lists the tables whose rows were not written.
	LeftOut []LeftOut `json:"left_out"`
	// Kept lists the rows that remain after the migration is reversed, because the part that
	// reverses the migration cannot find them. Children come first. If the migration has no such
	// part, Kept is empty.
	Kept []LeftOut `json:"kept"`
	// Repeated lists the rows that [Skip] cannot skip, because no key finds them. Each run of the
	// result inserts them.
	Repeated []LeftOut `json:"repeated"`
	// Needs lists the rows of left-out tables that must exist before the result runs.
	Needs []Need `json:"needs"`
	// Sample says that rows were written that the seed marks as samples.
	Sample bool `json:"sample"`
	// Proven says that a replay of the result gave the seed's rows, and that there was something to
	// prove.
	Proven bool `json:"proven"`
	// Secrets lists the written columns whose names say that they hold secrets, such as
	// Password.hash.
	Secrets []string `json:"secrets"`
	// Times says what became of times with another form than the existing rows have.
	Times []TimeNote `json:"times"`
	// Literals lists the references that [Natural] had to write as literals.
	Literals []LiteralReference `json:"literals"`
	// Without names what the proof did without, because only the app's SQLite has it or can run it,
	// such as "function slug" or "trigger note_added".
	Without []string `json:"without"`
}

// TableReport counts the seed's rows in a table.
type TableReport struct {
	Table string `json:"table"`
	// Rows is the number of rows that were written.
	Rows int64 `json:"rows"`
	// Baseline is the number of rows that were left out, because the baseline inserts them or has
	// another row with their key.
	Baseline int64 `json:"baseline"`
}

// done returns how many rows of the seed's table are finished.
func (t TableReport) done() int64 { return t.Rows + t.Baseline }

// Need says which rows of a table must exist where the result runs. Rows of the result refer to
// them, but neither the result nor the baseline inserts them.
type Need struct {
	Table string `json:"table"`
	// Rows is the number of such rows.
	Rows int64 `json:"rows"`
	// Keys holds the first few keys, such as "id = 7".
	Keys []string `json:"keys"`
}

// LeftOut counts rows of a table that were not written, or that remain. The list in [Report] says
// which.
type LeftOut struct {
	Table string `json:"table"`
	// Rows is the number of rows. It is 0 for a virtual table, whose rows extract does not count.
	Rows int64 `json:"rows"`
	// Why is the reason.
	Why string `json:"why"`
}

// Write extracts the seed at source, a database or a script, to w. It writes the rows in the seed's
// order. If tables refer to each other in a cycle, it writes a transaction around the rows that
// defers the checks of foreign keys. Otherwise it writes no transaction.
//
// Unless opts say otherwise, Write proves the result before w gets it. It replays the result with
// foreign keys on, on an empty database with the seed's schema, or on the baseline with its rows.
// It then compares each row with the seed. If it has copied the rows of a script, it reads the
// script again to compare. A difference is a [*ProofError].
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

// writeProven writes into a temporary file, and copies the file to w after the proof.
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
	report.Proven, report.Without = r.hasContent(report), r.without
	return report, spool.CopyTo(w)
}
