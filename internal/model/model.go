// Package model describes what a schema says about the rows of its tables: which columns an INSERT
// fills and with what kind of values, which columns identify a row, which refer to another row, and
// what the rows that are there show. A Model is read once and does not change.
package model

import (
	"slices"
	"strings"

	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/timeform"
)

// Model holds the tables of a database.
type Model struct {
	Tables []*Table // in the order of the schema
	schema *schema.Schema
	tables map[*schema.Table]*Table
}

// Table is a table of the schema.
type Table struct {
	Name     string
	Schema   *schema.Table // the table as SQLite reports it, with generated columns
	Columns  []*Column     // the columns that an INSERT fills, in order
	Uniques  []Unique      // the primary key first, if there is one
	Pair     *Unique       // the two keys of a join table that may repeat, but should not; or nil
	Identity []int         // the columns that identify a row; nil if there are none
	Keys     []*ForeignKey // the references to other rows
	Referred bool          // a foreign key refers to the table
	IDs      IDShape       // the kind of the table's text ids
	IDsWhy   string        // what told that kind, in a few words

	checks []check
	byName map[string]int
}

// Column is a column that an INSERT fills.
type Column struct {
	schema.Column             // Default is empty if SQLite ignores it or it is NULL
	Index         int         // among the columns of the table
	Kind          sqlite.Kind // the storage class that the type prefers
	Datetime      bool        // the type or the name says that the column holds times
	Primary       bool        // the column is part of the primary key
	Unique        bool        // the column is part of a unique key
	ID            bool        // the column alone is the primary key
	Key           *ForeignKey // the foreign key that determines the value; nil if there is none
	Event         bool        // an integer may be a time, and NULL says that nothing happened
	Precision     int         // the digits of DECIMAL(p, s); 0 if the type does not tell
	Scale         int         // those of them after the decimal point
	// Seen are the values of the rows that are there, if they are few and occur several times.
	Seen []sqlite.Value

	// What CHECK constraints and the conditions of partial indexes say. SQLite decides whether a
	// value is right.
	Varied    bool           // a condition mentions the column
	Choices   []sqlite.Value // the only values that fit, if they are few
	Texts     []string       // the texts that are compared with the column
	Numbers   []float64      // the numbers
	MinLength int            // the least number of characters
	MaxLength int            // the greatest number of characters; 0 if there is none
	JSON      string         // the type of the JSON value, as json_type names it; "" for no JSON
	Orders    []Order        // the columns whose values are below or above this one's

	listed bool // Choices are a list of literals
}

// Read describes the tables of the connection's main database. Rows of the databases that it shall
// be like show the shapes of ids before its own rows do.
func Read(c *sqlite.Conn, like ...Database) (*Model, error) {
	s, err := schema.Read(c)
	if err != nil {
		return nil, err
	}
	m := OfSchema(s)
	for _, t := range m.Tables {
		if err := t.readUniques(c); err != nil {
			return nil, err
		}
		if err := t.readChecks(c); err != nil {
			return nil, err
		}
	}
	all := append(slices.Clone(like), Database{Conn: c, Schema: s})
	if err := m.detectIDs(c, all); err != nil {
		return nil, err
	}
	return m, m.readSeen(all)
}

// OfSchema describes tables by their schema alone: their columns, their keys and their references.
func OfSchema(s *schema.Schema) *Model {
	m := &Model{schema: s, tables: map[*schema.Table]*Table{}}
	for _, s := range s.Tables {
		t := newTable(s)
		m.Tables = append(m.Tables, t)
		m.tables[s] = t
	}
	for _, t := range m.Tables {
		m.resolveKeys(t)
	}
	return m
}

func newTable(s *schema.Table) *Table {
	t := &Table{Name: s.Name, Schema: s, byName: map[string]int{}}
	for _, c := range s.Columns {
		if c.Generated {
			continue
		}
		if c.Name == s.RowidAlias || strings.EqualFold(c.Default, "NULL") {
			c.Default = ""
		}
		id := slices.Equal(s.PrimaryKey, []string{c.Name})
		column := &Column{
			Column: c, Index: len(t.Columns), Kind: kindOf(c.Type),
			Datetime: timeform.IsDeclared(c.Type) || !id && timeform.Holds(c.Name, c.Type),
			Primary:  slices.Contains(s.PrimaryKey, c.Name),
			ID:       id,
		}
		column.readType()
		t.byName[c.Name] = column.Index
		t.Columns = append(t.Columns, column)
	}
	t.Identity, _ = t.Indexes(s.Key())
	return t
}

// Table returns the table with the given name, or nil. It ignores the case of ASCII letters.
func (m *Model) Table(name string) *Table { return m.tables[m.schema.Table(name)] }

// Schema returns the tables as SQLite reports them.
func (m *Model) Schema() *schema.Schema { return m.schema }

// Names returns the names of all tables, in order.
func (m *Model) Names() []string { return m.schema.Names() }

// ParentsFirst returns the tables in such an order that a table comes after the tables to which its
// foreign keys refer, as far as that is possible.
func (m *Model) ParentsFirst() (tables []*Table) {
	ordered, _ := schema.ParentsFirst(m.schema.Tables)
	for _, s := range ordered {
		tables = append(tables, m.tables[s])
	}
	return tables
}

// Find returns the index of the column with the given name. It ignores the case of ASCII letters,
// and does not find generated columns.
func (t *Table) Find(name string) (int, bool) {
	if i, ok := t.byName[name]; ok {
		return i, true
	}
	c, _ := t.Schema.Column(name)
	i, ok := t.byName[c.Name]
	return i, ok
}

// ID returns the index of the column that alone is the primary key, or -1.
func (t *Table) ID() int {
	return slices.IndexFunc(t.Columns, func(c *Column) bool { return c.ID })
}

// ColumnNames returns the names of the columns with the given indexes.
func (t *Table) ColumnNames(indexes []int) []string {
	names := make([]string, len(indexes))
	for i, column := range indexes {
		names[i] = t.Columns[column].Name
	}
	return names
}

// Indexes returns the indexes of the columns with the given names. ok is false if one of them is
// generated or missing.
func (t *Table) Indexes(names []string) (indexes []int, ok bool) {
	for _, name := range names {
		i, ok := t.Find(name)
		if !ok {
			return nil, false
		}
		indexes = append(indexes, i)
	}
	return indexes, true
}
