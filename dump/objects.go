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
	sql  string // CREATE TABLE …, as SQLite stores it
}

// isVirtual reports whether a module stores the rows, usually in shadow tables. SQLite writes these
// words in capitals, however the user wrote them.
func (t table) isVirtual() bool { return strings.HasPrefix(t.sql, "CREATE VIRTUAL TABLE") }

// isStat reports whether ANALYZE fills the table.
func (t table) isStat() bool {
	return strings.HasPrefix(t.name, "sqlite_stat") && len(t.name) == len("sqlite_stat1")
}

func (t table) isSystem() bool { return strings.HasPrefix(t.name, "sqlite_") }

const sequenceTable = "sqlite_sequence"

// selection is the condition of [Options.Objects] on a row of sqlite_schema AS o, with its
// parameters.
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
			AND sql LIKE 'CREATE VIRTUAL TABLE%%'
			AND substr(o.name, 1, length(name)+1) == (name||'_'))`, i+1)
		s.args = append(s.args, p.Like())
	}
	s.where = "(" + strings.Join(conditions, " OR ") + ")"
	return s
}

// unmatched returns an error for every pattern that matches no object's name. The error does not
// end a dump early, because the shell prints a script without any object too.
func (d *dumper) unmatched() error {
	const all = "SELECT DISTINCT name FROM sqlite_schema WHERE sql NOT NULL ORDER BY rowid"
	var names []string
	for row, err := range d.conn.Query(all) {
		if err != nil {
			return fmt.Errorf("list names: %w", err)
		}
		names = append(names, row.Text(0))
	}
	return pattern.CheckAll(d.selected.patterns, "table, index, view or trigger", names)
}

// hasVirtualTables asks the same question as the shell before its warning.
func (d *dumper) hasVirtualTables() (bool, error) {
	n, err := d.conn.Int64("SELECT EXISTS (SELECT 1 FROM sqlite_schema AS o "+
		"WHERE sql LIKE 'CREATE VIRTUAL TABLE%' AND "+
		d.selected.where+")", d.selected.args...)
	return n != 0, err
}

// shadowTables selects the names of the tables in which modules keep rows.
const shadowTables = "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'shadow'"

// tables lists the tables in the order of the dump. sqlite_sequence is last, because filling the
// other tables changes it.
func (d *dumper) tables() ([]table, error) {
	query := "SELECT name, sql FROM sqlite_schema AS o WHERE " + d.selected.where +
		" AND type == 'table' AND sql NOT NULL"
	if d.opts.SchemaOnly || d.opts.For == D1 {
		query += " AND name NOT IN (" + shadowTables + ")"
	}
	query += " ORDER BY tbl_name == '" + sequenceTable + "', rowid"
	var tables []table
	for row, err := range d.conn.Query(query, d.selected.args...) {
		if err != nil {
			return nil, err
		}
		t := table{name: cText(row, 0), sql: cText(row, 1)}
		if row.Kind(0) != sqlite.Null && !d.leavesOut(t) {
			tables = append(tables, t)
		}
	}
	return tables, nil
}

// leavesOut reports whether the dump omits a table. It omits the tables that SQLite creates for
// itself, except two with data that the others do not have.
func (d *dumper) leavesOut(t table) bool {
	return t.isSystem() &&
		(d.opts.NoSys || d.opts.SchemaOnly || t.name != sequenceTable && !t.isStat())
}

// cText returns the text of a column as C sees it, up to a NUL.
func cText(row *sqlite.Stmt, i int) string {
	text, _, _ := strings.Cut(row.Text(i), "\x00")
	return text
}
