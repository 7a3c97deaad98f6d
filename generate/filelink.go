package generate

import (
	"strings"

	"github.com/seedkit/seedkit/internal/document"
	"github.com/seedkit/seedkit/internal/nearest"
)

// linkDirective is the key whose value names the rows to link to. The other keys beside it are
// columns of the joining rows.
const linkDirective = "$link"

// linksRows reports whether an item below a table has a directive, so that it is no row of that
// table.
func linksRows(item *document.Node) bool {
	for _, field := range item.Fields {
		if key := field.Key.Text; strings.HasPrefix(key, "$") && nameOfKey(key) == key {
			return true
		}
	}
	return false
}

// linkWith reads links with columns of their own, such as { $link: admin, grantedAt: 2024-01-01 }.
func (f *fixtureFile) linkWith(table string, item *document.Node) (links []Part) {
	row := Row{}
	var names []*document.Node
	for _, field := range item.Fields {
		key := field.Key.Text
		switch {
		case key == linkDirective && field.Value.Kind == document.List:
			names = field.Value.Items
		case key == linkDirective:
			names = []*document.Node{field.Value}
		case strings.HasPrefix(key, "$") && nameOfKey(key) == key:
			f.addf(field.Key.At, "there is no directive %s%s", key,
				nearest.DidYouMean(key, []string{linkDirective}))
		default:
			row[nameOfKey(key)] = fileValue{file: f.path, key: field.Key.At, node: field.Value}
		}
	}
	for _, name := range names {
		switch name.Kind {
		case document.Text, document.Number, document.Bool:
			links = append(links, f.link(table, name, row))
		default:
			f.addf(name.At, "%s names rows, not %s", linkDirective, name.Describe())
		}
	}
	return links
}

// link links to the row of a table that a node names.
func (f *fixtureFile) link(table string, name *document.Node, row Row) *link {
	return &link{
		refs: []Ref{{table: table, name: name.Text}}, row: row, at: f.position(name.At),
		orThere: true,
	}
}
