package generate

import (
	"fmt"
	"slices"
	"strings"

	"github.com/seedkit/seedkit/internal/chance"
	"github.com/seedkit/seedkit/internal/model"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/sqltext"
)

// baseline is the rows of a table that the schema's scripts inserted.
type baseline struct {
	rows    int64
	adopted map[string]*row // the fixtures that adopt rows, by [rowKey]
	others  []*row          // if references choose among the table's rows, the rows left
}

// adopter lets fixtures adopt rows of the baseline. A fixture adopts a row if it gives all values
// of a unique key and the row has the same values.
type adopter struct {
	c        *sqlite.Conn
	plot     *plot
	defaults *defaults
	times    *times
	mistakes *mistakes
	notes    []string // fixtures that differ from the rows that they adopt
	asking   []asking // the cells whose values [adopter.known] looks for
}

// asking is a cell on whose value others depend.
type asking struct {
	*row
	column int
}

// adoptAll returns the baseline of every table. It runs before the first insert, so every row
// belongs to the baseline. chosen has the tables from whose rows references choose.
func (a *adopter) adoptAll(
	tables []*model.Table, chosen map[*model.Table]bool,
) (map[*model.Table]*baseline, error) {
	all := map[*model.Table]*baseline{}
	for _, t := range tables {
		b, err := a.adoptRows(t)
		if err == nil && chosen[t] && b.rows > 0 {
			err = b.readOthers(a.c, t)
		}
		if err != nil {
			return nil, err
		}
		all[t] = b
	}
	return all, nil
}

// adoptRows lets the fixtures of a table adopt rows.
func (a *adopter) adoptRows(t *model.Table) (b *baseline, err error) {
	b = &baseline{adopted: map[string]*row{}}
	if b.rows, err = countRows(a.c, t); err != nil || b.rows == 0 {
		return b, err
	}
	for _, u := range t.Uniques {
		if err := a.adoptBy(b, t, u); err != nil {
			return nil, fmt.Errorf("look for the fixtures of %s in the baseline: %w", t.Name, err)
		}
	}
	return b, nil
}

// adoptBy adopts the rows that have the same values in a unique key's columns.
func (a *adopter) adoptBy(b *baseline, t *model.Table, u model.Unique) error {
	find, err := a.c.PrepareOne(fmt.Sprintf("SELECT %s FROM %s WHERE %s",
		sqltext.QuoteIdents(t.Schema.Stored()), quote(t.Name), u.Equal))
	if err != nil {
		return err
	}
	defer find.Close()
	for r := range a.plot.rows(t) {
		key, ok, err := a.knownKey(r, u)
		if err != nil {
			return err
		}
		if r.adopted || r.refused || !ok {
			continue
		}
		for there, err := range find.Rows(key...) {
			if err != nil {
				return err
			}
			if err := a.adopt(b, r, there.Values(), u.Equal, key); err != nil {
				return err
			}
		}
	}
	return nil
}

// knownKey returns the values of a unique key's columns, if none of them is random and the row has
// the key: the values are not NULL, and the row is in the partial index, as far as that is known.
func (a *adopter) knownKey(r *row, u model.Unique) (values []any, ok bool, err error) {
	values, ok = a.knownAll(r, u.Columns)
	null := func(v any) bool { return v.(sqlite.Value).IsNull() }
	if !ok || !u.Nulls && slices.ContainsFunc(values, null) {
		return nil, false, nil
	}
	if where, ok := a.knownAll(r, u.Where); ok && u.Within != "" {
		within, err := a.c.Int64("SELECT ("+u.Within+") IS TRUE", where...)
		return values, within != 0, err
	}
	return values, true, nil
}

// knownAll returns the values of columns, if none of them is random.
func (a *adopter) knownAll(r *row, columns []int) (values []any, ok bool) {
	for _, i := range columns {
		v, ok := a.known(r, i)
		if !ok {
			return nil, false
		}
		values = append(values, v)
	}
	return values, true
}

