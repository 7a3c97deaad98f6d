// Package generate fills databases from fixtures. A fixture is a row with Go values and a name.
// generate completes it with generated values.
//
// Fixtures come in sets. A set's Fill declares rows:
//
//	func fill(s *generate.Fixtures) {
//		admin := s.Add("Role", "admin", generate.Row{"name": "admin"})
//		s.Add("User", "kody", generate.Row{"email": "kody@example.com", "name": "Kody"},
//			generate.Link(admin),
//			generate.Has("Password", generate.Row{"hash": generate.Bcrypt("kodylovesyou")}))
//		s.Many("User", "demo", 1000, generate.Row{"name": generate.FullName},
//			generate.Some("Note", 1, 3, generate.Row{
//				"title": func(f *generate.Fake) any { return f.Sentence(5) },
//			}))
//	}
//
// The package gen makes a program of sets that is the command line of "seedkit gen". Write
// generates a database from any program.
//
// Every row has a path (User/kody, User/demo#3/Note#1). Every generated value depends only on the
// seed, the row's path and the column. So a row keeps its id and its values when rows are added,
// removed or reordered, and the same fixtures yield the same bytes on every machine. Two kinds of
// values depend on other rows. A reference that a fixture leaves open changes only if the row that
// it prefers is added or removed. A value that a constraint refuses is generated again. If rows
// compete for the values of a unique key, what fixtures give comes first, and the hashes of the
// rows' paths decide about the rest, not the order of the declarations.
//
// generate runs the schema's scripts and reads the schema from SQLite. The rows that the scripts
// insert are the baseline. A fixture with the same values in a unique key adopts the row of the
// baseline. Scripts, triggers and column defaults see a fixed clock, and the same random() on every
// run.
package generate

import (
	"context"
	"fmt"
	"io/fs"
	"time"

	"github.com/seedkit/seedkit/internal/migration"
	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/seed"
	"github.com/seedkit/seedkit/internal/sqlite"
)

// Options describe the database to generate.
type Options struct {
	// SchemaPath is a script, a folder of migrations, or a database. generate takes the schema of a
	// database and none of its rows, but these show in which form the app stores times.
	// generate ignores the rows of an earlier extract in these files, because it generates them
	// now. If SchemaPath is empty, SchemaFS is the schema, and otherwise SchemaSQL.
	//
	// A database from a folder of migrations gets the tool's own record that they have run, so that
	// the tool goes on with the migrations after them.
	SchemaPath string
	// SchemaFS has migrations at its root, as a folder of SchemaPath has them, such as the result
	// of fs.Sub for files of package embed.
	SchemaFS fs.FS
	// SchemaSQL is the schema as a script.
	SchemaSQL string
	// Sets are the fixtures.
	Sets []Set
	// Only names the sets to generate. The sets that they need are generated too. Nil means all of
	// Sets.
	Only []string
	// Rows ask for rows that no fixture declares.
	Rows []Rows
	// Seed determines all random values. The empty string is a valid seed.
	Seed string
	// Now is the time of the fixed clock. The zero time means [DefaultNow].
	Now time.Time
	// Like is the path of a database whose rows show in which form the app stores times. Like
	// counts before the rows of SchemaPath. The empty string means no such database.
	Like string
	// Datetime is the form of all times that have a day and a time of day, in the columns that can
	// store it. The empty string means Auto.
	Datetime Datetime
	// DatetimeDefault is the form in which the fixtures' app writes times, and also what the schema
	// has a default for: one of Datetimes, or a form from a [Report]. Rows of the column count
	// before it. The empty string and Auto mean that it is not known.
	DatetimeDefault Datetime
	// KeepGoing leaves out the rows that SQLite refuses and the rows that refer to them, in place
	// of an error. Report.LeftOut names them.
	KeepGoing bool
	// SourceDir is the folder to which mistakes write the paths of Go files relatively. The empty
	// string leaves them as the compiler wrote them.
	SourceDir string
	// Force overwrites a file that seedkit did not make.
	Force bool
	// Progress, if not nil, is called after every row, on the goroutine that called Write.
	Progress func(Progress)
}

// DefaultNow is the time of the fixed clock if Options give none, 2025-01-01T00:00:00Z. It never
// changes, so the same fixtures yield the same database on every day.
var DefaultNow = seed.DefaultNow

