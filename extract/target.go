package extract

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/seedkit/seedkit/internal/migration"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/sqltext"
)

// target is a table that rows of a script are inserted into.
type target struct {
	name          string
	columns       []column
	list          string // of the columns' names
	head          []byte // of an INSERT, through the row's parenthesis
	autoincrement bool
	numbered      bool // sqlite_sequence has its row
	progress
}

// progress is how far rows of a table have come.
type progress struct {
	rows int64
	key  rowKey
}

// begin makes it the progress of a table's rows that are looked at by
// themselves.
func (p *progress) begin(t *target) {
	p.rows = 0
	p.key.begin(len(t.key.parts))
}

// join adds rows that were looked at by themselves, unless they are not known
// to stand behind those before.
func (p *progress) join(next *progress) bool {
	if next.rows > 0 && !p.key.join(&next.key) {
		return false
	}
	p.rows += next.rows
	return true
}

// errAskSQLite says that a script cannot be streamed: what it gives only a
// replay can tell.
var errAskSQLite = errors.New("only a replay can tell")

// newTarget returns the table of that name; nil if it is one of those whose
// rows are left out. Tables are refused that do more with a row than to store
// it behind those before.
func newTarget(c *sqlite.Conn, name string) (*target, error) {
	const tables = `SELECT l.name, l.type = 'table', l.wr, l.strict, coalesce(s.sql, '')
		FROM pragma_table_list(?) l LEFT JOIN sqlite_schema s ON s.name = l.name AND s.type = 'table' WHERE l.schema = 'main'`
	t := &target{}
	var withoutRowid, strict bool
	var sql []byte
	for row, err := range c.Query(tables, name) {
		if err != nil {
			return nil, fmt.Errorf("look for table %s: %w", name, err)
		}
		t.name = row.Text(0)
		switch {
		case strings.EqualFold(t.name, "sqlite_schema"):
			return nil, errAskSQLite
		case !row.Bool(1):
			return nil, errAskSQLite
		}
		withoutRowid, strict, sql = row.Bool(2), row.Bool(3), []byte(row.Text(4))
	}
	if t.name == "" {
		return nil, errAskSQLite
	}
	if err := t.readColumns(c, strict); err != nil {
		return nil, err
	}
	if migration.IsBookkeeping(t.name, t.columnNames()) {
		return nil, nil
	}
	if sqltext.HasKeyword(sql, "CONFLICT") {
		return nil, errAskSQLite
	}
	t.autoincrement = sqltext.HasKeyword(sql, "AUTOINCREMENT")
	if !withoutRowid {
		return t, nil
	}
	return t, t.readPrimaryKey(c)
}

// readColumns reads all but the generated columns, and which is an alias of
// the rowid.
func (t *target) readColumns(c *sqlite.Conn, strict bool) error {
	const columns = `SELECT name, type, "notnull", pk AND NOT EXISTS (SELECT 1 FROM pragma_index_list(?1) WHERE origin = 'pk')
		FROM pragma_table_xinfo(?1) WHERE NOT hidden ORDER BY cid`
	for row, err := range c.Query(columns, t.name) {
		if err != nil {
			return fmt.Errorf("read the columns of table %s: %w", t.name, err)
		}
		column := columnOf(row.Text(1), strict)
		column.name, column.key = row.Text(0), -1
		if row.Bool(2) {
			column.takes = column.takes.without(sqltext.Null)
		}
		if row.Bool(3) {
			column.takes = typesOf(sqltext.Integer)
			t.addToKey(&column)
		}
		t.columns = append(t.columns, column)
	}
	t.list = sqltext.QuoteIdents(t.columnNames())
	t.head = fmt.Appendf(nil, "INSERT INTO %s (%s) VALUES (", sqltext.QuoteIdent(t.name), t.list)
	return nil
}

// columnNames returns the names of all but the generated columns.
func (t *target) columnNames() []string {
	var names []string
	for _, c := range t.columns {
		names = append(names, c.name)
	}
	return names
}

func (t *target) addToKey(c *column) {
	c.key = len(t.key.parts)
	c.takes = c.takes.without(sqltext.Null)
	t.key.parts = append(t.key.parts, nil)
}

// readPrimaryKey reads the key by which a WITHOUT ROWID table keeps its rows.
func (t *target) readPrimaryKey(c *sqlite.Conn) error {
	const key = `SELECT k.name, k."desc" OR k.coll <> 'BINARY' COLLATE NOCASE
		FROM pragma_index_list(?) i, pragma_index_xinfo(i.name) k WHERE i.origin = 'pk' AND k.key ORDER BY k.seqno`
	for row, err := range c.Query(key, t.name) {
		if err != nil {
			return fmt.Errorf("read the primary key of table %s: %w", t.name, err)
		}
		name := row.Text(0)
		i := slices.IndexFunc(t.columns, func(c column) bool { return c.name == name })
		if i < 0 || row.Bool(1) {
			return errAskSQLite
		}
		t.addToKey(&t.columns[i])
	}
	return nil
}

// hasColumns reports whether an INSERT with that list of columns, nil for
// none, gives all of them in their order.
func (t *target) hasColumns(names []string) bool {
	return names == nil || slices.EqualFunc(names, t.columns, func(name string, c column) bool { return name == c.name })
}

// lacksKey reports whether SQLite is to choose a part of a row's key.
func (t *target) lacksKey(values []sqltext.Value) bool {
	for i, c := range t.columns {
		if c.key >= 0 && values[i].Type == sqltext.Null {
			return true
		}
	}
	return false
}

// number gives the table its row in sqlite_sequence, as SQLite does with the
// first row of an AUTOINCREMENT table.
func (t *target) number(c *sqlite.Conn) error {
	if !t.autoincrement || t.numbered {
		return nil
	}
	t.numbered = true
	return c.Exec("INSERT INTO sqlite_sequence(name, seq) SELECT ?1, 0 WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = ?1)", t.name)
}
