package extract

import (
	"context"
	"fmt"
	"os"

	"github.com/seedkit/seedkit/internal/migration"
	"github.com/seedkit/seedkit/internal/pattern"
	"github.com/seedkit/seedkit/internal/scan"
	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/seed"
	"github.com/seedkit/seedkit/internal/sqlite"
)

// run is one extraction.
type run struct {
	ctx      context.Context
	opts     Options
	seed     *seed.Seed
	scanner  *scan.Scanner   // of the seed
	tables   []*schema.Table // that are extracted, parents first
	cyclic   bool
	source   *schema.Source // of the baseline, nil if there is none
	baseline *sqlite.Conn   // to which the source was applied, nil if there is none
	there    *schema.Schema
	keys     naturalKeys
	given    *given           // nil if no parent is left out
	format   migration.Format // of the migration that is written, "" for none
	tally    tally
}

// open opens the seed and the baseline. The block in the migration at into,
// if that is not empty, is no part of the baseline: it is to be replaced.
func open(ctx context.Context, source, into string, opts Options) (r *run, err error) {
	r = &run{ctx: ctx, opts: opts, keys: naturalKeys{}}
	if opts.Baseline != "" {
		if err := r.openBaseline(opts.Baseline, into); err != nil {
			r.close()
			return nil, fmt.Errorf("read the baseline: %w", err)
		}
	}
	r.seed, err = seed.Open(ctx, seed.Source{Path: source, Script: opts.Script, Schema: r.schemaOf(opts.Schema)})
	if err == nil {
		r.scanner = scan.New(r.seed.Conn, scan.DecodeLarge)
		err = r.chooseTables()
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

// schemaOf returns what makes the tables of a script that has none.
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
	defer scratch.Close()
	return schema.Statements(scratch)
}

func (r *run) openBaseline(path, into string) error {
	source, err := r.readBaseline(path)
	if err != nil {
		return err
	}
	r.source = &source
	if into != "" {
		if source, err = source.WithoutBlocks(into); err != nil {
			return err
		}
	}
	if r.baseline, err = r.scratch(source); err != nil {
		return err
	}
	r.there, err = schema.Read(r.baseline)
	return err
}

// readBaseline reads a folder in the format that the options name, if they do.
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

// comment marks what is written from a seed with sample rows.
func (r *run) comment() string {
	if r.seed.Sample {
		return seed.SampleComment
	}
	return ""
}

// scratch returns a scratch database to which a source has been applied.
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
}
