package generate

import (
	"strings"

	"github.com/seedkit/seedkit/internal/document"
)

// csvRules limit a file of one table's rows.
var csvRules = document.Rules{What: "a table", Bytes: 256 << 20}

// readCSV reads the rows of a table. The first record has the names of the columns. It keeps the
// text of the file, which takes less memory than the rows.
func (f *fixtureFile) readCSV(table string, source []byte) {
	records, found := document.CSV(source, csvRules)
	for _, m := range found {
		f.addf(m.At, "%s", m.Text)
	}
	if f.unread = records == nil; f.unread {
		return
	}
	var header []*document.Node
	rows := &declaration{table: table, unnamed: true}
	for record := range records {
		switch {
		case header == nil:
			header = record.Items
			if !f.checkHeader(header) {
				return
			}
		case len(record.Items) != len(header):
			f.addf(record.At, "the row has %d values, and the first line has %d names of columns",
				len(record.Items), len(header))
		default:
			rows.count++
		}
	}
	rows.rows = func(yield func(*declaration) bool) {
		first := true
		for record := range records {
			isRow := !first && len(record.Items) == len(header)
			first = false
			if isRow && !yield(f.record(table, header, record)) {
				return
			}
		}
	}
	f.roots = append(f.roots, rows)
}

// checkHeader reports whether the names of the columns are there once each.
func (f *fixtureFile) checkHeader(header []*document.Node) bool {
	seen := map[string]bool{}
	for _, name := range header {
		switch column := strings.ToLower(name.Text); {
		case column == "":
			f.addf(name.At, "the name of a column is missing")
		case seen[column]:
			f.addf(name.At, "the column %q is there twice", name.Text)
		default:
			seen[column] = true
		}
	}
	return len(seen) == len(header)
}

// record reads a row.
func (f *fixtureFile) record(table string, header []*document.Node, n *document.Node) *declaration {
	row := Row{}
	for i, name := range header {
		row[name.Text] = fileValue{file: f.path, key: name.At, node: n.Items[i], isCell: true}
	}
	return &declaration{
		table: table, row: row, min: 1, max: 1, at: f.position(n.At),
		tableAt: f.position(document.Position{Line: 1, Column: 1}), unnamed: true,
	}
}
