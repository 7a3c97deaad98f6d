package extract

import (
	"context"
	"os"

	"github.com/seedkit/seedkit/internal/migration"
	"github.com/seedkit/seedkit/internal/pattern"
	"github.com/seedkit/seedkit/internal/scan"
	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/seed"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/tempfile"
	"github.com/seedkit/seedkit/internal/timeform"
)

// run is one extraction.
type run struct {
	ctx     context.Context
	path    string // The path of the seed.
	opts    Options
	seed    *seed.Seed
	scanner *scan.Scanner   // Reads the seed.
	tables  []*schema.Table // The tables to extract, parents first.
	cyclic  bool            // The tables refer to each other in a cycle.

	source   *schema.Source // The baseline's source; nil if there is no baseline.
	baseline *sqlite.Conn   // A database to which source was applied; nil if there is none.
	there    *schema.Schema // The schema of baseline.
	owned    []*sqlite.Conn // Further connections that close must close.

	keys   naturalKeys
	given  *given // Nil if no parent is left out.
	times  times
	format migration.Format // The format of the migration to write; "" for none.

	tally    tally
	repeated []LeftOut // See [Report.Repeated].
	raised   bool      // The result raises the counter of a table.
	without  []string  // See [Report.Without].
}

// open opens the seed and the baseline. If into is not empty, the baseline does not include the
// block in the migration at into, because that block will be replaced.
//
// Without a Baseline, the rest of the migration at into is the baseline; see [run.baselineAlone].
func open(ctx context.Context, source, into string, opts Options) (*run, error) {
	r := &run{ctx: ctx, path: source, opts: opts, keys: naturalKeys{}}
	if err := r.open(into); err != nil {
		r.close()
		return nil, err
	}
	return r, nil
}

func (r *run) open(into string) (err error) {
	if r.times.choice, err = timeform.ParseChoice(r.opts.Datetime); err != nil {
		return err
	}
	if r.opts.Baseline != "" {
		if err := r.openBaseline(r.opts.Baseline, into); err != nil {
			return baselineError(err)
		}
	}
	r.seed, err = seed.Open(r.ctx, seed.Source{
		Path: r.path, Script: r.opts.Script, Schema: r.scriptSchema(), StandIn: true,
		NoteUnsaid: !r.times.choice.Keep, NotUTF8: r.opts.NotUTF8,
	})
	if err != nil {
		return err
	}
	if into != "" && r.source == nil {
		if err := r.baselineAlone(into); err != nil {
			return baselineError(err)
		}
	}
	r.scanner = scan.New(r.seed.Conn, scan.DecodeLarge)
	if err := r.chooseTables(); err != nil {
		return err
	}
	if err := r.chooseTimes(); err != nil {
		return err
	}
	if r.opts.Keys == Natural {
		if err := r.findNaturalKeys(); err != nil {
			return err
		}
	}
	return r.findGiven()
}

// chooseTables chooses the tables that match the patterns and that belong to no migration tool.
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

// scriptSchema returns a function that returns the tables for a script that makes none. It returns
// nil if there is no schema.
func (r *run) scriptSchema() func() (string, error) {
	switch {
	case r.opts.Schema != "":
		return func() (string, error) { return r.readSchema(r.opts.Schema) }
	case r.baseline != nil:
		return func() (string, error) { return schema.Statements(r.baseline) }
	case r.opts.FindSchema != nil:
		return func() (string, error) {
			path, err := r.opts.FindSchema()
			if path == "" && err == nil {
				err = seed.ErrNoTables
			}
			if err != nil {
				return "", err
			}
			return r.readSchema(path)
		}
	}
	return nil
}

// readSchema returns the statements of the schema at path. It also learns there how the app stores
// times.
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

// openScript opens a source that is a script, and makes the script report progress if Progress is
// set. If twice is true, the script can be read twice. openScript leaves a database alone. It also
// leaves a source alone that it cannot examine, so that a later attempt to open the source gives
// the error. The returned function frees the script.
func (o Options) openScript(
	ctx context.Context, source string, twice bool,
) (Options, func(), error) {
	closeAll := func() {}
	var size int64
	if o.Script == nil {
		if script, err := (seed.Source{Path: source}).IsScript(); !script || err != nil {
			return o, closeAll, nil
		}
		f, err := schema.OpenScript(ctx, source)
		if err != nil {
			return o, closeAll, err
		}
		closeAll = func() { f.Close() }
		if info, err := os.Stat(source); err == nil && info.Mode().IsRegular() {
			size = info.Size()
		}
		o.Script = f
	}
	if twice && !tempfile.CanSeek(o.Script) {
		kept, err := tempfile.Keep(o.Script)
		if err != nil {
			closeAll()
			return o, func() {}, err
		}
		closeScript := closeAll
		closeAll = func() { kept.Close(); closeScript() }
		o.Script = kept
	}
	if o.Progress != nil {
		o.Script = &counted{r: o.Script, tell: o.Progress, stage: Reading, total: size}
	}
	return o, closeAll, nil
}
