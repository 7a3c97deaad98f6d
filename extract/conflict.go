package extract

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/seedkit/seedkit/internal/portable"
	"github.com/seedkit/seedkit/internal/rowdiff"
	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/sqltext"
)

// Policy says what an INSERT does if another row with other values has its key.
type Policy string

const (
	// Abort lets the INSERT fail.
	Abort Policy = "abort"
	// Skip keeps the existing row (ON CONFLICT DO NOTHING). It skips no row without a key; see
	// [Report.Repeated].
	Skip Policy = "skip"
	// Update gives the existing row the seed's values (ON CONFLICT DO UPDATE). The key is the
	// primary key, else a unique key that cannot hold NULL. If the row conflicts with another
	// unique key, the INSERT fails.
	Update Policy = "update"
)

// Policies lists the policies, with the default first.
var Policies = []Policy{Abort, Skip, Update}

// conflictClause returns the upsert clause (https://sqlite.org/lang_upsert.html) for a policy.
func conflictClause(t *schema.Table, policy Policy) (string, error) {
	switch policy {
	case Skip:
		return " ON CONFLICT DO NOTHING", nil
	case Update:
	default:
		return "", nil
	}
	key := t.Key()
	if key == nil {
		return "", &KeyError{Table: t.Name}
	}
	var set []string
	for _, column := range t.Stored() {
		if !slices.Contains(key, column) {
			name := sqltext.QuoteIdent(column)
			set = append(set, name+" = excluded."+name)
		}
	}
	if len(set) == 0 {
		return fmt.Sprintf(" ON CONFLICT (%s) DO NOTHING", sqltext.QuoteIdents(key)), nil
	}
	return fmt.Sprintf(" ON CONFLICT (%s) DO UPDATE SET %s",
		sqltext.QuoteIdents(key), strings.Join(set, ", ")), nil
}

// KeyError reports that [Update] cannot update a table's rows, because the table has no key.
type KeyError struct{ Table string }

func (e *KeyError) Error() string {
	return fmt.Sprintf("table %s has neither a primary key nor a unique key without NULLs, "+
		"so its rows cannot be updated", e.Table)
}

// ConflictError reports that the baseline and the seed have rows with the same key, but with other
// values.
type ConflictError struct {
	Table   string
	Columns []string // The key's columns.
	Key     string   // The key's values in the baseline, as SQL.
	Differ  []string // The columns with other values.
}

func (e *ConflictError) Error() string {
	return fmt.Sprintf(
		"table %s: the migrations insert a row with the same %s (%s), but another %s",
		e.Table, strings.Join(e.Columns, ", "), e.Key, strings.Join(e.Differ, ", "))
}

// checkConflicts reports rows of the seed that conflict with rows of the baseline, before anything
// is written.
func (r *run) checkConflicts() error {
	var conflicts []error
	for _, t := range r.tables {
		there := r.inBaseline(t)
		if there == nil {
			continue
		}
		for row, err := range r.compared(t, there) {
			if err != nil {
				return err
			}
			if row.Class != rowdiff.Conflict || r.settles(t, row) {
				continue
			}
			if len(conflicts) < mostConflicts {
				conflicts = append(conflicts, conflict(t, row.Clash))
			}
		}
	}
	return errors.Join(conflicts...)
}

// mostConflicts is the greatest number of conflicts in one error.
const mostConflicts = 20

// settles reports whether the policy settles a conflict with the baseline.
func (r *run) settles(t *schema.Table, row rowdiff.Row) bool {
	switch r.opts.OnConflict {
	case Skip:
		return true
	case Update:
		return slices.Equal(row.Clash.Columns, t.Key())
	}
	return false
}

func conflict(t *schema.Table, clash *rowdiff.Clash) error {
	key := portable.AppendList(nil, clash.Values)
	e := &ConflictError{Table: t.Name, Columns: clash.Columns, Key: string(key)}
	for _, d := range clash.Differ {
		e.Differ = append(e.Differ, d.Column)
	}
	return e
}

// givesWay reports whether the policy leaves out a row because the baseline has another row with
// the same key.
func (r *run) givesWay(row rowdiff.Row) bool {
	return row.Class == rowdiff.Conflict && r.opts.OnConflict == Skip
}

// keys holds the unique keys of a table by which [Skip] finds an existing row. Each key is the list
// of its columns' positions in a row.
type keys [][]int

// find reports whether one of the keys can find a row. A key with a NULL in it finds no row.
func (k keys) find(row []sqlite.Value) bool {
	return slices.ContainsFunc(k, func(at []int) bool {
		return !slices.ContainsFunc(sqlite.Pick(row, at), sqlite.Value.IsNull)
	})
}

// skipKeys returns the keys by which the result skips rows of the table. all means that the result
// inserts no row a second time, or that only SQLite can tell: the table has a unique index that is
// partial or over an expression.
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

// repeated describes rows that the result inserts in each run, because no key finds them.
func repeated(t *schema.Table, rows int64) LeftOut {
	why := "the table has no key"
	if len(t.Uniques) > 0 {
		why = "they have NULL in each key"
	}
	return LeftOut{Table: t.Name, Rows: rows, Why: why}
}
