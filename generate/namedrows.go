package generate

import (
	"fmt"
	"slices"

	"github.com/seedkit/seedkit/internal/model"
	"github.com/seedkit/seedkit/internal/nearest"
	"github.com/seedkit/seedkit/internal/sqlite"
)

// close gives each open reference of a file the row that the schema's scripts have inserted with
// the name in a unique column. The row gets a fixture, which adopts it. close records the
// references that name no row.
func (p *plot) close(c *sqlite.Conn) error {
	for _, open := range p.open {
		t, s := open.template, open.template.sources[open.column]
		if p.find(s.ref) != nil { // another reference had the same name
			continue
		}
		there := ""
		if key := t.table.Columns[open.column].Key; s.orThere && key != nil &&
			key.Parent.Name == s.ref.table {
			existing, names, err := existingTemplate(c, key.Parent, s)
			if err != nil {
				return err
			}
			if existing != nil {
				p.expand(existing, nil)
				continue
			}
			if len(names) > 0 {
				there = ", and which no row of the schema's scripts has as its name" +
					nearest.DidYouMean(s.ref.name, names)
			}
		}
		p.mistakes.add(s.at.or(t.at), t.path,
			"column %q refers to %s, which no fixture declares%s%s",
			t.table.Columns[open.column].Name, s.ref.path(), p.nearName(s.ref), there)
	}
	return nil
}

// existingTemplate returns a template for the row of a table that has the name of a reference in a
// unique column. Without such a row it returns the first names that are there.
func existingTemplate(
	c *sqlite.Conn, t *model.Table, s source,
) (existing *template, names []string, err error) {
	column := nameColumn(t)
	if column < 0 {
		return nil, nil, nil
	}
	const most = 1000
	by, table := quote(t.Columns[column].Name), quote(t.Name)
	n, err := c.Int64(fmt.Sprintf("SELECT count(*) FROM %s WHERE %s = ?", table, by), s.ref.name)
	if err != nil {
		return nil, nil, fmt.Errorf("look for a row of %s: %w", t.Name, err)
	}
	if n == 0 {
		for row, err := range c.Query(fmt.Sprintf("SELECT %s FROM %s LIMIT %d", by, table, most)) {
			if err != nil {
				return nil, nil, fmt.Errorf("read the names of %s: %w", t.Name, err)
			}
			names = append(names, row.Text(0))
		}
		return nil, names, nil
	}
	existing = &template{
		table: t, name: s.ref.path(), path: s.ref.path(), at: s.at, min: 1, max: 1,
		sources: make([]source, len(t.Columns)), distinct: make([]bool, len(t.Columns)),
	}
	existing.sources[column] = source{kind: given, value: sqlite.String(s.ref.name)}
	return existing, nil, nil
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
