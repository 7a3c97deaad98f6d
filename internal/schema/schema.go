// Package schema describes the tables of a database as SQLite reports them. It builds scratch
// databases from scripts and migrations, so that seedkit does not have to parse CREATE TABLE.
package schema

import (
	"fmt"
	"slices"
	"strings"

	"github.com/seedkit/seedkit/internal/sqltext"
)

// Schema holds the tables of a database in the order of their creation.
type Schema struct {
	Tables []*Table
	byName map[string]*Table
}

// Table returns the table with the given name, or nil. Like SQLite, it ignores the case of ASCII
// letters.
func (s *Schema) Table(name string) *Table { return s.byName[fold(name)] }

// Names returns the names of all tables, in order.
func (s *Schema) Names() []string {
	names := make([]string, len(s.Tables))
	for i, t := range s.Tables {
		names[i] = t.Name
	}
	return names
}

// Table is an ordinary table. A [Schema] does not list views, virtual tables, their shadow tables
// and SQLite's own tables.
type Table struct {
	Name          string
	Columns       []Column // as declared, without hidden ones
	PrimaryKey    []string // in key order; empty if none is declared
	Uniques       []Unique // the primary key first, if there is one
	ForeignKeys   []ForeignKey
	Triggers      []Trigger
	WithoutRowid  bool
	RowidAlias    string // the INTEGER PRIMARY KEY column, "" if none
	Autoincrement bool   // SQLite never reuses a rowid (https://sqlite.org/autoinc.html)
}

type Column struct {
	Name      string
	Type      string // as declared, "" if none
	NotNull   bool
	Default   string // SQL text of the default, "" if none
	Generated bool   // SQLite computes the column, so it is never inserted
}

// Unique is a set of columns. No two rows have the same values in all of them. Unique indexes over
// expressions and partial indexes are not listed, because only SQLite can tell whether two rows
// conflict there.
type Unique struct {
	Index      string // the name of the index, "" for an INTEGER PRIMARY KEY
	Columns    []string
	Collations []string // the collating sequence of every column in the index
}

// Equal returns the condition that a row has the key of the parameters, compared by the key's
// collating sequences.
func (u Unique) Equal() string {
	conditions := make([]string, len(u.Columns))
	for i, column := range u.Columns {
		conditions[i] = fmt.Sprintf("%s = ? COLLATE %s",
			sqltext.QuoteIdent(column), sqltext.QuoteIdent(u.Collations[i]))
	}
	return strings.Join(conditions, " AND ")
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

// Column returns the column with the given name. It ignores the case of ASCII letters.
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

// Stored returns the names of the columns to insert: all columns except generated ones.
func (t *Table) Stored() []string {
	return columnNames(slices.DeleteFunc(slices.Clone(t.Columns), func(c Column) bool {
		return c.Generated
	}))
}

// Positions returns the positions of the wanted columns in a row of the given columns. ok is false
// if a wanted column is missing.
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

// Key returns the columns that identify a row of the table: the primary key, or a unique key
// without NULLs, or nothing.
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

// fold makes ASCII capitals small letters, like SQLite when it compares names.
func fold(name string) string {
	return strings.Map(func(r rune) rune {
		if 'A' <= r && r <= 'Z' {
			return r + 'a' - 'A'
		}
		return r
	}, name)
}
