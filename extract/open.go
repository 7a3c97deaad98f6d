package extract

import (
	"context"
	"errors"
	"io"
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

// openScript opens a source that is a script, and makes it report progress if Progress is set. If
// twice is true, the script can be read twice. openScript leaves a database alone, and a source
// that it cannot examine: opening such a source later gives the error. The returned function frees
// the script.
func (o Options) openScript(ctx context.Context, source string, twice bool) (Options, func(), error) {
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
	if twice && !canSeek(o.Script) {
		file, err := tempfile.New()
		if err != nil {
			closeAll()
			return o, func() {}, err
		}
		closeScript := closeAll
		closeAll = func() { file.Close(); closeScript() }
		o.Script = &keptScript{from: o.Script, file: file}
	}
	if o.Progress != nil {
		o.Script = &counted{r: o.Script, tell: o.Progress, stage: Reading, total: size}
	}
	return o, closeAll, nil
}

func canSeek(r io.Reader) bool {
	seeker, ok := r.(io.Seeker)
	if ok {
		_, err := seeker.Seek(0, io.SeekCurrent)
		ok = err == nil
	}
	return ok
}

// keptScript is a script that can be read only once, such as standard input. It keeps the text in a
// temporary file, to read it again.
type keptScript struct {
	from io.Reader
	file tempfile.File
	at   int64 // The offset of the next read.
	kept int64 // The number of bytes in file.
	err  error // The error that ended from.
}

func (k *keptScript) Read(p []byte) (n int, err error) {
	if k.at < k.kept {
		n, err = k.file.ReadAt(p[:min(int64(len(p)), k.kept-k.at)], k.at)
		k.at += int64(n)
		return n, err
	}
	if k.err != nil {
		return 0, k.err
	}
	n, k.err = k.from.Read(p)
	if _, err := k.file.Write(p[:n]); err != nil {
		k.err = err
		return 0, err
	}
	k.kept += int64(n)
	k.at = k.kept
	return n, k.err
}

// Seek moves to a position up to which the script was read.
func (k *keptScript) Seek(offset int64, whence int) (int64, error) {
	if whence == io.SeekCurrent {
		offset += k.at
	}
	if whence == io.SeekEnd || offset < 0 || offset > k.kept {
		return k.at, errors.ErrUnsupported
	}
	k.at = offset
	return offset, nil
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
