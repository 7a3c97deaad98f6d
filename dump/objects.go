package dump

import (
	"fmt"
	"strings"

	"github.com/seedkit/seedkit/internal/pattern"
	"github.com/seedkit/seedkit/internal/sqlite"
)

// table is a row of sqlite_schema that describes a table.
type table struct {
	name string
	sql  string // CREATE TABLE …, as SQLite keeps it
}

// isVirtual reports whether the rows are a module's to keep, in shadow tables
// mostly. SQLite spells the words like this whatever its user typed.
func (t table) isVirtual() bool { return strings.HasPrefix(t.sql, "CREATE VIRTUAL TABLE") }

// isStat reports whether the table is one of those that ANALYZE fills.
func (t table) isStat() bool {
	return strings.HasPrefix(t.name, "sqlite_stat") && len(t.name) == len("sqlite_stat1")
}

func (t table) isSystem() bool { return strings.HasPrefix(t.name, "sqlite_") }

const sequenceTable = "sqlite_sequence"

// selection is the condition that [Options.Objects] put on a row of
// sqlite_schema AS o, with its parameters.
type selection struct {
	patterns []pattern.Pattern
	where    string
	args     []any
}

func selectObjects(patterns []pattern.Pattern) selection {
	if len(patterns) == 0 {
		return selection{where: "true"}
	}
	s := selection{patterns: patterns}
	conditions := make([]string, len(patterns))
	for i, p := range patterns {
		conditions[i] = fmt.Sprintf(`name LIKE ?%[1]d ESCAPE '\' OR EXISTS (
			SELECT 1 FROM sqlite_schema WHERE name LIKE ?%[1]d ESCAPE '\'
			AND sql LIKE 'CREATE VIRTUAL TABLE%%' AND substr(o.name, 1, length(name)+1) == (name||'_'))`, i+1)
		s.args = append(s.args, p.Like())
	}
	s.where = "(" + strings.Join(conditions, " OR ") + ")"
	return s
}

// unmatched returns an error for each pattern that no object's name is like. It
// does not end a dump: the shell prints a script without any object.
func (d *dumper) unmatched() error {
	var names []string
	for row, err := range d.conn.Query("SELECT DISTINCT name FROM sqlite_schema WHERE sql NOT NULL ORDER BY rowid") {
		if err != nil {
			return fmt.Errorf("list names: %w", err)
		}
		names = append(names, row.Text(0))
	}
	return pattern.CheckAll(d.selected.patterns, "table, index, view or trigger", names)
}

// hasVirtualTables asks as the shell does, before it warns.
func (d *dumper) hasVirtualTables() (bool, error) {
	n, err := d.conn.Int64("SELECT EXISTS (SELECT 1 FROM sqlite_schema AS o WHERE sql LIKE 'CREATE VIRTUAL TABLE%' AND "+
		d.selected.where+")", d.selected.args...)
	return n != 0, err
}

// shadowTables are the names of the tables in which modules keep rows.
const shadowTables = "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'shadow'"

// tables lists the tables in the order of the dump: sqlite_sequence last,
// since filling the others changes it.
func (d *dumper) tables() ([]table, error) {
	query := "SELECT name, sql FROM sqlite_schema AS o WHERE " + d.selected.where + " AND type == 'table' AND sql NOT NULL"
	if d.opts.SchemaOnly || d.opts.For == D1 {
		query += " AND name NOT IN (" + shadowTables + ")"
	}
	query += " ORDER BY tbl_name == '" + sequenceTable + "', rowid"
	var tables []table
	for row, err := range d.conn.Query(query, d.selected.args...) {
		if err != nil {
			return nil, err
		}
		if t := (table{name: cText(row, 0), sql: cText(row, 1)}); row.Kind(0) != sqlite.Null && !d.leavesOut(t) {
			tables = append(tables, t)
		}
	}
	return tables, nil
}

// leavesOut reports whether a table is not dumped: those that SQLite makes for
// itself are not, but for two that carry what the others do not.
func (d *dumper) leavesOut(t table) bool {
	return t.isSystem() && (d.opts.NoSys || d.opts.SchemaOnly || t.name != sequenceTable && !t.isStat())
}

// cText is the text of a column as C sees it, up to a NUL.
func cText(row *sqlite.Stmt, i int) string {
	text, _, _ := strings.Cut(row.Text(i), "\x00")
	return text
}
