package generate

import (
	"strings"

	"github.com/seedkit/seedkit/internal/document"
)

// csvRules limit a file of one table's rows.
var csvRules = document.Rules{What: "a table", Bytes: 256 << 20}

// readCSV reads the rows of a table. The first record has the names of the columns.
func (f *fixtureFile) readCSV(table string, root *document.Node) {
	header, records := root.Items[0].Items, root.Items[1:]
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
	if len(seen) < len(header) {
		return
	}
	for _, record := range records {
		if len(record.Items) != len(header) {
			f.addf(record.At, "the row has %d values, and the first line has %d names of columns",
				len(record.Items), len(header))
			continue
		}
		row := Row{}
		for i, name := range header {
			row[name.Text] = fileValue{
				file: f.path, key: name.At, node: record.Items[i], isCell: true,
			}
		}
		f.roots = append(f.roots, &declaration{
			table: table, row: row, min: 1, max: 1, at: f.position(record.At),
			tableAt: f.position(document.Position{Line: 1, Column: 1}), unnamed: true,
		})
	}
}
