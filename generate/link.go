package generate

import (
	"slices"
	"strings"

	"github.com/seedkit/seedkit/internal/chance"
	"github.com/seedkit/seedkit/internal/model"
	"github.com/seedkit/seedkit/internal/nearest"
)

// compile checks a link. Every reference is a row in the joining table.
func (l *link) compile(c *compiler, parent *template) []*template {
	var out []*template
	for _, ref := range l.refs {
		other := c.model.Table(ref.table)
		if other == nil {
			if c.lacks(ref.table) && !c.wrong[ref.path()] {
				c.mistakes.add(l.at, parent.first(), "there is no table %q to link to%s", ref.table,
					nearest.DidYouMean(ref.table, c.model.Names()))
			}
			continue
		}
		join, ok := c.join(l, parent, other)
		if !ok {
			continue
		}
		ref.table = other.Name
		name := join.Table.Name + "/" + linkedName(ref, other)
		t := &template{
			table: join.Table, parent: parent, path: parent.first() + "/" + name, name: name,
			hash: chance.Hash(name), at: l.at.from(c.mistakes.sourceDir), min: 1, max: 1,
		}
		t.sources = c.sources(t, l.row)
		for _, column := range slices.Concat(join.From.Columns, join.To.Columns) {
			if t.sources[column].kind != absent {
				c.mistake(t, "column %q is a reference of the link itself",
					t.table.Columns[column].Name)
			}
		}
		for i, column := range join.To.Columns {
			t.sources[column] = source{
				kind: referred, ref: &ref, column: join.To.ParentColumns[i], orThere: l.orThere,
			}
		}
		t.inherit(join.From)
		t.settle(c.defaults)
		out = append(out, t)
	}
	return out
}

// linkedName returns the name of the row to which a link leads. A row that is there has the name by
// which files refer to it, if it has one, so that a link in Go is the same row as one in a file.
func linkedName(ref Ref, t *model.Table) string {
	i, ok := t.Find(ref.column)
	if ref.there && ok && i == nameColumn(t) {
		return t.Name + "/" + ref.value
	}
	return ref.path()
}

// gives reports whether a link gives a column of the joining rows.
func (l *link) gives(column *model.Column) bool {
	for name := range l.row {
		if strings.EqualFold(name, column.Name) {
			return true
		}
	}
	return false
}

// join finds the table that joins the parent's table with other.
func (c *compiler) join(l *link, parent *template, other *model.Table) (join model.Join, ok bool) {
	joins := c.model.Joins(parent.table, other, l.gives)
	switch len(joins) {
	case 1:
		return joins[0], true
	case 0:
		c.mistakes.add(l.at, parent.first(), "no table joins %s with %s", parent.table.Name,
			other.Name)
	default:
		var names []string
		for _, j := range joins {
			names = append(names, j.Table.Name)
		}
		c.mistakes.add(l.at, parent.first(),
			"several tables join %s with %s (%s): add the row to the one that is meant",
			parent.table.Name, other.Name, strings.Join(names, ", "))
	}
	return model.Join{}, false
}
