package generate

import (
	"slices"
	"strings"

	"github.com/seedkit/seedkit/internal/schema"
)

// expand adds a row to the table that joins the parent's table with each
// reference's. The references are looked up once all rows are declared, so a
// link may point ahead.
func (l *link) expand(e *engine, parent *row) {
	for _, ref := range l.refs {
		other := e.schema.Table(ref.table)
		if other == nil {
			e.mistake(ref.at, parent.path, "there is no table %q to link to%s", ref.table, didYouMean(ref.table, e.schema.Names()))
			continue
		}
		table, from, to := e.joinTable(l, parent, other)
		if table == nil {
			continue
		}
		r := &row{table: table, path: parent.path + "/" + table.Name + "/" + ref.path(), at: l.at, number: 1, parent: parent}
		r.fixed = pointAt(from, parent)
		r.declared = map[string]any{}
		for _, column := range to.Columns {
			r.declared[column] = ref
		}
		e.add(r)
	}
}

// joinTable finds the table whose rows are pairs of one row of the parent's
// table and one of other: two foreign keys, and no other column that a row
// must have. Where both are the same table, the first key is the parent's.
func (e *engine) joinTable(l *link, parent *row, other *schema.Table) (table *schema.Table, from, to schema.ForeignKey) {
	var found []string
	for _, t := range e.schema.Tables {
		if !isJoinTable(t) {
			continue
		}
		a, b := t.ForeignKeys[0], t.ForeignKeys[1]
		switch {
		case a.Parent == parent.table.Name && b.Parent == other.Name:
			table, from, to = t, a, b
		case b.Parent == parent.table.Name && a.Parent == other.Name:
			table, from, to = t, b, a
		default:
			continue
		}
		found = append(found, t.Name)
	}
	switch len(found) {
	case 1:
		return table, from, to
	case 0:
		e.mistake(l.at, parent.path, "no table joins %s with %s", parent.table.Name, other.Name)
	default:
		e.mistake(l.at, parent.path, "several tables join %s with %s (%s): add the row to the one that is meant",
			parent.table.Name, other.Name, strings.Join(found, ", "))
	}
	return nil, from, to
}

func isJoinTable(t *schema.Table) bool {
	if len(t.ForeignKeys) != 2 {
		return false
	}
	return !slices.ContainsFunc(t.Columns, func(c schema.Column) bool {
		inKey := slices.Contains(t.ForeignKeys[0].Columns, c.Name) || slices.Contains(t.ForeignKeys[1].Columns, c.Name)
		return !inKey && c.NotNull && c.Default == "" && !slices.Contains(t.PrimaryKey, c.Name)
	})
}
