package generate

import (
	"fmt"
	"slices"
	"strings"

	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/sqlite"
)

// adoptRows lets fixtures stand for rows that the schema's scripts inserted,
// where the fixture gives all values of a unique key that is taken. It runs
// before anything is inserted, so whatever is there is the baseline.
func (e *engine) adoptRows(t *schema.Table) error {
	if n, err := e.c.Int64("SELECT count(*) FROM " + quote(t.Name)); n == 0 || err != nil {
		return err
	}
	for _, r := range e.byTable[t.Name] {
		for _, u := range t.Uniques {
			there, err := e.baselineRow(r, u)
			if err != nil {
				return err
			}
			if there != nil {
				e.adopt(r, there)
				break
			}
		}
	}
	return nil
}

// baselineRow returns the stored columns of the row that has the fixture's
// values in a unique key; nil if there is none, or the fixture leaves the key
// to chance.
func (e *engine) baselineRow(r *row, u schema.Unique) ([]sqlite.Value, error) {
	var where []string
	var args []any
	for i, column := range u.Columns {
		v, ok := e.given(r, column)
		if !ok || v.IsNull() {
			return nil, nil
		}
		where = append(where, fmt.Sprintf("%s = ? COLLATE %s", quote(column), quote(u.Collations[i])))
		args = append(args, v)
	}
	var names []string
	for _, c := range r.table.Stored() {
		names = append(names, quote(c))
	}
	sql := fmt.Sprintf("SELECT %s FROM %s WHERE %s", strings.Join(names, ", "), quote(r.table.Name), strings.Join(where, " AND "))
	for row, err := range e.c.Query(sql, args...) {
		if err != nil {
			return nil, fmt.Errorf("look for %s in the baseline: %w", r.path, err)
		}
		return row.Values(), nil
	}
	return nil, nil
}

// given returns a cell's value if chance has no part in it. A reference
// counts, if the row that it points to is adopted or gives its own key.
func (e *engine) given(r *row, column string) (sqlite.Value, bool) {
	if v, ok := r.cells[column]; ok && !r.drawn[column] {
		return v, true
	}
	if ref, ok := r.fixed[column]; ok {
		return e.given(ref.row, ref.column)
	}
	value, ok := r.declared[column]
	if !ok {
		return sqlite.Value{}, false
	}
	switch value := value.(type) {
	case func(*Fake) any:
		return sqlite.Value{}, false
	case Ref:
		to := e.find(value)
		return e.given(to, e.referred(r, column, to))
	}
	return e.encode(r, column, value), true
}

// adopt takes the row's values from the baseline, and notes where the fixture
// wanted others.
func (e *engine) adopt(r *row, there []sqlite.Value) {
	var differ []string
	for i, column := range r.table.Stored() {
		v, ok := e.given(r, column)
		if ok && v != there[i] {
			differ = append(differ, column)
		}
	}
	slices.Sort(differ)
	if len(differ) > 0 {
		e.report.Notes = append(e.report.Notes, fmt.Sprintf("%s is in the migrations already, with another %s: that row stands",
			r.path, strings.Join(differ, ", ")))
	}
	r.adopted = true
	for i, column := range r.table.Stored() {
		r.cells[column] = there[i]
	}
}
