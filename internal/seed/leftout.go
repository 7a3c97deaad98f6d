package seed

import (
	"fmt"

	"github.com/seedkit/seedkit/internal/migration"
	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/sqltext"
)

// LeftOut is a table of the seed whose rows do not belong to the app.
type LeftOut struct {
	Table string
	// Rows is 0 for a virtual table, because its module may be missing.
	Rows int64
	Why  string
}

// Names lists the tables that a user may name: the app's tables and the tables that are left out.
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

// LeftOut lists the tables that seedkit never carries rows of, ordered by name. It does not list
// tables without rows. It lists shadow tables only if their module is not built in, so that only
// their names show what they are.
func (s *Seed) LeftOut() ([]LeftOut, error) {
	foreign, err := schema.ReadForeign(s.Conn)
	if err != nil {
		return nil, err
	}
	const tables = `SELECT name, type = 'virtual' FROM pragma_table_list
		WHERE schema = 'main' AND type IN ('table', 'virtual')
		AND name NOT IN ('sqlite_schema', 'sqlite_temp_schema') ORDER BY name`
	var out []LeftOut
	for row, err := range s.Conn.Query(tables) {
		if err != nil {
			return nil, fmt.Errorf("list tables: %w", err)
		}
		left := LeftOut{Table: row.Text(0), Why: whyForeign(foreign, row.Text(0))}
		keeper := s.Keeper(left.Table)
		switch {
		case left.Why != "":
		case row.Bool(1):
			left.Why = "a virtual table"
		case keeper != "":
			n, err := s.Conn.Int64("SELECT count(*) FROM " + sqltext.QuoteIdent(left.Table))
			if err != nil {
				return nil, fmt.Errorf("count the rows of %s: %w", left.Table, err)
			}
			if n == 0 {
				continue
			}
			left.Rows, left.Why = n, "kept by "+keeper
		default:
			continue
		}
		out = append(out, left)
	}
	return out, nil
}

// whyForeign says which missing module a virtual table needs, or which such table a shadow table
// belongs to. It returns "" for other tables.
func whyForeign(f *schema.Foreign, table string) string {
	for _, v := range f.Virtual {
		if v.Name == table {
			return fmt.Sprintf("a virtual table of the module %s, which only the app's SQLite has",
				v.Module)
		}
	}
	for _, s := range f.Shadows {
		if s.Name == table {
			return "a table that belongs to " + s.Of
		}
	}
	return ""
}

// Keeper returns the tool that keeps a table of the seed, or SQLite. It returns "" for a table of
// the app.
func (s *Seed) Keeper(table string) string {
	if t := s.Schema.Table(table); t != nil {
		return migration.Keeper(t.Name, t.ColumnNames())
	}
	return migration.Keeper(table, nil)
}
