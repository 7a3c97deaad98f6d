package migration

import (
	"iter"
	"slices"
	"strings"

	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/sqltext"
)

// shellQueries returns the queries of a script that may come from .schema of the sqlite3 shell.
// .schema prints tables that SQLite makes by itself and does not let a script make: SQLite's own
// tables and the shadow tables of virtual tables. The shell ignores the errors from such
// statements.
//
// Dumps write to the schema instead. Their CREATE of one of SQLite's own tables has IF NOT EXISTS.
func shellQueries(text string) (queries []Query) {
	modules := virtualTables(text)
	begin, line := 0, 1
	for end, s := range createTables(text) {
		_, name := s.Name()
		instead := sqlite.OwnTable(name)
		refused := instead != "" && !sqltext.HasKeyword(s.Text, "EXISTS") || isShadow(modules, name)
		if s.Module() != "" || !refused {
			continue
		}
		before := Query{text[begin : end-len(s.Text)], line}
		queries = append(queries, before, Query{instead, s.Line})
		begin, line = end, s.PositionAt(len(s.Text)).Line
	}
	return append(queries, Query{text[begin:], line})
}

// createTables yields the CREATE TABLEs of a script, virtual ones included, and the position after
// each. It stops at a statement that cannot be read, which SQLite will report.
func createTables(text string) iter.Seq2[int, sqltext.Statement] {
	return func(yield func(int, sqltext.Statement) bool) {
		end := 0
		for s, err := range sqltext.Statements(strings.NewReader(text), "") {
			end += len(s.Lead) + len(s.Text)
			kind := s.Kind()
			made := kind == sqltext.KindCreateTable || kind == sqltext.KindCreateVirtualTable
			if err != nil || made && !yield(end, s) {
				return
			}
		}
	}
}

type virtualTable struct{ name, module string }

func virtualTables(text string) (tables []virtualTable) {
	if !strings.Contains(strings.ToUpper(text), "VIRTUAL") {
		return nil
	}
	for _, s := range createTables(text) {
		if module := s.Module(); module != "" {
			_, name := s.Name()
			tables = append(tables, virtualTable{name, module})
		}
	}
	return tables
}

func isShadow(tables []virtualTable, name string) bool {
	return slices.ContainsFunc(tables, func(t virtualTable) bool {
		return sqlite.IsShadow(t.module, t.name, name)
	})
}
