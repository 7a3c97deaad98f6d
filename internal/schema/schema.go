// Package schema describes the tables of a database as SQLite itself reports
// them, and builds scratch databases from scripts and migrations, so that no
// one here has to parse CREATE TABLE.
package schema

import (
	"slices"
	"strings"
)

// Schema is a database's tables, in the order in which they were made.
type Schema struct {
	Tables []*Table
	byName map[string]*Table
}

// Table returns the table of that name, which SQLite compares without regard
// to the case of ASCII letters; nil if there is none.
func (s *Schema) Table(name string) *Table { return s.byName[fold(name)] }

// Names returns the names of all tables, in order.
func (s *Schema) Names() []string {
	names := make([]string, len(s.Tables))
	for i, t := range s.Tables {
		names[i] = t.Name
	}
	return names
}

// Table is an ordinary table. Views, virtual tables, their shadow tables and
// SQLite's own tables are not among a [Schema]'s tables.
type Table struct {
	Name          string
	Columns       []Column // as declared, without hidden ones
	PrimaryKey    []string // in key order; empty if none is declared
	Uniques       []Unique // the primary key first, if there is one
	ForeignKeys   []ForeignKey
	Triggers      []Trigger
	WithoutRowid  bool
	RowidAlias    string // the INTEGER PRIMARY KEY column, "" if none
	Autoincrement bool   // no rowid is given out twice (https://sqlite.org/autoinc.html)
}

// Column is a column of a table.
type Column struct {
	Name      string
	Type      string // as declared, "" if none
	NotNull   bool
	Default   string // SQL text of the default, "" if none
	Generated bool   // computed by SQLite, so never inserted
}

// Unique is a set of columns whose values no two rows share. Unique indexes
// over expressions, and partial ones, are not listed: whether two rows clash
// there only SQLite can say.
type Unique struct {
	Index      string // the index's name, "" for an INTEGER PRIMARY KEY
	Columns    []string
	Collations []string // the index's collating sequence of each column
}

// ForeignKey is a reference to another table's key.
type ForeignKey struct {
	Columns       []string
	Parent        string
	ParentColumns []string
}

// Trigger is a trigger that fires on changes of its table.
type Trigger struct {
	Name  string
	Event string // INSERT, DELETE or UPDATE
}

// Column returns the column of that name, in any case of ASCII letters.
func (t *Table) Column(name string) (Column, bool) {
	for _, c := range t.Columns {
		if fold(c.Name) == fold(name) {
			return c, true
		}
	}
	return Column{}, false
}

// ColumnNames returns the names of all columns, in order.
func (t *Table) ColumnNames() []string {
	return columnNames(t.Columns)
}

// Stored returns the names of the columns that a row is inserted with: all
// but the generated ones.
func (t *Table) Stored() []string {
	return columnNames(slices.DeleteFunc(slices.Clone(t.Columns), func(c Column) bool { return c.Generated }))
}

// Positions returns where each of the wanted columns is in a row of the given
// ones; ok is false if one is not there.
func Positions(columns, wanted []string) (at []int, ok bool) {
	at, ok = make([]int, len(wanted)), true
	for i, name := range wanted {
		at[i] = slices.IndexFunc(columns, func(c string) bool { return fold(c) == fold(name) })
		ok = ok && at[i] >= 0
	}
	return at, ok
}

func columnNames(columns []Column) []string {
	names := make([]string, len(columns))
	for i, c := range columns {
		names[i] = c.Name
	}
	return names
}

// Key returns the columns by which rows of the table are told apart: the
// primary key, else a unique key without NULLs, else nothing.
func (t *Table) Key() []string {
	for _, u := range t.Uniques {
		if slices.Equal(u.Columns, t.PrimaryKey) || !slices.ContainsFunc(u.Columns, t.nullable) {
			return u.Columns
		}
	}
	return nil
}

func (t *Table) nullable(column string) bool {
	c, _ := t.Column(column)
	return !c.NotNull
}

// fold maps ASCII capitals to small letters, as SQLite does to compare names.
func fold(name string) string {
	return strings.Map(func(r rune) rune {
		if 'A' <= r && r <= 'Z' {
			return r + 'a' - 'A'
		}
		return r
	}, name)
}
