package model

import (
	"fmt"
	"slices"
	"strings"

	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/sqltext"
)

// readJSON finds the columns that the table's own SQL or an index reads as JSON. SQLite refuses a
// row whose text is none.
func (t *Table) readJSON(c *sqlite.Conn) error {
	const definitions = `SELECT sql FROM sqlite_schema
		WHERE type IN ('table', 'index') AND tbl_name = ? AND sql IS NOT NULL`
	for row, err := range c.Query(definitions, t.Name) {
		if err != nil {
			return fmt.Errorf("read the definitions of %s: %w", t.Name, err)
		}
		t.findJSON(sqltext.Tokens(row.Text(0)))
	}
	return nil
}

func (t *Table) findJSON(sql []string) {
	for at := range sql {
		i, ok := t.Find(columnAt(sql, at))
		if !ok || t.Columns[i].JSON != "" {
			continue
		}
		function := ""
		if at > 1 && sql[at-1] == "(" {
			function = strings.ToLower(sql[at-2])
		}
		arrow := strings.Join(sql[at+1:min(at+3, len(sql))], "")
		switch {
		case function == "json_array_length" || function == "jsonb_array_length":
			t.Columns[i].JSON = "array"
		case slices.Contains(jsonReaders, function) || strings.HasPrefix(arrow, "->"):
			t.Columns[i].JSON = "object"
		}
	}
}

// jsonReaders are the functions whose first argument must be JSON.
var jsonReaders = []string{
	"json", "jsonb", "json_extract", "jsonb_extract", "json_type", "json_valid", "json_each",
	"json_insert", "json_patch", "json_pretty", "json_remove", "json_replace", "json_set",
	"json_tree",
}