// known returns a cell's value if it is known without generating it. A reference is known if the
// row that it points to is adopted or gives its own key.
func (a *adopter) known(r *row, i int) (v sqlite.Value, ok bool) {
	if r.cells != nil && r.cells[i].state&known != 0 {
		return r.cells[i].value, true
	}
	if slices.ContainsFunc(a.asking, func(at asking) bool { return at.column == i && at.is(r) }) {
		return v, false
	}
	a.asking = append(a.asking, asking{r, i})
	defer func() { a.asking = a.asking[:len(a.asking)-1] }()
	switch s := &r.template.sources[i]; s.kind {
	case given:
		return s.value, true
	case referred:
		return a.known(a.plot.find(*s.ref), s.column)
	case inherited:
		return a.known(r.parent, s.column)
	case absent:
		if d, ok := a.defaults.byColumn[r.table.Columns[i]]; ok && !r.template.distinct[i] {
			return d.constant()
		}
	}
	return v, false
}

// adopt takes the row's values from the baseline, where the row is found by where and key. It notes
// the columns for which the fixture has other values.
func (a *adopter) adopt(
	b *baseline, r *row, there []sqlite.Value, where string, key []any,
) error {
	id := rowKey(there)
	if other := b.adopted[id]; other != nil {
		a.mistakes.add(r.template.at, r.path(),
			"stands for the same row of the schema's scripts as %s, at %s", other.path(),
			other.template.at)
		a.plot.refuse(r)
		return nil
	}
	r = a.plot.hold(r)
	b.adopted[id], r.adopted = r, true
	differ, err := a.differences(r, there, where, key)
	if len(differ) > 0 {
		const format = "%s is in the migrations already, with another %s: that row stands"
		a.notes = append(a.notes, fmt.Sprintf(format, r.path(), strings.Join(differ, ", ")))
	}
	r.fill(there)
	return err
}

// differences returns the names of the columns in which the fixture differs from the row of the
// baseline. SQLite compares each value as it would store it.
func (a *adopter) differences(
	r *row, there []sqlite.Value, where string, key []any,
) (names []string, err error) {
	for i, c := range r.table.Columns {
		v, ok := a.known(r, i)
		if !ok || v == there[i] || r.template.sources[i].kind == absent ||
			a.sameTime(c, v, there[i]) {
			continue
		}
		same := fmt.Sprintf("SELECT count(*) FROM %s WHERE %s AND %s IS ?", quote(r.table.Name),
			where, quote(c.Name))
		switch n, err := a.c.Int64(same, append(key, v)...); {
		case err != nil:
			return nil, err
		case n == 0:
			names = append(names, c.Name)
		}
	}
	return names, nil
}

// sameTime reports whether two values of a column, perhaps in different forms, are the same time.
func (a *adopter) sameTime(c *model.Column, v, there sqlite.Value) bool {
	if a.times.of(c) == nil {
		return false
	}
	wanted, ok := a.times.read(c, v)
	found, okThere := a.times.read(c, there)
	return ok && okThere && wanted.Equal(found)
}

// readOthers reads the rows of the baseline that no fixture adopts. References can choose among
// them.
func (b *baseline) readOthers(c *sqlite.Conn, t *model.Table) error {
	sql := fmt.Sprintf("SELECT %s FROM %s", sqltext.QuoteIdents(t.Schema.Stored()), quote(t.Name))
	for there, err := range c.Query(sql) {
		if err != nil {
			return fmt.Errorf("read the baseline of %s: %w", t.Name, err)
		}
		values := there.Values()
		if b.adopted[rowKey(values)] != nil {
			continue
		}
		r := &row{table: t, adopted: true}
		r.fill(values)
		for _, i := range t.Identity {
			r.hash = chance.Join(r.hash, chance.Hash(rowKey(values[i:i+1])))
		}
		b.others = append(b.others, r)
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

func countRows(c *sqlite.Conn, t *model.Table) (int64, error) {
	n, err := c.Int64("SELECT count(*) FROM " + quote(t.Name))
	if err != nil {
		return 0, fmt.Errorf("count the rows of %s: %w", t.Name, err)
	}
	return n, nil
}
