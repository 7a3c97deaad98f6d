package extract

import (
	"errors"
	"iter"
	"os"

	"github.com/seedkit/seedkit/internal/migration"
	"github.com/seedkit/seedkit/internal/rowdiff"
	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/sqltext"
)

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

func (r *run) openBaseline(path, into string) error {
	source, err := r.readBaseline(path)
	if err != nil {
		return err
	}
	return r.adoptBaseline(source, path, into)
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

// baselineAlone makes the baseline of the plain script at path, which is in no folder of
// migrations: the script without its block, after the seed's schema without what the script
// creates. A script with nothing but the block has no baseline.
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

// inBaseline returns the baseline's table, or nil if the baseline does not have it.
func (r *run) inBaseline(t *schema.Table) *schema.Table {
	if r.baseline == nil {
		return nil
	}
	return r.there.Table(t.Name)
}

// countBefore counts the rows that the baseline has in a table.
func (r *run) countBefore(t *schema.Table) (int64, error) {
	there := r.inBaseline(t)
	if there == nil {
		return 0, nil
	}
	return r.baseline.Int64("SELECT count(*) FROM " + sqltext.QuoteIdent(there.Name))
}

// compared yields the seed's rows of a table, compared with the baseline's.
func (r *run) compared(t, there *schema.Table) iter.Seq2[rowdiff.Row, error] {
	return rowdiff.CompareGiven(r.seedRows(t), t.Stored(), nil, r.baseline, there)
}

// rows yields the table's rows without those that the baseline inserts and those that give way to a
// row of the baseline. It counts the rows that it leaves out in baseline.
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
