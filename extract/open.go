package extract

import (
	"context"
	"errors"
	"os"

	"github.com/seedkit/seedkit/internal/migration"
	"github.com/seedkit/seedkit/internal/pattern"
	"github.com/seedkit/seedkit/internal/scan"
	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/seed"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/timeform"
)

// run is one extraction.
type run struct {
	ctx      context.Context
	path     string // The path of the seed.
	opts     Options
	seed     *seed.Seed
	scanner  *scan.Scanner   // Reads the seed.
	tables   []*schema.Table // The tables to extract, parents first.
	cyclic   bool
	source   *schema.Source // The baseline's source; nil if there is no baseline.
	baseline *sqlite.Conn   // A database to which source was applied; nil if there is none.
	there    *schema.Schema
	keys     naturalKeys
	given    *given // Nil if no parent is left out.
	times    times
	owned    []*sqlite.Conn   // Connections that close must close.
	without  []string         // What the proof did without.
	format   migration.Format // The format of the migration to write; "" for none.
	repeated []LeftOut        // See [Report.Repeated].
	raised   bool             // The result raises the counter of a table.
	tally    tally
}

// open opens the seed and the baseline. If into is not empty, the baseline does not include the
// block in the migration at into, because that block will be replaced.
//
// Without a Baseline, the rest of the migration at into is the baseline; see [run.baselineAlone].
func open(ctx context.Context, source, into string, opts Options) (r *run, err error) {
	r = &run{ctx: ctx, path: source, opts: opts, keys: naturalKeys{}}
	if r.times.choice, err = timeform.ParseChoice(opts.Datetime); err != nil {
		return nil, err
	}
	if opts.Baseline != "" {
		if err := r.openBaseline(opts.Baseline, into); err != nil {
			r.close()
			return nil, &BaselineError{Err: err, NotRun: isStatementError(err)}
		}
	}
	r.seed, err = seed.Open(ctx, seed.Source{
		Path: source, Script: opts.Script, Schema: r.schemaOf(opts.Schema), StandIn: true,
		NoteUnsaid: !r.times.choice.Keep, NotUTF8: opts.NotUTF8,
	})
	if err == nil && into != "" && r.source == nil {
		if err = r.baselineAlone(into); err != nil {
			err = &BaselineError{Err: err, NotRun: isStatementError(err)}
		}
	}
	if err == nil {
		r.scanner = scan.New(r.seed.Conn, scan.DecodeLarge)
		err = r.chooseTables()
	}
	if err == nil {
		err = r.chooseTimes()
	}
	if err == nil && opts.Keys == Natural {
		err = r.findNaturalKeys()
	}
	if err == nil {
		err = r.findGiven()
	}
	if err != nil {
		r.close()
		return nil, err
	}
	return r, nil
}

// BaselineError reports that the baseline cannot be read.
type BaselineError struct {
	Err    error
	NotRun bool // SQLite refuses to run a statement.
}

func (e *BaselineError) Error() string { return "read the baseline: " + e.Err.Error() }

// Unwrap returns what is wrong with the baseline.
func (e *BaselineError) Unwrap() error { return e.Err }

func isStatementError(err error) bool {
	_, ok := errors.AsType[*schema.StatementError](err)
	return ok
}

func (r *run) chooseTables() error {
	selection, err := pattern.Select(r.opts.Tables, r.opts.Exclude)
	if err != nil {
		return err
	}
	var chosen []*schema.Table
	for _, t := range r.seed.Schema.Tables {
		if !migration.IsBookkeeping(t.Name, t.ColumnNames()) && selection.Has(t.Name) {
			chosen = append(chosen, t)
		}
	}
	r.tables, r.cyclic = schema.ParentsFirst(chosen)
	names, err := r.seed.Names()
	if err != nil {
		return err
	}
	return selection.Check("table of the seed", names)
}

// schemaOf returns a function that returns the tables for a script that makes none, or nil if there
// is no schema.
func (r *run) schemaOf(path string) func() (string, error) {
	switch {
	case path != "":
		return func() (string, error) { return r.readSchema(path) }
	case r.baseline != nil:
		return func() (string, error) { return schema.Statements(r.baseline) }
	case r.opts.FindSchema != nil:
		return r.foundSchema
	}
	return nil
}

func (r *run) foundSchema() (string, error) {
	path, err := r.opts.FindSchema()
	if err != nil {
		return "", err
	}
	if path == "" {
		return "", seed.ErrNoTables
	}
	return r.readSchema(path)
}

func (r *run) readSchema(path string) (string, error) {
	source, err := schema.ReadSource(r.ctx, path)
	if err != nil {
		return "", err
	}
	scratch, err := r.scratch(source)
	if err != nil {
		return "", err
	}
	r.owned = append(r.owned, scratch)
	if err := r.learnSchema(source.Format, path, scratch); err != nil {
		return "", err
	}
	return schema.Statements(scratch)
}

func (r *run) openBaseline(path, into string) error {
	source, err := r.readBaseline(path)
	if err != nil {
		return err
	}
	return r.adoptBaseline(source, path, into)
}

// adoptBaseline takes a source from path as the baseline. The block in the migration at into is no
// part of it.
func (r *run) adoptBaseline(source schema.Source, path, into string) (err error) {
	r.source = &source
	if into != "" {
		if source, err = source.WithoutBlocks(into); err != nil {
			return err
		}
	}
	if r.baseline, err = r.scratch(source); err != nil {
		return err
	}
	if r.there, err = schema.Read(r.baseline); err != nil {
		return err
	}
	r.times.there = append(r.times.there, &database{r.baseline, r.there, path})
	return r.learnPrisma(source.Format, path, r.baseline)
}

// readBaseline reads the baseline at path. It reads a folder in the format that the options name,
// if they name one.
func (r *run) readBaseline(path string) (schema.Source, error) {
	if info, err := os.Stat(path); err != nil || !info.IsDir() || r.opts.Format == "" {
		return schema.ReadSource(r.ctx, path)
	}
	folder, err := openFolder(path, r.opts.Format)
	if err != nil {
		return schema.Source{}, err
	}
	return schema.FromFolder(folder)
}

// comment returns the comment that marks the rows of a seed with sample rows, or "".
func (r *run) comment() string {
	if r.seed.Sample {
		return seed.SampleComment
	}
	return ""
}

// scratch returns a scratch database to which the source has been applied.
func (r *run) scratch(source schema.Source) (*sqlite.Conn, error) {
	c, err := seed.OpenScratch(r.ctx)
	if err != nil {
		return nil, err
	}
	if err := source.Apply(c); err != nil {
		c.Close()
		return nil, err
	}
	return c, nil
}

func (r *run) close() {
	r.keys.close()
	r.given.close()
	if r.seed != nil {
		r.seed.Close()
	}
	if r.baseline != nil {
		r.baseline.Close()
	}
	for _, c := range r.owned {
		c.Close()
	}
}
