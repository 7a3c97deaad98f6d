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
	head          []byte // of an INSERT, through the row's parenthesis
	columns       []column
	rowid         int // the column that is an alias of the rowid, -1 if none is
	autoincrement bool
	numbered      bool // sqlite_sequence has its row
	state
}

// state is what a target knows of its rows so far.
type state struct {
	rows    int
	last    int64 // rowid, if hasRows
	hasRows bool
}

type column struct {
	name     string
	affinity affinity
	notNull  bool
}

// errAskSQLite says that a script cannot be streamed: what it gives only a
// replay can tell.
var errAskSQLite = errors.New("only a replay can tell")

// newTarget returns the table of that name; nil if it is one of those whose
// rows are left out. Tables are refused that do more with a row than to store
// it behind those before.
func newTarget(c *sqlite.Conn, name string) (*target, error) {
	const tables = `SELECT l.name, l.type = 'table' AND NOT l.wr AND NOT l.strict, coalesce(s.sql, '')
		FROM pragma_table_list(?) l LEFT JOIN sqlite_schema s ON s.name = l.name AND s.type = 'table' WHERE l.schema = 'main'`
	t := &target{rowid: -1}
	var sql []byte
	for row, err := range c.Query(tables, name) {
		if err != nil {
			return nil, fmt.Errorf("look for table %s: %w", name, err)
		}
		t.name = row.Text(0)
		switch {
		case strings.EqualFold(t.name, "sqlite_schema"):
			return nil, errAskSQLite
		case migration.IsBookkeeping(t.name):
			return nil, nil
		case !row.Bool(1):
			return nil, errAskSQLite
		}
		sql = []byte(row.Text(2))
	}
	if t.name == "" || sqltext.HasKeyword(sql, "CHECK") || sqltext.HasKeyword(sql, "CONFLICT") {
		return nil, errAskSQLite
	}
	t.autoincrement = sqltext.HasKeyword(sql, "AUTOINCREMENT")
	return t, t.readColumns(c)
}

func (t *target) readColumns(c *sqlite.Conn) error {
	const columns = `SELECT name, type, "notnull", hidden, pk AND NOT EXISTS (SELECT 1 FROM pragma_index_list(?1) WHERE origin = 'pk')
		FROM pragma_table_xinfo(?1) ORDER BY cid`
	var names []string
	for row, err := range c.Query(columns, t.name) {
		if err != nil {
			return fmt.Errorf("read the columns of table %s: %w", t.name, err)
		}
		if row.Bool(3) {
			return errAskSQLite
		}
		if row.Bool(4) {
			t.rowid = len(t.columns)
		}
		t.columns = append(t.columns, column{name: row.Text(0), affinity: affinityOf(row.Text(1)), notNull: row.Bool(2) || row.Bool(4)})
		names = append(names, row.Text(0))
	}
	t.head = fmt.Appendf(nil, "INSERT INTO %s (%s) VALUES (", sqltext.QuoteIdent(t.name), sqltext.QuoteIdents(names))
	return nil
}

// hasColumns reports whether an INSERT with that list of columns, nil for
// none, gives all of them in their order.
func (t *target) hasColumns(names []string) bool {
	return names == nil || slices.EqualFunc(names, t.columns, func(name string, c column) bool { return name == c.name })
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
