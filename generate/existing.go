package generate

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/seedkit/seedkit/internal/model"
	"github.com/seedkit/seedkit/internal/nearest"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/sqltext"
)

// existing is a reference to a row that the schema's scripts insert.
type existing struct {
	ref Ref
	row Row
	at  position
}

// Existing refers to the one row with the given values that the schema's scripts insert. If there
// is no such row, or several, that is a mistake, even if nothing uses the reference. The values are
// of the kinds that [Row] lists, without Ref and functions.
func (s *Fixtures) Existing(table string, row Row) Ref {
	var values []string
	for _, column := range slices.Sorted(maps.Keys(row)) {
		values = append(values, column+"="+shown(row[column]))
	}
	ref := Ref{table: table, name: "(" + strings.Join(values, ", ") + ")", there: true}
	for column, value := range row {
		if text, ok := nameOf(value); ok && len(row) == 1 {
			ref.column, ref.value = column, text
		}
	}
	s.existing = append(s.existing, &existing{ref, maps.Clone(row), caller()})
	return ref
}

// nameOf returns the text with which files refer to a row that has the value in a unique column.
func nameOf(value any) (text string, ok bool) {
	v, err := sqlite.ValueOf(value)
	if err != nil || v.Kind() != sqlite.Text && v.Kind() != sqlite.Integer {
		return "", false
	}
	if v.Kind() == sqlite.Integer {
		return fmt.Sprint(v.Int64()), true
	}
	return v.Data(), true
}

// shown returns a text for a value, the same on every run.
func shown(value any) string {
	switch v := value.(type) {
	case nil:
		return "NULL"
	case string:
		return fmt.Sprintf("%q", v)
	case Ref:
		return v.path()
	case func(*Fake) any:
		return "function"
	}
	return fmt.Sprint(value)
}

// finder finds rows that the schema's scripts have inserted. It looks before the first insert.
type finder struct {
	c        *sqlite.Conn
	model    *model.Model
	times    *times
	mistakes *mistakes
}

// findAll returns the rows by their references, with the tables spelled like in the schema.
func (f *finder) findAll(all []*existing) (map[Ref]*row, error) {
	rows := map[Ref]*row{}
	for _, e := range all {
		t := f.model.Table(e.ref.table)
		if t == nil {
			f.mistake(e, "there is no table %q%s", e.ref.table,
				nearest.DidYouMean(e.ref.table, f.model.Names()))
			continue
		}
		columns, values, ok := f.values(t, e)
		if !ok {
			continue
		}
		r, err := f.find(t, e, columns, values)
		if err != nil {
			return nil, fmt.Errorf("look for %s: %w", e.ref.path(), err)
		}
		ref := e.ref
		ref.table = t.Name
		rows[ref] = r
	}
	return rows, nil
}

func (f *finder) mistake(e *existing, format string, args ...any) {
	f.mistakes.add(e.at, e.ref.path(), format, args...)
}

// values checks the columns and the values of a reference.
func (f *finder) values(t *model.Table, e *existing) (columns []int, values []any, ok bool) {
	for _, name := range slices.Sorted(maps.Keys(e.row)) {
		i, found := t.Find(name)
		if !found {
			f.mistake(e, "table %s has no column %q%s", t.Name, name,
				nearest.DidYouMean(name, t.Schema.ColumnNames()))
			return nil, nil, false
		}
		v, err := encode(e.row[name], f.times.form(t.Columns[i]))
		switch e.row[name].(type) {
		case Ref, func(*Fake) any:
			err = fmt.Errorf("Existing wants values, not a %T", e.row[name])
		}
		if err != nil {
			f.mistake(e, "column %q: %v", name, err)
			return nil, nil, false
		}
		columns, values = append(columns, i), append(values, v)
	}
	return columns, values, true
}

// find returns the row that a reference names, or nil after a mistake.
func (f *finder) find(
	t *model.Table, e *existing, columns []int, values []any,
) (*row, error) {
	found, isOne, err := f.read(t, e.ref, columns, values)
	switch {
	case err != nil:
		return nil, err
	case !isOne && found != nil:
		f.mistake(e, "the schema's scripts insert several such rows")
		return nil, nil
	case found == nil:
		near, err := f.near(t, columns, values)
		f.mistake(e, "the schema's scripts insert no such row%s", near)
		return nil, err
	}
	return found, nil
}

// read reads the first row with the given values. isOne reports whether there is exactly one.
func (f *finder) read(
	t *model.Table, ref Ref, columns []int, values []any,
) (first *row, isOne bool, err error) {
	where := "true"
	for _, name := range t.ColumnNames(columns) {
		where += " AND " + quote(name) + " IS ?"
	}
	sql := fmt.Sprintf("SELECT %s FROM %s WHERE %s LIMIT 2",
		sqltext.QuoteIdents(t.Schema.Stored()), quote(t.Name), where)
	for there, err := range f.c.Query(sql, values...) {
		if err != nil || first != nil {
			return first, false, err
		}
		first, isOne = &row{table: t, name: ref.path(), adopted: true}, true
		first.fill(there.Values())
	}
	return first, isOne, nil
}

// near suggests another value, if the reference gives one text.
func (f *finder) near(t *model.Table, columns []int, values []any) (string, error) {
	if len(columns) != 1 || values[0].(sqlite.Value).Kind() != sqlite.Text {
		return "", nil
	}
	const most = 1000
	column := quote(t.Columns[columns[0]].Name)
	sql := fmt.Sprintf("SELECT %s FROM %s WHERE typeof(%[1]s) = 'text' LIMIT %[3]d", column,
		quote(t.Name), most)
	var there []string
	for row, err := range f.c.Query(sql) {
		if err != nil {
			return "", err
		}
		there = append(there, row.Text(0))
	}
	return nearest.DidYouMean(values[0].(sqlite.Value).Data(), there), nil
}
