package generate

import (
	"fmt"
	"strings"

	"github.com/seedkit/seedkit/internal/chance"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/sqltext"
)

// adoptRows lets fixtures adopt rows that the schema's scripts inserted. A fixture adopts a row if
// it gives all values of a unique key and the row has the same values. adoptRows runs before the
// first insert, so every row of the table belongs to the baseline.
func (e *engine) adoptRows(t *table) error {
	if t.baseline == 0 {
		return nil
	}
	for _, u := range t.Uniques {
		if columns := t.indexes(u.Columns); columns != nil {
			if err := e.adoptBy(t, columns, u.Equal()); err != nil {
				return fmt.Errorf("look for the fixtures of %s in the baseline: %w", t.Name, err)
			}
		}
	}
	if t.chosen {
		return e.readOthers(t)
	}
	return nil
}

// adoptBy adopts the rows that have the same values in a unique key's columns.
func (e *engine) adoptBy(t *table, columns []int, where string) error {
	find, err := e.c.PrepareOne(fmt.Sprintf("SELECT %s FROM %s WHERE %s",
		sqltext.QuoteIdents(t.Stored()), quote(t.Name), where))
	if err != nil {
		return err
	}
	defer find.Close()
	for _, r := range t.rows {
		key, ok := e.knownAll(r, columns)
		if r.adopted || r.refused || !ok {
			continue
		}
		for there, err := range find.Rows(key...) {
			if err != nil {
				return err
			}
			if err := e.adopt(r, there.Values(), where, key); err != nil {
				return err
			}
		}
	}
	return nil
}

// knownAll returns the values of a unique key, if none of them is random or NULL.
func (e *engine) knownAll(r *row, columns []int) (values []any, ok bool) {
	for _, i := range columns {
		v, ok := e.known(r, i)
		if !ok || v.IsNull() {
			return nil, false
		}
		values = append(values, v)
	}
	return values, true
}

// known returns a cell's value if it is known without generating it. A reference is known if the
// row that it points to is adopted or gives its own key.
func (e *engine) known(r *row, i int) (v sqlite.Value, ok bool) {
	c := r.cell(i)
	if c.state&known != 0 {
		return c.value, true
	}
	if c.state&busy != 0 {
		return v, false
	}
	c.state |= busy
	defer func() { c.state &^= busy }()
	switch s := &r.template.sources[i]; s.kind {
	case given:
		return s.value, true
	case referred:
		return e.known(s.row, s.column)
	case inherited:
		return e.known(r.parent, s.column)
	case absent:
		if d := r.table.columns[i].def; d != nil && d.err == nil && d.insert == nil && !d.clock {
			return d.value, true
		}
	}
	return v, false
}

// adopt takes the row's values from the baseline, where the row is found by where and key. It notes
// the columns for which the fixture has other values.
func (e *engine) adopt(r *row, there []sqlite.Value, where string, key []any) error {
	id := rowKey(there)
	if other := r.table.adopted[id]; other != nil {
		e.mistake(r.template.at, r.path,
			"stands for the same row of the schema's scripts as %s, at %s", other.path,
			other.template.at)
		r.refused = true
		return nil
	}
	r.table.adopted[id], r.adopted = r, true
	differ, err := e.differences(r, there, where, key)
	if len(differ) > 0 {
		const format = "%s is in the migrations already, with another %s: that row stands"
		e.report.Notes = append(e.report.Notes,
			fmt.Sprintf(format, r.path, strings.Join(differ, ", ")))
	}
	for i, v := range there {
		*r.cell(i) = cell{v, known}
	}
	return err
}

// differences returns the names of the columns in which the fixture differs from the row of the
// baseline. SQLite compares each value as it would store it.
func (e *engine) differences(
	r *row, there []sqlite.Value, where string, key []any,
) (names []string, err error) {
	for i, c := range r.table.columns {
		v, ok := e.known(r, i)
		if !ok || v == there[i] || r.template.sources[i].kind == absent ||
			e.sameDatetime(c, v, there[i]) {
			continue
		}
		same := fmt.Sprintf("SELECT count(*) FROM %s WHERE %s AND %s IS ?", quote(r.table.Name),
			where, quote(c.Name))
		switch n, err := e.c.Int64(same, append(key, v)...); {
		case err != nil:
			return nil, err
		case n == 0:
			names = append(names, c.Name)
		}
	}
	return names, nil
}

// sameDatetime reports whether two values, perhaps in different formats, are the same timestamp.
func (e *engine) sameDatetime(c *column, v, there sqlite.Value) bool {
	wanted, ok := e.report.Datetime.decode(v)
	found, okThere := Auto.decode(there)
	return c.datetime && ok && okThere && wanted.Equal(found)
}

// readOthers reads the rows of the baseline that no fixture adopts. References can choose among
// them.
func (e *engine) readOthers(t *table) error {
	key := t.indexes(t.Key())
	sql := fmt.Sprintf("SELECT %s FROM %s", sqltext.QuoteIdents(t.Stored()), quote(t.Name))
	for there, err := range e.c.Query(sql) {
		if err != nil {
			return fmt.Errorf("read the baseline of %s: %w", t.Name, err)
		}
		values := there.Values()
		if t.adopted[rowKey(values)] != nil {
			continue
		}
		r := &row{table: t, adopted: true}
		for i, v := range values {
			*r.cell(i) = cell{v, known}
		}
		for _, i := range key {
			r.hash = chance.Join(r.hash, chance.Hash(rowKey(values[i:i+1])))
		}
		t.others = append(t.others, r)
	}
	return nil
}

// rowKey returns a text that is different for different values.
func rowKey(values []sqlite.Value) string {
	var key []byte
	for _, v := range values {
		key = v.AppendKey(key)
	}
	return string(key)
}
