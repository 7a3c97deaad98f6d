package seed

import (
	"bytes"
	"errors"
	"strings"

	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/sqltext"
)

// createForeign takes a CREATE that SQLite refused because it lacks what the app's
// SQLite has. An index is nothing that rows need. A virtual table is put into the
// schema, as dumps do it, so that it is known for what it is. For all else it
// returns the error.
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

// isForeign reports whether an INSERT into a table failed because that is a virtual
// one which is not there: its module is missing, or the script has only just put it
// into the schema. Its rows are left out as a whole. A trigger of another table may
// have the same error.
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
