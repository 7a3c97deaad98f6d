package seed

import (
	"bytes"
	"errors"
	"strings"

	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/sqltext"
)

// createForeign handles a CREATE that SQLite refused because SQLite lacks something that the app's
// SQLite has. It notes an index as missing, because rows need no index. It writes a virtual table
// straight into the schema, as dumps do, so that seedkit knows the table as a virtual one. For
// every other CREATE it returns the error.
func (p *player) createForeign(kind sqltext.Kind, s sqltext.Statement, err error) error {
	missing, ok := sqlite.MissingOf(err)
	if !ok {
		return err
	}
	_, name := s.Name()
	text := string(bytes.TrimSuffix(s.Text, []byte(";")))
	switch {
	case kind == sqltext.KindCreateIndex:
		p.c.NoteMissing(sqlite.MissingObject{Name: name, SQL: text})
		return nil
	case kind == sqltext.KindCreateVirtualTable && missing.What == "module":
		return p.putIntoSchema(name, text)
	}
	return err
}

func (p *player) putIntoSchema(table, sql string) error {
	writable, err := p.c.Int64("PRAGMA writable_schema")
	if err != nil {
		return err
	}
	if err := p.c.ExecScript(schema.PutVirtualTable(table, sql)); err != nil || writable == 0 {
		return err
	}
	return p.c.Exec("PRAGMA writable_schema = ON")
}

// isForeign reports whether an INSERT failed because its table is a virtual table that does not
// work here: its module is missing, or the script has only just written it into the schema. All
// rows of such a table are left out. A trigger of another table can end in the same error, so
// isForeign also checks the table itself.
func (p *player) isForeign(err error, table string) bool {
	const virtualTables = `SELECT EXISTS (SELECT 1 FROM sqlite_schema
		WHERE type = 'table' AND rootpage = 0 AND name = ? COLLATE NOCASE)`
	e, ok := errors.AsType[*sqlite.Error](err)
	if !ok || !strings.HasPrefix(e.Msg, "no such module: ") &&
		!strings.HasPrefix(e.Msg, "no such table: ") {
		return false
	}
	virtual, err := p.c.Int64(virtualTables, table)
	return err == nil && virtual != 0
}
