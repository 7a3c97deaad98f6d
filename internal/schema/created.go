package schema

import (
	"strings"

	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/sqltext"
)

// Created lists the objects that a script creates in the main schema. some is false for a script
// without a statement. Created does not run the script: it reads up to the first text that is
// not SQL.
func Created(script string) (names []string, some bool) {
	for statement, err := range sqltext.Statements(strings.NewReader(script), "") {
		if err != nil {
			return names, true
		}
		kind := statement.Kind()
		some = some || kind != sqltext.KindEmpty
		switch kind {
		case sqltext.KindCreateTable, sqltext.KindCreateTableAs, sqltext.KindCreateVirtualTable,
			sqltext.KindCreateIndex, sqltext.KindCreateView, sqltext.KindCreateTrigger:
			if in, name := statement.Name(); in == "" || strings.EqualFold(in, "main") {
				names = append(names, name)
			}
		}
	}
	return names, some
}

// StatementsBut does what [Statements] does, but leaves out the objects with these names and
// everything that belongs to tables with these names.
func StatementsBut(c *sqlite.Conn, names []string) (string, error) {
	left := map[string]bool{}
	for _, name := range names {
		left[fold(name)] = true
	}
	return statements(c, func(table, name string) bool {
		return !left[fold(table)] && !left[fold(name)]
	})
}
