package starter

import (
	"fmt"
	"slices"
	"strings"

	"github.com/seedkit/seedkit/internal/model"
	"github.com/seedkit/seedkit/internal/sqlite"
)

// sample declares rows of every table that has none. A row that must belong to a row of another
// such table is declared within it.
func (w *writer) sample() string {
	var out strings.Builder
	for _, t := range w.tables {
		if w.isMadeUp(t) && w.owner(t) == nil {
			fmt.Fprintf(&out, "%s:\n", keyOfName(t.Name))
			w.declare(&out, t, "demo"+w.number(t, nil, " * 5"), 1)
		}
	}
	return out.String()
}

func (w *writer) isMadeUp(t *model.Table) bool {
	return !w.taker.reference[t] || len(w.taker.rows[t]) == 0 && !isPure(t)
}

// owner returns the foreign key to the table within whose rows those of t are declared, or nil.
func (w *writer) owner(t *model.Table) *model.ForeignKey {
	var owner *model.ForeignKey
	for _, fk := range t.Keys {
		single := len(fk.Columns) == 1 && fk.Parent != t && w.isMadeUp(fk.Parent) &&
			t.Columns[fk.Columns[0]].NotNull
		if owner == nil && single && slices.Contains(w.tables, fk.Parent) &&
			slices.Index(w.tables, fk.Parent) < slices.Index(w.tables, t) {
			owner = fk
		}
	}
	if owner == nil {
		return nil
	}
	toOwner := 0
	for _, fk := range t.Keys {
		if fk.Parent == owner.Parent {
			toOwner++
		}
	}
	if _, isColumn := owner.Parent.Find(t.Name); toOwner > 1 || isColumn {
		return nil // the key would not say which column, or would be a column
	}
	return owner
}

// declare writes the declaration of rows, with those that belong to them.
func (w *writer) declare(out *strings.Builder, t *model.Table, key string, level int) {
	indent := strings.Repeat("  ", level)
	var lines []string
	for _, c := range t.Columns {
		if text := generator(t, c); text != "" {
			lines = append(lines, fmt.Sprintf("%s  %s: %s\n", indent, keyOfName(c.Name), text))
		}
	}
	var children []*model.Table
	for _, child := range w.tables {
		if owner := w.owner(child); w.isMadeUp(child) && owner != nil && owner.Parent == t {
			children = append(children, child)
		}
	}
	if len(lines)+len(children) == 0 {
		fmt.Fprintf(out, "%s%s: {}\n", indent, key)
		return
	}
	fmt.Fprintf(out, "%s%s:\n%s", indent, key, strings.Join(lines, ""))
	for _, child := range children {
		if to := w.linked(child); to != nil {
			fmt.Fprintf(out, "%s  %s: %s\n", indent, keyOfName(to.table.Name), scalar(to.name))
			continue
		}
		key := counted(child.Name, w.number(child, w.owner(child), " * 1..3"))
		w.declare(out, child, key, level+1)
	}
}

// linked returns the row to which the rows around those of a joining table are linked: one that is
// there, and whose table a key can name. Of roles it is not the first, which often may do all.
func (w *writer) linked(t *model.Table) *row {
	from := w.owner(t)
	if from == nil || len(t.Keys) != 2 || !isPure(t) {
		return nil
	}
	to := t.Keys[0]
	if to == from {
		to = t.Keys[1]
	}
	rows := w.taker.rows[to.Parent]
	if !w.isLink(t, from, to) || w.isMadeUp(to.Parent) || len(rows) == 0 {
		return nil
	}
	return rows[len(rows)-1]
}

// number returns the number of rows, as a key has it: several, or nothing for one row. A table gets
// one row if it can have only one for its owner, or if its rows join pairs of rows, because there
// may be few pairs.
func (w *writer) number(t *model.Table, owner *model.ForeignKey, several string) string {
	if isPure(t) || slices.Contains(w.single, t.Name) {
		return ""
	}
	for _, u := range t.Uniques {
		if owner != nil && slices.Equal(u.Columns, owner.Columns) && u.Within == "" {
			return ""
		}
	}
	for _, c := range t.Columns {
		if c.Primary && len(c.Choices) == 1 {
			return ""
		}
	}
	return several
}

// generators are the generators of fixtures for columns of texts, by the column's name in lower
// case without underscores.
var generators = map[string]string{
	"email": "$email", "username": "$username", "login": "$username", "handle": "$username",
	"fullname": "$fullName", "firstname": "$firstName", "lastname": "$lastName",
	"title": "$sentence(4)", "subject": "$sentence(4)", "headline": "$sentence(4)",
	"content": "$paragraphs(2)", "body": "$paragraphs(2)", "bio": "$paragraphs(1)",
	"description": "$paragraphs(1)", "summary": "$paragraphs(1)",
}

// generator returns what a declaration gives to a column, or "" if generate makes up the value: for
// keys, times, and everything that a constraint limits.
func generator(t *model.Table, c *model.Column) string {
	name := plainName(c.Name)
	switch {
	case c.Key != nil, c.Primary, c.Datetime, c.Varied, len(c.Choices) > 0, c.JSON != "",
		c.Kind != sqlite.Text, c.MaxLength > 0 && c.MaxLength < 60, c.Default != "":
		return ""
	case name == "hash" || strings.Contains(name, "password"):
		return "$passwordHash(password)"
	case name == "name" && isPerson(t):
		return "$fullName"
	case c.Unique && name != "email" && name != "username":
		return ""
	}
	return generators[name]
}

// isPerson reports whether the rows of a table are people.
func isPerson(t *model.Table) bool {
	return slices.ContainsFunc(t.Columns, func(c *model.Column) bool {
		name := plainName(c.Name)
		return name == "email" || name == "username"
	})
}

func plainName(column string) string {
	return strings.ToLower(strings.ReplaceAll(column, "_", ""))
}
