package generate

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/seedkit/seedkit/internal/document"
	"github.com/seedkit/seedkit/internal/model"
	"github.com/seedkit/seedkit/internal/schema"
)

// fileValue is a value of a [Row] that a file of fixtures has.
type fileValue struct {
	file string
	key  document.Position // of the column's name
	node *document.Node
	// isCell says that the value is a field of a CSV file. All rows have the same key, so a mistake
	// in the key is one mistake.
	isCell bool
}

func (v fileValue) position(p document.Position) position {
	return position{v.file, p.Line, p.Column}
}

// fileSource checks the value that a file gives to column i.
func (c *compiler) fileSource(t *template, i int, v fileValue) source {
	column := t.table.Columns[i]
	at := v.position(v.node.At)
	b := &binder{c: c, t: t, column: column, value: v, node: v.node}
	meant := b.meaning(v.node)
	out := source{kind: given, at: at}
	switch {
	case b.failed:
	case meant.draw != nil:
		out = source{kind: lazy, draw: meant.draw, at: at, text: v.node.Text}
	default:
		constant := meant.constant
		if constant == nil && v.isCell && column.NotNull && hasTexts(column) {
			constant = ""
		}
		out = c.source(t, i, constant, at)
		out.at, out.orThere = at, true
	}
	return out
}

// meaning returns what a value in a file means for a column.
func (b *binder) meaning(n *document.Node) bound {
	b.node = n
	switch n.Kind {
	case document.Text:
		return b.text(n)
	case document.Map, document.List:
		return b.json(n)
	case document.Binary:
		return bound{constant: []byte(n.Text)}
	}
	v, err := plainValue(hasTexts(b.column), n.Kind, n.Text)
	if err != nil {
		return b.fail(0, "%v", err)
	}
	return bound{constant: v}
}

// plainValue returns the value of a text without quotes. A column of texts gets the text as it is,
// because SQLite would store 1.50 as 1.5 and true as 1.
func plainValue(texts bool, kind document.Kind, text string) (any, error) {
	switch {
	case kind == document.Null:
		return nil, nil
	case kind == document.Text, texts:
		return text, nil
	case kind == document.Bool:
		return strings.EqualFold(text, "true"), nil
	}
	return numberOf(text)
}

// hasTexts reports whether a column stores every number as text.
func hasTexts(c *model.Column) bool { return schema.AffinityOf(c.Type) == schema.TextAffinity }

// numberOf returns an int64 or a float64.
func numberOf(text string) (any, error) {
	digits := strings.TrimLeft(text, "+-")
	lower := strings.ToLower(digits)
	switch {
	case lower == ".nan":
		return nil, errors.New("SQLite has no value for .nan: write null")
	case lower == ".inf":
		return math.Inf(1 - 2*strings.Count(text, "-")), nil
	case strings.HasPrefix(lower, "0x"), strings.HasPrefix(lower, "0o"):
		n, err := strconv.ParseInt(lower, 0, 64)
		return n, tooLarge(text, err)
	case strings.ContainsAny(lower, ".e"):
		f, err := strconv.ParseFloat(text, 64)
		return f, tooLarge(text, err)
	case len(digits) > 1 && digits[0] == '0':
		return nil, fmt.Errorf("%s is octal for some readers of YAML, and decimal for others: "+
			"leave the zero out, or put the text in quotes", text)
	}
	n, err := strconv.ParseInt(text, 10, 64)
	return n, tooLarge(text, err)
}

func tooLarge(text string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("the number %s is beyond the numbers of SQLite: "+
		"a text has quotes around it", text)
}

// json returns the JSON of a map or a list. The texts in it may have generators.
func (b *binder) json(n *document.Node) bound {
	var tree any
	var draws bool
	b.within(func() { tree, draws = b.tree(n) })
	if !draws {
		return bound{constant: plant(tree, nil)}
	}
	return bound{draw: func(f *Fake) any { return plant(tree, f) }}
}

// tree returns maps, lists and values of type bound, and whether one of them must be drawn.
func (b *binder) tree(n *document.Node) (tree any, draws bool) {
	switch n.Kind {
	case document.Map:
		fields := map[string]any{}
		for _, f := range n.Fields {
			value, draw := b.tree(f.Value)
			fields[f.Key.Text], draws = value, draws || draw
		}
		return fields, draws
	case document.List:
		items := make([]any, len(n.Items))
		for i, item := range n.Items {
			value, draw := b.tree(item)
			items[i], draws = value, draws || draw
		}
		return items, draws
	case document.Number:
		if number := json.Number(n.Text); json.Valid([]byte(n.Text)) {
			return bound{constant: number}, false
		}
	case document.Bool:
		return bound{constant: strings.EqualFold(n.Text, "true")}, false
	case document.Text:
		leaf := b.text(n)
		return leaf, leaf.draw != nil
	}
	return b.meaning(n), false
}

// plant returns the tree with the values of its leaves for a row.
func plant(tree any, f *Fake) any {
	switch tree := tree.(type) {
	case map[string]any:
		fields := make(map[string]any, len(tree))
		for key, value := range tree {
			fields[key] = plant(value, f)
		}
		return fields
	case []any:
		items := make([]any, len(tree))
		for i, value := range tree {
			items[i] = plant(value, f)
		}
		return items
	}
	return tree.(bound).value(f)
}
