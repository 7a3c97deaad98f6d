package seed

import (
	"fmt"
	"strings"

	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/sqltext"
)

// insertsInto returns the table that an INSERT names.
func insertsInto(s sqltext.Statement) string {
	_, name := s.Name()
	return name
}

// needTables makes what a row needs that is inserted into a table: SQLite's own
// table, if it is one, whose rows come before the others in some dumps, else the
// tables of the source's schema if the script has made none itself.
func (p *player) needTables(table string) error {
	switch {
	case strings.EqualFold(table, "sqlite_schema"), strings.EqualFold(table, "sqlite_master"):
		p.hasTables = true // a row there makes a virtual table
		return nil
	case sqlite.IsOwnName(table):
		return p.needOwn(table)
	}
	return p.needSchema()
}

// needSchema makes the source's tables without the triggers: they will fire, or
// not, where the rows go.
func (p *player) needSchema() error {
	if p.hasTables {
		return nil
	}
	p.hasTables, p.fromSchema = true, true
	if p.source.Schema == nil {
		return ErrNoTables
	}
	sql, err := p.source.Schema()
	if err != nil {
		return err
	}
	if err := p.c.ExecScript(sql); err != nil {
		return fmt.Errorf("make the tables: %w", err)
	}
	if err := p.dropAll("SELECT type, format('\"%w\"', name) FROM sqlite_schema WHERE type = 'trigger'"); err != nil {
		return err
	}
	for _, drop := range p.drops {
		if err := p.c.Exec(drop); err != nil {
			return err
		}
	}
	virtual, err := p.c.Int64(`SELECT EXISTS (SELECT 1 FROM sqlite_schema
		WHERE type = 'table' AND rootpage = 0)`)
	p.virtual = virtual != 0
	return err
}

// makesItself reports whether a CREATE TABLE is of a table that SQLite makes by
// itself: one of its own, or one that keeps the content of a virtual table. Other
// tools than the sqlite3 shell list both in their dumps.
func (p *player) makesItself(s sqltext.Statement) (bool, error) {
	_, name := s.Name()
	if sqlite.IsOwnName(name) {
		return true, p.needOwn(name)
	}
	return p.isShadow(name)
}

// isShadow reports whether a table keeps the content of a virtual one, which is not
// the app's to write.
func (p *player) isShadow(table string) (bool, error) {
	if !p.virtual {
		return false, nil
	}
	n, err := p.c.Int64(`SELECT EXISTS (SELECT 1 FROM pragma_table_list(?)
		WHERE type = 'shadow' AND schema = 'main')`, table)
	return n != 0, err
}

// needOwn makes one of SQLite's own tables, if it is not there.
func (p *player) needOwn(table string) error {
	p.counters = p.counters || strings.EqualFold(table, SequenceTable)
	sql := sqlite.OwnTable(table)
	there, err := p.c.Int64(`SELECT EXISTS (SELECT 1 FROM sqlite_schema
		WHERE type = 'table' AND name = ? COLLATE NOCASE)`, table)
	if sql == "" || there != 0 || err != nil {
		return err
	}
	writable, err := p.c.Int64("PRAGMA writable_schema")
	if err != nil {
		return err
	}
	if err := p.c.ExecScript(sql); err != nil || writable == 0 {
		return err
	}
	return p.c.Exec("PRAGMA writable_schema = ON")
}
