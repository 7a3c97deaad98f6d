package live

import (
	"fmt"
	"strings"

	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/sqltext"
)

// ForeignKeyViolationsByIndex does what [ForeignKeyViolations] does, but faster. It believes the
// indexes of the database, so what it says is right only if integrity_check finds no fault.
func ForeignKeyViolationsByIndex(c *sqlite.Conn) ([]ForeignKeyViolation, error) {
	return violations(c, holds)
}

// holds reports whether an index over each foreign key of the table shows that no reference
// dangles: each different value is looked up once. False can mean that no index tells.
func holds(c *sqlite.Conn, table string) (bool, error) {
	// SQLite compiles no check for a parent without a unique index over the key.
	check, err := c.PrepareOne("PRAGMA foreign_key_check(" + sqltext.QuoteIdent(table) + ")")
	if err != nil {
		return false, nil
	}
	check.Close()
	keys, err := foreignKeys(c, table)
	if err != nil || keys == nil {
		return false, err
	}
	for _, key := range keys {
		query := key.dangling(table)
		fast, err := isFast(c, query)
		if err != nil || !fast {
			return false, err
		}
		dangles, err := c.Int64(query)
		if err != nil || dangles != 0 {
			return false, err
		}
	}
	return true, nil
}

// reference is a foreign key.
type reference struct {
	parent   string
	from, to []string
}

// foreignKeys lists the foreign keys of a table. It returns nil if a key needs a conversion that
// SQLite makes only when it checks a foreign key: the columns have other types than the parent's
// (https://sqlite.org/foreignkeys.html#fk_basics).
func foreignKeys(c *sqlite.Conn, table string) ([]reference, error) {
	const list = `SELECT f.id, f."table", f."from", f."to",
			child.type = parent.type COLLATE NOCASE AND child.type <> 'ANY' COLLATE NOCASE
		FROM pragma_foreign_key_list(?1) f
		LEFT JOIN pragma_table_xinfo(?1) child ON child.name = f."from" COLLATE NOCASE
		LEFT JOIN pragma_table_xinfo(f."table") parent ON parent.name = f."to" COLLATE NOCASE
		ORDER BY f.id, f.seq`
	var keys []reference
	last := int64(-1)
	for row, err := range c.Query(list, table) {
		if err != nil || row.Int64(4) != 1 {
			return nil, err
		}
		if id := row.Int64(0); id != last {
			keys = append(keys, reference{parent: row.Text(1)})
			last = id
		}
		key := &keys[len(keys)-1]
		key.from, key.to = append(key.from, row.Text(2)), append(key.to, row.Text(3))
	}
	return keys, nil
}

// dangling returns a query of whether a value of the foreign key is missing in the parent. Texts
// are different values if their bytes differ, because the parent may have another collation than
// the child.
func (r reference) dangling(table string) string {
	var values, filled, equal []string
	for i, from := range r.from {
		column := sqltext.QuoteIdent(from)
		value := fmt.Sprintf("v%d", i)
		values = append(values, column+" COLLATE BINARY AS "+value)
		filled = append(filled, column+" IS NOT NULL")
		to := sqltext.QuoteIdent(r.to[i])
		equal = append(equal, fmt.Sprintf("parent.%s = child.%s", to, value))
	}
	return fmt.Sprintf("SELECT EXISTS (SELECT 1 FROM (SELECT DISTINCT %s FROM %s WHERE %s) child "+
		"WHERE NOT EXISTS (SELECT 1 FROM %s parent WHERE %s))",
		strings.Join(values, ", "), sqltext.QuoteIdent(table), strings.Join(filled, " AND "),
		sqltext.QuoteIdent(r.parent), strings.Join(equal, " AND "))
}

// isFast reports whether SQLite reads the different values of a foreign key from an index, in their
// order, and finds each in the parent by a key.
func isFast(c *sqlite.Conn, query string) (bool, error) {
	var covered, sought bool
	for row, err := range c.Query("EXPLAIN QUERY PLAN " + query) {
		if sqlite.Is(err, sqlite.Generic) { // such as a parent that does not exist
			return false, nil
		}
		if err != nil {
			return false, err
		}
		step := row.Text(3)
		switch {
		case strings.Contains(step, "TEMP B-TREE") || strings.Contains(step, "AUTOMATIC"):
			return false, nil
		case strings.HasPrefix(step, "SEARCH parent USING"):
			sought = true
		case strings.Contains(step, "USING COVERING INDEX"):
			covered = true
		}
	}
	return covered && sought, nil
}
