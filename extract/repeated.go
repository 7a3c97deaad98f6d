package extract

import (
	"fmt"
	"slices"

	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/sqlite"
)

// keys are the unique keys of a table, by which [Skip] finds that a row is there.
type keys [][]int // where the columns are in a row

// find reports whether a row can be found by one of the keys: SQLite takes no NULL for equal.
func (k keys) find(row []sqlite.Value) bool {
	return slices.ContainsFunc(k, func(at []int) bool {
		return !slices.ContainsFunc(sqlite.Pick(row, at), sqlite.Value.IsNull)
	})
}

// skipKeys returns the keys of the table by which the result skips rows. all means that it skips
// each row that is there, or that only SQLite can tell: by a unique index that is partial or over
// an expression.
func (r *run) skipKeys(t *schema.Table) (by keys, all bool, err error) {
	if r.opts.OnConflict != Skip {
		return nil, true, nil
	}
	c, there := r.seed.Conn, t
	if in := r.inBaseline(t); in != nil {
		c, there = r.baseline, in
	}
	for _, u := range there.Uniques {
		at, stored := schema.Positions(t.Stored(), u.Columns)
		nullable := func(name string) bool {
			column, _ := there.Column(name)
			return !column.NotNull && name != there.RowidAlias
		}
		if !stored || !slices.ContainsFunc(u.Columns, nullable) {
			return nil, true, nil
		}
		by = append(by, at)
	}
	const others = `SELECT EXISTS (SELECT 1 FROM pragma_index_list(?) list WHERE "unique" AND
		(partial OR EXISTS (SELECT 1 FROM pragma_index_info(list.name) WHERE cid < 0)))`
	some, err := c.Int64(others, there.Name)
	if err != nil {
		return nil, false, fmt.Errorf("list the indexes of table %s: %w", there.Name, err)
	}
	return by, some != 0, nil
}

// repeated is the report on rows that the result inserts in each run, although it is to skip those
// that are there.
func repeated(t *schema.Table, rows int64) LeftOut {
	why := "the table has no key"
	if len(t.Uniques) > 0 {
		why = "they have NULL in each key"
	}
	return LeftOut{Table: t.Name, Rows: rows, Why: why}
}
