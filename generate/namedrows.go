package generate

import (
	"fmt"
	"slices"

	"github.com/seedkit/seedkit/internal/model"
	"github.com/seedkit/seedkit/internal/sqlite"
)

// close finds the rows that open references of files name: those that the schema's scripts have
// inserted with the name in a unique column. close records the references that name no row.
func (p *plot) close(f *finder) error {
	for _, open := range p.open {
		t, s := open.template, open.template.sources[open.column]
		if p.find(*s.ref) != nil { // another reference had the same name
			continue
		}
		there := ""
		if key := t.table.Columns[open.column].Key; s.orThere && key != nil &&
			key.Parent.Name == s.ref.table {
			found, why, err := f.findNamed(key.Parent, *s.ref)
			if err != nil {
				return fmt.Errorf("look for %s: %w", s.ref.path(), err)
			}
			if found != nil {
				p.there[*s.ref] = found
				continue
			}
			there = why
		}
		p.mistakes.add(s.at.or(t.at), t.path,
			"column %q refers to %s, which no fixture declares%s%s",
			t.table.Columns[open.column].Name, s.ref.path(), p.nearName(*s.ref), there)
	}
	return nil
}

// findNamed returns the row with the name of a reference in a unique column. Without such a row it
// returns the end of a message.
func (f *finder) findNamed(t *model.Table, ref Ref) (found *row, why string, err error) {
	column := nameColumn(t)
	if column < 0 {
		return nil, "", nil
	}
	by, values := []int{column}, []any{sqlite.String(ref.name)}
	found, _, err = f.read(t, ref, by, values)
	if err != nil || found != nil {
		return found, "", err
	}
	n, err := countRows(f.c, t)
	if err != nil || n == 0 {
		return nil, "", err
	}
	near, err := f.near(t, by, values)
	return nil, ", and which no row of the schema's scripts has as its name" + near, err
}

// nameColumn returns the column by which files name the rows that are there: the first that alone
// is unique and is not the primary key, else the primary key, else -1.
func nameColumn(t *model.Table) int {
	column := -1
	for _, u := range t.Uniques {
		if len(u.Columns) == 1 && (column < 0 || t.Columns[column].ID) {
			column = u.Columns[0]
		}
	}
	if column < 0 {
		return slices.IndexFunc(t.Columns, func(c *model.Column) bool { return c.ID })
	}
	return column
}
