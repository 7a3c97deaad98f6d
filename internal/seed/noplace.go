package seed

import (
	"fmt"

	"github.com/seedkit/seedkit/internal/nearest"
	"github.com/seedkit/seedkit/internal/schema"
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
