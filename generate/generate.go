// Package generate fills databases from fixtures: rows that are written as Go
// values, named by a path, and completed with generated values.
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
// Every row has a path (User/kody, User/demo#3/Note#1), and every generated
// cell is drawn from a stream of its own, which the seed, the path and the
// column decide. So a row keeps its id and its values when rows are added,
// removed or put in another order, and the same fixtures give the same bytes
// on every machine. Two things need to look at other rows: a reference that is
// left open, which moves only if the row that it would prefer comes or goes;
// and a value that a constraint refuses, which is drawn anew.
//
// The schema is read from SQLite after its scripts have run. The rows that
// they insert are the baseline: a fixture with the same values in a unique key
// stands for the row that is there. To scripts, triggers and column defaults
// the time is the pinned clock's, and random() is the same on every run.
package generate

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/seedkit/seedkit/internal/migration"
	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/seed"
)

// Options say what to generate.
type Options struct {
	// SchemaPath is a script, a database (its schema alone) or a folder of
	// migrations. Rows that were extracted into those before are no part of
	// it: they are what is generated now. If it is empty, SchemaSQL is the
	// schema.
	SchemaPath string
	// SchemaSQL is the schema as a script.
	SchemaSQL string
	// Sets are the fixtures.
	Sets []Set
	// Only names the sets to generate; those that they need come along. Nil
	// means all of Sets.
	Only []string
	// Seed decides all that is left to chance. The empty text is a seed like
	// any other.
	Seed string
	// Now is the time that the fixtures believe it is. The zero time means
	// [DefaultNow].
	Now time.Time
	// Datetime is how points in time are stored. The empty text means Auto.
	Datetime Datetime
	// DatetimeDefault is what Auto means where no row and no migration tool
	// tells. The empty text and Auto mean ISO.
	DatetimeDefault Datetime
	// Force overwrites a file that is no database of ours.
	Force bool
	// Progress, if not nil, is called after each row, from the goroutine that
	// called Write.
	Progress func(Progress)
}

// DefaultNow is the clock where none is given, 2025-01-01T00:00:00Z: it never
// moves, so that yesterday's seed is today's.
var DefaultNow = seed.DefaultNow

// Report says what was generated.
type Report struct {
	Tables      []TableReport `json:"tables"`       // in the schema's order
	Sets        []string      `json:"sets"`         // in the order in which they were filled
	Sample      bool          `json:"sample"`       // whether one of them is a sample
	Datetime    Datetime      `json:"datetime"`     // how points in time are stored, and
	DatetimeWhy string        `json:"datetime_why"` // what told, in a few words
	Notes       []string      `json:"notes"`        // fixtures that differ from the rows they adopted
}

// TableReport counts a table's rows.
type TableReport struct {
	Table    string `json:"table"`
	Rows     int64  `json:"rows"`     // all of them
	Baseline int64  `json:"baseline"` // those that the schema's scripts inserted
	Adopted  int64  `json:"adopted"`  // those of the baseline that a fixture stands for
}

// Write generates a database at path. It replaces a database that Write made
// before, unless somebody is using it; for any other file it wants Force. The
// file is put in place when it is whole, so whatever fails leaves what was
// there. Symbolic links are followed, and a file that is replaced keeps its
// permissions.
//
// Mistakes in the fixtures are [*FixtureError], joined, so that all of them
// are seen at once. [ErrUnknownSet] and [ErrNotOurs] report what their names
// say.
func Write(ctx context.Context, path string, opts Options) (Report, error) {
	sets, err := selectSets(opts.Sets, opts.Only)
	if err != nil {
		return Report{}, err
	}
	for _, d := range []Datetime{opts.Datetime, opts.DatetimeDefault} {
		if d != "" && !slices.Contains(Datetimes, d) {
			return Report{}, fmt.Errorf("unknown datetime format %q, want one of %s", d, datetimeNames())
		}
	}
	source, err := opts.source(ctx)
	if err != nil {
		return Report{}, fmt.Errorf("read the schema: %w", err)
	}
	out, err := newOutput(ctx, path, opts.Force)
	if err != nil {
		return Report{}, err
	}
	defer out.close()
	e, err := newEngine(ctx, opts)
	if err != nil {
		return Report{}, err
	}
	defer e.close()
	if err := e.run(ctx, source, sets, opts); err != nil {
		return Report{}, err
	}
	return e.report, out.replace(ctx, e.c)
}

func (o Options) source(ctx context.Context) (schema.Source, error) {
	if o.SchemaPath == "" {
		return schema.Source{Format: migration.SQL, Scripts: []schema.Script{{Name: "schema", SQL: o.SchemaSQL}}}, nil
	}
	source, err := schema.ReadAppSource(ctx, o.SchemaPath)
	if err != nil {
		return schema.Source{}, err
	}
	return source.WithoutBlocks("")
}
