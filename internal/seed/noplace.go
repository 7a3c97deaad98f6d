package seed

import (
	"fmt"

	"github.com/seedkit/seedkit/internal/nearest"
	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/sqlite"
)

// NoPlaceError reports that the schema lacks a table or a column that a script inserts into.
type NoPlaceError struct {
	Table string
	// Column is "" if the table itself is missing.
	Column string
	// Near is a similar name that exists, or "".
	Near string
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

// whyRefused returns a [*NoPlaceError] if the schema lacks the table or a column of a refused
// INSERT. Otherwise it returns SQLite's error err.
func (p *player) whyRefused(err error, table string, columns []string) error {
	if !sqlite.Is(err, sqlite.Generic) { // SQLite compiled the INSERT
		return err
	}
	if missing := p.findMissing(table, columns); missing != nil {
		return missing
	}
	return err
}

// findMissing returns an error for the table or the first column that an INSERT names and that does
// not exist. It returns nil if all exist.
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
