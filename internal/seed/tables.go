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

// needTables makes the table that a row goes into if it must be made first. That is one of SQLite's
// own tables, whose rows come before other tables in some dumps. For other tables it makes the
// source's schema if the script has made no tables.
func (p *player) needTables(table string) error {
	switch {
	case strings.EqualFold(table, "sqlite_schema"), strings.EqualFold(table, "sqlite_master"):
		p.hasTables = true // a row in sqlite_schema makes a virtual table
		return nil
	case sqlite.IsOwnName(table):
		return p.needOwn(table)
	}
	return p.needSchema()
}

// needSchema makes the tables of the source's schema if there are no tables yet. It drops the
// triggers: they may fire in the database that the rows go to.
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
	const triggers = `SELECT type, format('"%w"', name) FROM sqlite_schema WHERE type = 'trigger'`
	if err := p.dropAll(triggers); err != nil {
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

// makesItself reports whether a CREATE TABLE names a table that SQLite makes by itself: one of
// SQLite's own tables, or a shadow table, which keeps the content of a virtual table. Dumps of
// other tools than the sqlite3 shell contain both.
func (p *player) makesItself(s sqltext.Statement) (bool, error) {
	_, name := s.Name()
	if sqlite.IsOwnName(name) {
		return true, p.needOwn(name)
	}
	return p.isShadow(name)
}

// isShadow reports whether a table keeps the content of a virtual table. The app does not write to
// such a table.
func (p *player) isShadow(table string) (bool, error) {
	if !p.virtual {
		return false, nil
	}
	n, err := p.c.Int64(`SELECT EXISTS (SELECT 1 FROM pragma_table_list(?)
		WHERE type = 'shadow' AND schema = 'main')`, table)
	return n != 0, err
}

// needOwn makes one of SQLite's own tables unless it exists.
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
