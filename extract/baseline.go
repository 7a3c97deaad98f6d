package extract

import (
	"errors"
	"iter"
	"os"

	"github.com/seedkit/seedkit/internal/migration"
	"github.com/seedkit/seedkit/internal/rowdiff"
	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/sqlite"
)

// BaselineError reports that the baseline cannot be read.
type BaselineError struct {
	Err    error
	NotRun bool // SQLite refuses to run one of the baseline's statements.
}

func (e *BaselineError) Error() string { return "read the baseline: " + e.Err.Error() }

// Unwrap returns what is wrong with the baseline.
func (e *BaselineError) Unwrap() error { return e.Err }

func baselineError(err error) error {
	_, notRun := errors.AsType[*schema.StatementError](err)
	return &BaselineError{Err: err, NotRun: notRun}
}

// openBaseline makes the baseline from path, without the block in the migration at into.
func (r *run) openBaseline(path, into string) error {
	source, err := r.readBaseline(path)
	if err != nil {
		return err
	}
	return r.adoptBaseline(source, path, into)
}

// readBaseline reads the baseline at path. If the options name a format, readBaseline reads a
// folder in that format.
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

// baselineAlone makes the baseline of the plain script at path, which is in no folder of
// migrations. The baseline consists of the seed's schema, except for what the script creates, and
// then of the script without its block. If the script has no statement outside of the block, there
// is no baseline.
func (r *run) baselineAlone(path string) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	own, err := migration.WithoutBlock(text)
	if err != nil {
		return err
	}
	created, some := schema.Created(string(own))
	if !some {
		return nil
	}
	before, err := schema.StatementsBut(r.seed.Conn, created)
	if err != nil {
		return err
	}
	foreign, err := schema.ReadForeign(r.seed.Conn)
	if err != nil {
		return err
	}
	scripts := []schema.Script{
		{Name: "the seed's schema", SQL: before}, {Name: path, SQL: string(text)},
	}
	source := schema.Source{Format: migration.SQL, Scripts: scripts, Lacking: foreign.Lacking()}
	return r.adoptBaseline(source, path, path)
}

// adoptBaseline makes the baseline from a source, which was read from path, without the block in
// the migration at into. An empty into means no such block.
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

// inBaseline returns the baseline's table of the same name, or nil if the baseline has none.
func (r *run) inBaseline(t *schema.Table) *schema.Table {
	if r.baseline == nil {
		return nil
	}
	return r.there.Table(t.Name)
}

// countBefore counts the baseline's rows in a table.
func (r *run) countBefore(t *schema.Table) (int64, error) {
	there := r.inBaseline(t)
	if there == nil {
		return 0, nil
	}
	return countRows(r.baseline, there)
}

// compared yields the seed's rows of a table, compared with the rows of the baseline's table there.
func (r *run) compared(t, there *schema.Table) iter.Seq2[rowdiff.Row, error] {
	return rowdiff.CompareGiven(r.seedRows(t), t.Stored(), nil, r.baseline, there)
}

// rows yields the seed's rows of a table, except those that the baseline inserts and those that
// give way to a row of the baseline. It adds the number of rows that it leaves out to baseline.
func (r *run) rows(t *schema.Table, baseline *int64) iter.Seq2[[]sqlite.Value, error] {
	there := r.inBaseline(t)
	if there == nil {
		return r.converted(t)
	}
	return func(yield func([]sqlite.Value, error) bool) {
		for row, err := range r.compared(t, there) {
			if err == nil && (row.Class == rowdiff.Identical || r.givesWay(row)) {
				*baseline++
				continue
			}
			if !yield(row.Values, err) {
				return
			}
		}
	}
}
