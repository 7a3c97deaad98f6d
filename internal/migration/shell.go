package migration

import (
	"iter"
	"slices"
	"strings"

	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/sqltext"
)

// shellQueries returns the queries of a script that the .schema of the sqlite3
// shell may have printed. That lists tables which SQLite makes by itself, and
// refuses to have made by a script: its own, and those of virtual tables. The
// shell goes on after such an error.
//
// Dumps write to the schema instead, and have the CREATE of an own table with IF
// NOT EXISTS.
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

// createTables yields the CREATE TABLEs of a script, virtual ones included, and
// where each ends. It stops at what SQLite cannot read, which SQLite will report.
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
