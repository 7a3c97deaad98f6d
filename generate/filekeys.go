package generate

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/seedkit/seedkit/internal/document"
	"github.com/seedkit/seedkit/internal/expression"
	"github.com/seedkit/seedkit/internal/model"
	"github.com/seedkit/seedkit/internal/nearest"
)

// fileKey is a key of a row in a file. The schema decides whether it names a column or a table. A
// key that names a table declares parts.
type fileKey struct {
	name  string
	value fileValue
	parts []Part
	wrong []*FixtureError // what is wrong with the value if the key is a table
}

// sortKeys divides the keys of a row in a file into columns and parts. It returns the row and the
// parts of a declaration.
func (c *compiler) sortKeys(t *template, d *declaration) (row Row, parts []Part) {
	if t.table == nil {
		return d.row, nil
	}
	row = maps.Clone(d.row)
	for _, part := range d.parts {
		key, ok := part.(*fileKey)
		if !ok || !c.isColumn(t.table, key.name) {
			parts = append(parts, part)
			continue
		}
		if row == nil {
			row = Row{}
		}
		row[key.name] = key.value
	}
	return row, parts
}

// isColumn reports whether a key means a column of t. A column comes before a table, unless only
// the table is spelled like the key.
func (c *compiler) isColumn(t *model.Table, key string) bool {
	column, ok := t.Schema.Column(key)
	if !ok || column.Name == key {
		return ok
	}
	table := c.model.Table(key)
	return table == nil || table.Name != key
}

// compile compiles the parts that a key with the name of a table declares.
func (k *fileKey) compile(c *compiler, parent *template) (templates []*template) {
	at := k.value.position(k.value.key)
	if c.model.Table(k.name) == nil {
		names := append(parent.table.Schema.ColumnNames(), c.model.Names()...)
		c.mistakes.add(at, parent.first(), "table %s has no column %q, and there is no table %s%s",
			parent.table.Name, k.name, k.name, nearest.DidYouMean(k.name, names))
		return nil
	}
	for _, wrong := range k.wrong {
		wrong.Path = parent.first()
		c.mistakes.note(wrong)
	}
	for _, part := range k.parts {
		templates = append(templates, part.compile(c, parent)...)
	}
	return templates
}

// nameByKey names a row without a name by its values in a unique key, if it has all of one. The
// primary key comes last, because a number says less than a name.
func nameByKey(t *model.Table, d *declaration, row Row) string {
	var primary string
	for _, u := range t.Uniques {
		name, ok := keyTexts(t, u.Columns, row)
		switch {
		case !ok:
		case slices.Equal(t.ColumnNames(u.Columns), t.Schema.PrimaryKey):
			primary = name
		default:
			return name
		}
	}
	return cmp.Or(primary, d.name)
}

// keyTexts returns the texts that a row in a file has for columns. ok is false if one of them is
// missing or generated.
func keyTexts(t *model.Table, columns []int, row Row) (name string, ok bool) {
	var texts []string
	for _, i := range columns {
		text := ""
		for column, value := range row {
			v, inFile := value.(fileValue)
			if inFile && strings.EqualFold(column, t.Columns[i].Name) {
				text = constantText(v.node)
			}
		}
		if text == "" {
			return "", false
		}
		texts = append(texts, text)
	}
	return strings.Join(texts, ":"), true
}

// constantText returns the text of a value in a file, or "" if the value is generated or no text.
func constantText(n *document.Node) string {
	switch n.Kind {
	case document.Number, document.Bool:
		return n.Text
	case document.Text:
		if e, err := expression.Parse(n.Text); err == nil && e.Kind == expression.Literal {
			return e.Text
		}
	}
	return ""
}
