package backup

import (
	"fmt"
	"slices"
	"strings"

	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/sqltext"
)

// appTables lists the app's tables in the order of their creation. It leaves SQLite's own tables
// out. A full-text table that keeps its text, and an R-Tree, take the place of their shadow tables.
// A full-text index over another table holds nothing of the app, so its shadow tables are left out.
// seedkit does not know what the shadow tables of other modules hold, so appTables lists those
// shadow tables.
func appTables(c *sqlite.Conn) ([]table, error) {
	tables, err := readTables(c)
	if err != nil {
		return nil, err
	}
	virtuals, err := readVirtuals(c)
	if err != nil {
		return nil, err
	}
	var found []table
	for _, t := range tables {
		if isSQLites(t.name) {
			continue
		}
		i := slices.IndexFunc(virtuals, func(v *virtual) bool {
			return sqlite.IsShadow(v.module, v.name, t.name)
		})
		if i < 0 {
			found = append(found, t)
			continue
		}
		v := virtuals[i]
		if !v.listed {
			v.listed = true
			found = append(found, v.content(c, tables)...)
		}
		if v.shadows {
			found = append(found, t)
		}
	}
	return found, nil
}

type virtual struct {
	name, module string
	listed       bool // whether its content is in the list
	shadows      bool // whether its shadow tables are listed in its place
}

func readVirtuals(c *sqlite.Conn) (virtuals []*virtual, err error) {
	const list = "SELECT name, sql FROM sqlite_schema WHERE type = 'table' AND rootpage = 0"
	for row, err := range c.Query(list) {
		if err != nil {
			return nil, fmt.Errorf("list virtual tables: %w", err)
		}
		module := strings.ToLower(sqltext.Statement{Text: []byte(row.Text(1))}.Module())
		virtuals = append(virtuals, &virtual{name: row.Text(0), module: module})
	}
	return virtuals, nil
}

// content returns the virtual table as the app sees it. It returns nothing for an index over
// another table. For a table whose content seedkit cannot read, it returns nothing and sets
// shadows.
func (v *virtual) content(c *sqlite.Conn, tables []table) []table {
	switch v.module {
	case "fts3", "fts4", "fts5":
		content := v.name + "_content"
		if slices.ContainsFunc(tables, func(t table) bool { return t.name == content }) {
			rows := "SELECT * FROM " + sqltext.QuoteIdent(content)
			return []table{{v.name, content, rows}}
		}
		return nil
	case "rtree", "rtree_i32", "geopoly":
		rows := "SELECT * FROM " + sqltext.QuoteIdent(v.name)
		// An R-Tree that SQLite cannot read may be damaged. A restore can repair it.
		if _, err := c.Int64("SELECT count(*) FROM (" + rows + ")"); err == nil {
			return []table{{v.name, v.name + "_rowid", rows}}
		}
	}
	v.shadows = true
	return nil
}
