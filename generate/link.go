package generate

import (
	"slices"
	"strings"

	"github.com/seedkit/seedkit/internal/chance"
	"github.com/seedkit/seedkit/internal/nearest"
	"github.com/seedkit/seedkit/internal/schema"
)

// templates checks a link. Every reference is a row in the joining table.
func (l *link) templates(e *engine, parent *template) []*template {
	var out []*template
	for _, ref := range l.refs {
		other := e.table(ref.table)
		if other == nil {
			if !e.mistaken[ref.path()] {
				e.mistake(l.at, parent.first(), "there is no table %q to link to%s", ref.table,
					nearest.DidYouMean(ref.table, e.schema.Names()))
			}
			continue
		}
		table, from, to := e.joinTable(l, parent, other)
		if table == nil {
			continue
		}
		name := table.Name + "/" + other.Name + "/" + ref.name
		t := &template{
			table: table, path: parent.first() + "/" + name, name: name, hash: chance.Hash(name),
			at: l.at, min: 1, max: 1,
		}
		t.sources = make([]source, len(table.columns))
		for i, column := range to.columns {
			t.sources[column] = source{kind: referred, ref: ref, column: to.parentColumns[i]}
		}
		from.inherit(t.sources)
		t.settle()
		out = append(out, t)
	}
	return out
}

// joinTable finds the table whose rows are pairs of a row of the parent's table and a row of other:
// it has two foreign keys, and no other column that a row must give.
func (e *engine) joinTable(
	l *link, parent *template, other *table,
) (found *table, from, to *foreignKey) {
	var names []string
	for _, t := range e.tables {
		if !t.joins() {
			continue
		}
		a, b := t.keys[0], t.keys[1]
		switch {
		case a.parent == parent.table && b.parent == other:
			found, from, to = t, a, b
		case b.parent == parent.table && a.parent == other:
			found, from, to = t, b, a
		default:
			continue
		}
		names = append(names, t.Name)
	}
	switch len(names) {
	case 1:
		return found, from, to
	case 0:
		e.mistake(l.at, parent.first(), "no table joins %s with %s", parent.table.Name, other.Name)
	default:
		e.mistake(l.at, parent.first(),
			"several tables join %s with %s (%s): add the row to the one that is meant",
			parent.table.Name, other.Name, strings.Join(names, ", "))
	}
	return nil, nil, nil
}

func (t *table) joins() bool {
	return len(t.keys) == 2 && !slices.ContainsFunc(t.Columns, t.mustBeGiven)
}

// mustBeGiven reports whether a row must give a column that is not part of the joined keys.
func (t *table) mustBeGiven(c schema.Column) bool {
	i, stored := t.find(c.Name)
	return stored && t.columns[i].key == nil && c.NotNull && c.Default == "" &&
		!slices.Contains(t.PrimaryKey, c.Name)
}
