package backup

import (
	"fmt"
	"slices"
	"strings"

	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/sqltext"
)

// appTable is a table whose rows are the app's.
type appTable struct {
	table
	// stored is the table that has a row for each of them: the table itself, or the shadow table of
	// a virtual table.
	stored string
	// digested says that a digest of stored tells whether the rows differ.
	digested bool
}

// appTables lists the app's tables, in the order in which they were made. SQLite's own tables are
// left out. A full-text table that keeps the text itself and an R-Tree take the place of their
// shadow tables. The shadow tables of a full-text index over another table hold nothing of the
// app's. What the shadow tables of other modules hold is not known, so they are listed themselves.
func appTables(c *sqlite.Conn) ([]appTable, error) {
	tables, err := readTables(c)
	if err != nil {
		return nil, err
	}
	virtuals, err := readVirtuals(c)
	if err != nil {
		return nil, err
	}
	var found []appTable
	for _, t := range tables {
		if isSQLites(t.name) {
			continue
		}
		i := slices.IndexFunc(virtuals, func(v *virtual) bool {
			return sqlite.IsShadow(v.module, v.name, t.name)
		})
		if i < 0 {
			found = append(found, appTable{t, t.name, true})
			continue
		}
		v := virtuals[i]
		if !v.listed {
			v.listed = true
			found = append(found, v.content(c, tables)...)
		}
		if v.shadows {
			found = append(found, appTable{t, t.name, true})
		}
	}
	return found, nil
}

// virtual is a virtual table.
type virtual struct {
	name, module string
	listed       bool // what the app keeps in it
	shadows      bool // its shadow tables are listed in its place
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

// content returns the virtual table as the app sees it; nothing for an index over another table,
// and for a table that only its shadow tables can tell about.
func (v *virtual) content(c *sqlite.Conn, tables []table) []appTable {
	switch v.module {
	case "fts3", "fts4", "fts5":
		content := v.name + "_content"
		if slices.ContainsFunc(tables, func(t table) bool { return t.name == content }) {
			rows := "SELECT * FROM " + sqltext.QuoteIdent(content)
			return []appTable{{table{v.name, rows}, content, true}}
		}
		return nil
	case "rtree", "rtree_i32", "geopoly":
		rows := "SELECT * FROM " + sqltext.QuoteIdent(v.name)
		// A table that cannot be read may be damaged, which is no reason to refuse a restore.
		if _, err := c.Int64("SELECT count(*) FROM (" + rows + ")"); err == nil {
			return []appTable{{table{v.name, rows}, v.name + "_rowid", false}}
		}
	}
	v.shadows = true
	return nil
}
