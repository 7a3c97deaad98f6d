package generate

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/seedkit/seedkit/internal/document"
	"github.com/seedkit/seedkit/internal/nearest"
)

// fileRules limit a file of fixtures.
var fileRules = document.Rules{
	What: "a file of fixtures", Bytes: 16 << 20, Keys: 20_000, Levels: 30, Binary: true,
}

// A fixtureFile is what a file says, without regard to a schema. See [ReadSets].
type fixtureFile struct {
	path   string
	sample bool
	needs  []*document.Node
	whole  []string
	roots  []*declaration
	wrong  []*FixtureError
	unread bool // the file could not be read
}

func (f *fixtureFile) position(p document.Position) position {
	return position{f.path, p.Line, p.Column}
}

func (f *fixtureFile) addf(at document.Position, format string, args ...any) {
	f.wrong = append(f.wrong, mistake(f.position(at), "", format, args...))
}

// read reads the root of a YAML or JSON file.
func (f *fixtureFile) read(root *document.Node) {
	if root.Kind != document.Map {
		f.addf(root.At, "want tables with rows, not %s", root.Describe())
		return
	}
	for _, field := range root.Fields {
		if name, ok := strings.CutPrefix(field.Key.Text, "$"); ok && !strings.HasPrefix(name, "$") {
			f.directive(name, field)
		} else {
			f.table(field)
		}
	}
}

var directives = []string{"$sample", "$needs", "$whole", "$schema"}

// directive reads what a file says about its set. An editor reads $schema.
func (f *fixtureFile) directive(name string, field document.Field) {
	value := field.Value
	switch name {
	case "sample":
		f.sample = strings.EqualFold(value.Text, "true")
		if value.Kind != document.Bool {
			f.addf(value.At, "$sample is true or false, not %s", value.Describe())
		}
	case "needs":
		f.needs = f.names(field)
	case "whole":
		for _, n := range f.names(field) {
			f.whole = append(f.whole, n.Text)
		}
	case "schema":
	default:
		f.addf(field.Key.At, "there is no directive %s%s", field.Key.Text,
			nearest.DidYouMean(field.Key.Text, directives))
	}
}

// nameOfKey returns the name of a table or a column that a key means. A name that begins with a
// dollar has another dollar before it.
func nameOfKey(key string) string {
	if strings.HasPrefix(key, "$$") {
		return key[1:]
	}
	return key
}

// keyOfName returns the key that means a name; see nameOfKey.
func keyOfName(name string) string {
	if strings.HasPrefix(name, "$") {
		return "$" + name
	}
	return name
}

// names returns the texts of a list, or the only text.
func (f *fixtureFile) names(field document.Field) (names []*document.Node) {
	items := field.Value.Items
	if field.Value.Kind != document.List {
		items = []*document.Node{field.Value}
	}
	for _, item := range items {
		if item.Kind != document.Text {
			f.addf(item.At, "%s lists names, not %s", field.Key.Text, item.Describe())
			continue
		}
		names = append(names, item)
	}
	return names
}

// table reads the rows of a table: by name, or a list of rows without names.
func (f *fixtureFile) table(field document.Field) {
	table := nameOfKey(field.Key.Text)
	switch value := field.Value; value.Kind {
	case document.Null:
	case document.Map:
		for _, row := range value.Fields {
			d := f.row(table, row.Key.At, row.Value)
			d.tableAt = f.position(field.Key.At)
			d.name, d.min, d.max, d.numbered = f.count(row.Key)
			if d.min != d.max {
				f.addf(row.Key.At, "%s: the number of rows must be one number here; it can vary "+
					"for rows within a row", row.Key.Text)
			}
			f.roots = append(f.roots, d)
		}
	case document.List:
		for _, item := range value.Items {
			d := f.row(table, item.At, item)
			d.tableAt, d.unnamed = f.position(field.Key.At), true
			f.roots = append(f.roots, d)
		}
	default:
		f.addf(value.At, "%s: want rows, not %s", table, value.Describe())
	}
}

var counted = regexp.MustCompile(`^(.*\S)\s*\*\s*([0-9]+)(?:\.\.([0-9]+))?$`)

// count divides a key such as "demo * 100" or "Note * 1..3" into the name and the numbers of rows.
func (f *fixtureFile) count(key *document.Node) (name string, min, max int, numbered bool) {
	parts := counted.FindStringSubmatch(key.Text)
	if parts == nil {
		if before, _, ok := strings.Cut(key.Text, " * "); ok {
			f.addf(key.At, "want a number of rows after the star, such as %s * 3 or %s * 1..3",
				before, before)
			return before, 0, 0, true
		}
		return key.Text, 1, 1, false
	}
	min, err := strconv.Atoi(parts[2])
	max = min
	if err == nil && parts[3] != "" {
		max, err = strconv.Atoi(parts[3])
	}
	if err != nil || max > mostRows {
		f.addf(key.At, "%s: a file can ask for %d rows at most", key.Text, mostRows)
		return parts[1], 0, 0, true
	}
	return parts[1], min, max, true
}

// mostRows is the greatest number of rows of a declaration: a greater one is a slip of the hand.
const mostRows = 100_000_000

// row reads the columns and the parts of a row.
func (f *fixtureFile) row(table string, at document.Position, value *document.Node) *declaration {
	d := &declaration{table: table, at: f.position(at), min: 1, max: 1}
	switch value.Kind {
	case document.Null:
	case document.Map:
		for _, field := range value.Fields {
			d.parts = append(d.parts, f.field(field))
		}
	default:
		f.addf(value.At, "want the columns of a row of %s, not %s", table, value.Describe())
	}
	return d
}

// field reads a key of a row. A key with a number of rows is a table.
func (f *fixtureFile) field(field document.Field) Part {
	table, least, most, numbered := f.count(field.Key)
	if numbered {
		d := f.row(nameOfKey(table), field.Key.At, field.Value)
		d.min, d.max, d.numbered = least, most, true
		return d
	}
	key := &fileKey{
		name:  nameOfKey(field.Key.Text),
		value: fileValue{file: f.path, key: field.Key.At, node: field.Value},
	}
	// The key may be a column, for which no mistake of a part counts.
	asTable := &fixtureFile{path: f.path}
	key.parts = asTable.partsOf(field)
	key.wrong = asTable.wrong
	return key
}

// partsOf reads the value of a key that is a table: one row, rows in a list, or names to link to.
func (f *fixtureFile) partsOf(field document.Field) (parts []Part) {
	table := nameOfKey(field.Key.Text)
	items := []*document.Node{field.Value}
	if field.Value.Kind == document.List {
		items = field.Value.Items
	}
	for _, item := range items {
		switch {
		case linksRows(item):
			parts = append(parts, f.linkWith(table, item)...)
		case item.Kind == document.Map || item.Kind == document.Null:
			at := item.At
			if field.Value.Kind != document.List {
				at = field.Key.At
			}
			parts = append(parts, f.row(table, at, item))
		case item.Kind == document.List || item.Kind == document.Binary:
			f.addf(item.At, "%s: want rows or names of rows, not %s", table, item.Describe())
		default:
			parts = append(parts, f.link(table, item, nil))
		}
	}
	return parts
}
