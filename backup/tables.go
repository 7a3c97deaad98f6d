package backup

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/seedkit/seedkit/internal/scan"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/sqltext"
)

// TableRows counts the rows of a table.
type TableRows struct {
	Name string `json:"name"`
	Rows int64  `json:"rows"`
}

// table is a table, and where its rows are stored.
type table struct {
	name string
	// stored is a table that stores a row for each row of the table: the table itself, or a shadow
	// table of a virtual table.
	stored string
	rows   string // a query of all values
}

func (t table) query() scan.Query { return scan.Query{Table: t.stored, SQL: t.rows} }

// readTables lists the tables that store rows, in the order of their creation. It leaves out the
// statistics of SQLite's planner, because they are no data, and virtual tables, because other
// tables store their rows. The queries read the tables and no index, because an index may differ
// from its table.
func readTables(c *sqlite.Conn) ([]table, error) {
	const list = `SELECT t.name, format('SELECT %s FROM "%w" NOT INDEXED',
			group_concat(format('"%w"', c.name), ', ' ORDER BY c.cid), t.name)
		FROM sqlite_schema t JOIN pragma_table_xinfo(t.name) c ON c.hidden = 0
		WHERE t.type = 'table' AND t.rootpage > 0 AND t.name NOT GLOB 'sqlite_stat[1-4]'
		GROUP BY t.rowid ORDER BY t.rowid`
	var tables []table
	for row, err := range c.Query(list) {
		if err != nil {
			return nil, fmt.Errorf("list tables: %w", err)
		}
		tables = append(tables, table{name: row.Text(0), stored: row.Text(0), rows: row.Text(1)})
	}
	return tables, nil
}

// isSQLites reports whether a table is one of SQLite's own, such as sqlite_sequence. No other table
// may have such a name (https://sqlite.org/lang_createtable.html).
func isSQLites(table string) bool { return strings.HasPrefix(table, "sqlite_") }

// countTables counts the rows of every table that stores rows. If integrity is ok, an index has as
// many entries as its table has rows, and SQLite counts the entries.
func countTables(c *sqlite.Conn, integrity Integrity, progress reporter) ([]TableRows, error) {
	if err := c.StandInForCollations(); err != nil {
		return nil, err
	}
	tables, err := readTables(c)
	if err != nil {
		return nil, err
	}
	counts := make([]TableRows, len(tables))
	for i, t := range tables {
		progress.report(Counting, int64(i), int64(len(tables)))
		if counts[i], err = t.count(c, integrity.IsOK()); err != nil {
			return nil, err
		}
	}
	progress.report(Counting, int64(len(tables)), int64(len(tables)))
	return counts, nil
}

// count counts the rows of the table, or the entries of one of its indexes.
func (t table) count(c *sqlite.Conn, indexed bool) (TableRows, error) {
	count := "SELECT count(*) FROM " + sqltext.QuoteIdent(t.stored)
	if !indexed {
		count += " NOT INDEXED"
	}
	n, err := c.Int64(count)
	if err != nil {
		err = fmt.Errorf("read table %s: %w", t.name, err)
	}
	return TableRows{t.name, n}, err
}

// rowsOf returns how many rows the table has, and 0 without such a table.
func rowsOf(table string, counts []TableRows) int64 {
	for _, t := range counts {
		if t.Name == table {
			return t.Rows
		}
	}
	return 0
}

// hashSchema hashes the text of the schema. The hash does not depend on the order in which tables
// and indexes were created.
func hashSchema(c *sqlite.Conn) (string, error) {
	const list = `SELECT type, name, tbl_name, sql FROM sqlite_schema
		WHERE name NOT GLOB 'sqlite_stat[1-4]' ORDER BY type, name`
	hash := sha256.New()
	var key []byte
	for row, err := range c.Query(list) {
		if err != nil {
			return "", fmt.Errorf("read the schema: %w", err)
		}
		key = key[:0]
		for _, v := range row.Values() {
			key = v.AppendKey(key)
		}
		hash.Write(key)
	}
	return hex.EncodeToString(hash.Sum(nil)), nil
}
