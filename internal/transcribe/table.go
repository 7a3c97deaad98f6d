package transcribe

import (
	"fmt"
	"slices"
	"strings"

	"github.com/seedkit/seedkit/internal/migration"
	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/sqltext"
)

// table is a table that a script inserts into.
type table struct {
	name          string
	columns       []column
	list          string // The columns' names, quoted.
	head          []byte // The beginning of an INSERT, up to the row's opening parenthesis.
	autoincrement bool
	counted       bool  // sqlite_sequence has a row for the table.
	rows          int64 // The number of copied rows.
	key           rowKey
}

// column is a column that an INSERT gives a value.
type column struct {
	name   string
	stores stores
	// takes holds the storage classes that the column accepts without a look at the value.
	takes types
	// key is the column's position in the table's key, or -1 if the column is not part of the key.
	key int
}

// types is a set of storage classes.
type types uint8

func typesOf(list ...sqltext.Type) (set types) {
	for _, t := range list {
		set |= 1 << t
	}
	return set
}

func (s types) has(t sqltext.Type) bool { return s>>t&1 != 0 }

func (s types) without(t sqltext.Type) types { return s &^ (1 << t) }

var anyType = typesOf(sqltext.Null, sqltext.Integer, sqltext.Real, sqltext.Text, sqltext.Blob)

// strictColumns maps the declared types in STRICT tables (https://sqlite.org/stricttables.html) to
// columns.
var strictColumns = map[string]column{
	"INT": {stores: stores{schema.NumericAffinity},
		takes: typesOf(sqltext.Null, sqltext.Integer)},
	"INTEGER": {stores: stores{schema.NumericAffinity},
		takes: typesOf(sqltext.Null, sqltext.Integer)},
	"REAL": {stores: stores{schema.RealAffinity},
		takes: typesOf(sqltext.Null, sqltext.Integer, sqltext.Real)},
	"TEXT": {stores: stores{schema.TextAffinity}, takes: typesOf(sqltext.Null, sqltext.Text)},
	"BLOB": {stores: stores{schema.NoAffinity}, takes: typesOf(sqltext.Null, sqltext.Blob)},
	"ANY":  {stores: stores{schema.NoAffinity}, takes: anyType},
}

func columnOf(declared string, strict bool) column {
	if strict {
		return strictColumns[strings.ToUpper(declared)]
	}
	return column{stores: stores{schema.AffinityOf(declared)}, takes: anyType}
}

// readTable returns the table with that name, or nil if SQLite or a migration tool keeps the table.
// The error is [ErrCannot] for a table that does more with a row than to store it after the rows
// before.
func readTable(c *sqlite.Conn, name string) (*table, error) {
	const tables = `SELECT l.name, l.type = 'table', l.wr, l.strict, coalesce(s.sql, '')
		FROM pragma_table_list(?) l
		LEFT JOIN sqlite_schema s ON s.name = l.name AND s.type = 'table'
		WHERE l.schema = 'main'`
	t := &table{}
	var withoutRowid, strict bool
	var sql []byte
	for row, err := range c.Query(tables, name) {
		if err != nil {
			return nil, fmt.Errorf("look for table %s: %w", name, err)
		}
		t.name = row.Text(0)
		switch {
		case strings.EqualFold(t.name, "sqlite_schema"):
			return nil, ErrCannot
		case !row.Bool(1):
			return nil, ErrCannot
		}
		withoutRowid, strict, sql = row.Bool(2), row.Bool(3), []byte(row.Text(4))
	}
	if t.name == "" {
		return nil, ErrCannot
	}
	if err := t.readColumns(c, strict); err != nil {
		return nil, err
	}
	if migration.IsBookkeeping(t.name, t.columnNames()) {
		return nil, nil
	}
	if sqltext.HasKeyword(sql, "CONFLICT") {
		return nil, ErrCannot
	}
	t.autoincrement = sqltext.HasKeyword(sql, "AUTOINCREMENT")
	if !withoutRowid {
		return t, nil
	}
	return t, t.readPrimaryKey(c)
}

// readColumns reads all columns that are not generated, and which of them is an alias of the rowid.
func (t *table) readColumns(c *sqlite.Conn, strict bool) error {
	const columns = `SELECT name, type, "notnull",
		pk AND NOT EXISTS (SELECT 1 FROM pragma_index_list(?1) WHERE origin = 'pk')
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

func (t *table) columnNames() []string {
	var names []string
	for _, c := range t.columns {
		names = append(names, c.name)
	}
	return names
}

func (t *table) addToKey(c *column) {
	c.key = len(t.key.parts)
	c.takes = c.takes.without(sqltext.Null)
	t.key.parts = append(t.key.parts, nil)
}

// readPrimaryKey reads the key by which a WITHOUT ROWID table orders its rows.
func (t *table) readPrimaryKey(c *sqlite.Conn) error {
	const key = `SELECT k.name, k."desc" OR k.coll <> 'BINARY' COLLATE NOCASE
		FROM pragma_index_list(?) i, pragma_index_xinfo(i.name) k
		WHERE i.origin = 'pk' AND k.key ORDER BY k.seqno`
	for row, err := range c.Query(key, t.name) {
		if err != nil {
			return fmt.Errorf("read the primary key of table %s: %w", t.name, err)
		}
		name := row.Text(0)
		i := slices.IndexFunc(t.columns, func(c column) bool { return c.name == name })
		if i < 0 || row.Bool(1) {
			return ErrCannot
		}
		t.addToKey(&t.columns[i])
	}
	return nil
}

// hasColumns reports whether an INSERT with that list of columns gives every column a value, in the
// table's order. nil means no list.
func (t *table) hasColumns(names []string) bool {
	same := func(name string, c column) bool { return name == c.name }
	return names == nil || slices.EqualFunc(names, t.columns, same)
}

// lacksKey reports whether SQLite must choose a part of a row's key.
func (t *table) lacksKey(values []sqltext.Value) bool {
	for i, c := range t.columns {
		if c.key >= 0 && values[i].Type == sqltext.Null {
			return true
		}
	}
	return false
}

// startCounter gives the table a row in sqlite_sequence, as SQLite does at the first INSERT into an
// AUTOINCREMENT table.
func (t *table) startCounter(c *sqlite.Conn) error {
	if !t.autoincrement || t.counted {
		return nil
	}
	t.counted = true
	return c.Exec(`INSERT INTO sqlite_sequence(name, seq) SELECT ?1, 0
		WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = ?1)`, t.name)
}
