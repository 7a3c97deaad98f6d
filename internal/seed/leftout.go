package seed

import (
	"fmt"

	"github.com/seedkit/seedkit/internal/migration"
	"github.com/seedkit/seedkit/internal/sqltext"
)

// LeftOut is a table of the seed whose rows are not the app's.
type LeftOut struct {
	Table string
	Rows  int // 0 for a virtual table, whose module may not be there to ask
	Why   string
}

// Names lists the tables that somebody may name: the app's, and those that are
// left out.
func (s *Seed) Names() ([]string, error) {
	names := s.Schema.Names()
	left, err := s.LeftOut()
	for _, t := range left {
		if s.Schema.Table(t.Table) == nil {
			names = append(names, t.Table)
		}
	}
	return names, err
}

// LeftOut lists the tables that seedkit leaves out wherever it carries rows,
// by name. Shadow tables go without saying, and so do tables without rows.
func (s *Seed) LeftOut() ([]LeftOut, error) {
	const tables = `SELECT name, type = 'virtual' FROM pragma_table_list WHERE schema = 'main' AND type IN ('table', 'virtual')
		AND name NOT IN ('sqlite_schema', 'sqlite_temp_schema') ORDER BY name`
	var out []LeftOut
	for row, err := range s.Conn.Query(tables) {
		if err != nil {
			return nil, fmt.Errorf("list tables: %w", err)
		}
		name := row.Text(0)
		if row.Bool(1) {
			out = append(out, LeftOut{Table: name, Why: "a virtual table"})
			continue
		}
		keeper := s.Keeper(name)
		if keeper == "" {
			continue
		}
		n, err := s.Conn.Int64("SELECT count(*) FROM " + sqltext.QuoteIdent(name))
		if err != nil {
			return nil, fmt.Errorf("count the rows of %s: %w", name, err)
		}
		if n > 0 {
			out = append(out, LeftOut{Table: name, Rows: int(n), Why: "kept by " + keeper})
		}
	}
	return out, nil
}

// Keeper returns the tool that keeps a table of the seed, or SQLite; "" if the
// table is the app's.
func (s *Seed) Keeper(table string) string {
	if t := s.Schema.Table(table); t != nil {
		return migration.Keeper(t.Name, t.ColumnNames())
	}
	return migration.Keeper(table, nil)
}