// Report describes the generated database.
type Report struct {
	Tables      []TableReport `json:"tables"`       // the app's, in the order of the schema
	Sets        []string      `json:"sets"`         // in the order of their generation
	Sample      bool          `json:"sample"`       // whether one of the sets is a sample
	Datetime    Datetime      `json:"datetime"`     // the form of most columns of times
	DatetimeWhy string        `json:"datetime_why"` // the reason for that form, in a few words
	Times       []TimeReport  `json:"times"`        // the forms of times, the most frequent first
	Notes       []string      `json:"notes"`        // fixtures that differ from adopted rows
	// Recorded is nil if no migration tool keeps a record.
	Recorded *Recorded `json:"recorded,omitempty"`
	LeftOut  []LeftOut `json:"left_out"` // what got no rows, or not all
}

// Recorded describes a migration tool's record that the migrations have run.
type Recorded struct {
	Table string `json:"table"` // the tool's table, which Report.Tables does not have
	Rows  int64  `json:"rows"`
}

// TableReport counts the rows of a table.
type TableReport struct {
	Table    string `json:"table"`
	Rows     int64  `json:"rows"`     // all rows
	Baseline int64  `json:"baseline"` // the rows that the schema's scripts inserted
	Adopted  int64  `json:"adopted"`  // the rows of the baseline that a fixture adopts
}

// TimeReport says which columns store times in one form.
type TimeReport struct {
	Form    Datetime `json:"form"`
	Why     string   `json:"why"`     // the reason for the form in the first column
	Columns []string `json:"columns"` // such as user.created_at, in the order of the schema
}

// Write generates a database at path. It replaces a database that Write made before, unless
// somebody is using it. To replace any other file it needs Force. The complete file replaces the
// old one at the end, so an error leaves the old file unchanged. Write follows symbolic links, and
// a replaced file keeps its permissions.
//
// Mistakes in the fixtures are [*FixtureError], joined, so that all of them are reported at once.
// Other errors include [ErrUnknownSet] and [ErrNotOurs].
func Write(ctx context.Context, path string, opts Options) (Report, error) {
	r, err := opts.newRun(ctx)
	if err != nil {
		return Report{}, err
	}
	out, err := newOutput(ctx, path, opts.Force)
	if err != nil {
		return Report{}, err
	}
	defer out.close()
	return r.do(ctx, nil, func(c *sqlite.Conn) error { return out.replace(ctx, c) })
}

// run is what the options mean: the sets to generate on a schema.
type run struct {
	Options
	sets   []Set
	unmet  []*FixtureError // what the sets need and no set is
	schema schema.Source
	open   *openDatabase // the database that [Fill] fills; nil for [Write]
	ledger *ledger       // notes the rows for the open database
}

func (o Options) newRun(ctx context.Context) (r run, err error) {
	r.Options = o
	if r.sets, r.unmet, err = selectSets(o.Sets, o.Only); err != nil {
		return r, err
	}
	if err := o.checkDatetimes(); err != nil {
		return r, err
	}
	if r.schema, err = o.source(ctx); err != nil {
		return r, fmt.Errorf("read the schema: %w", err)
	}
	if o.Now.IsZero() {
		r.Now = DefaultNow
	}
	return r, nil
}

// newMistakes returns the mistakes that show without a schema.
func (r run) newMistakes() *mistakes {
	m := &mistakes{sourceDir: r.SourceDir}
	for _, unmet := range r.unmet {
		m.note(unmet)
	}
	return m
}

// do fills a database, and calls done with it. The explainer may be nil.
func (r run) do(
	ctx context.Context, e *explainer, done func(*sqlite.Conn) error,
) (Report, error) {
	s, err := openScratch(ctx, r.Now)
	if err != nil {
		return Report{}, err
	}
	defer s.c.Close()
	report, err := r.fill(ctx, s, e)
	if ctx.Err() != nil { // the rows may have ended too early
		return Report{}, ctx.Err()
	}
	if err != nil {
		return Report{}, err
	}
	return report, done(s.c)
}

func (o Options) source(ctx context.Context) (schema.Source, error) {
	var source schema.Source
	var err error
	switch {
	case o.SchemaPath != "":
		source, err = schema.ReadAppSource(ctx, o.SchemaPath)
	case o.SchemaFS != nil:
		source, err = schema.ReadSourceFS(o.SchemaFS)
	default:
		return schema.Source{
			Format: migration.SQL, Scripts: []schema.Script{{Name: "schema", SQL: o.SchemaSQL}},
		}, nil
	}
	if err != nil {
		return schema.Source{}, err
	}
	return source.WithoutBlocks("")
}
