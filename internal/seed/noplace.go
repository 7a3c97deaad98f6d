package seed

import (
	"fmt"

	"github.com/seedkit/seedkit/internal/nearest"
	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/sqlite"
)

// NoPlaceError says that the schema has no place for a script's rows.
type NoPlaceError struct {
	Table  string
	Column string // "" if there is no such table
	Near   string // a name that may be meant, or ""
}

func (e *NoPlaceError) Error() string {
	what := "there is no table " + e.Table
	if e.Column != "" {
		what = fmt.Sprintf("table %s has no column %s", e.Table, e.Column)
	}
	if e.Near != "" {
		what += fmt.Sprintf(" (did you mean %s?)", e.Near)
	}
	return what
}

// whyRefused returns the error that SQLite has with an INSERT, or what the
// schema lacks for it.
func (p *player) whyRefused(err error, table string, columns []string) error {
	if !sqlite.Is(err, sqlite.Generic) { // the INSERT was compiled
		return err
	}
	if missing := p.findMissing(table, columns); missing != nil {
		return missing
	}
	return err
}

// findMissing looks for the table and the columns that an INSERT names; nil
// if they are there.
func (p *player) findMissing(table string, columns []string) error {
	s, err := schema.Read(p.c)
	if err != nil {
		return err
	}
	t := s.Table(table)
	if t == nil {
		near, _ := nearest.Nearest(table, s.Names())
		return &NoPlaceError{Table: table, Near: near}
	}
	for _, name := range columns {
		if _, ok := t.Column(name); !ok {
			near, _ := nearest.Nearest(name, t.ColumnNames())
			return &NoPlaceError{Table: t.Name, Column: name, Near: near}
		}
	}
	return nil
}
