package seed

import (
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/seedkit/seedkit/internal/rowdiff"
	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/sqlite"
)

// Row is a row of a seed.
type Row struct {
	// Values holds the values of the table's stored columns.
	Values []sqlite.Value
	// Unsaid tells which of Values a default gave. Nil means none.
	Unsaid []bool
	// Theirs tells which of Values were looked up in the target. Nil means none.
	Theirs []bool
}

// HasUnsaid reports whether the seed is a script that left columns of the table to their defaults.
// It is false unless [Source.NoteUnsaid] was set.
func (s *Seed) HasUnsaid(t *schema.Table) bool { return len(s.UnsaidSets(t)) > 0 }

func (s *Seed) unsaidOf(t *schema.Table) *unsaidTable {
	if s.unsaid == nil {
		return nil
	}
	u := s.unsaid.find(t.Name)
	if u == nil || u.key == nil && u.all == 0 {
		return nil
	}
	return u
}

// UnsaidSets returns the sets of stored columns that rows of the table leave to their defaults.
// Each set is there once.
func (s *Seed) UnsaidSets(t *schema.Table) (sets [][]bool) {
	u := s.unsaidOf(t)
	if u == nil {
		return nil
	}
	for _, of := range u.sets {
		equal := func(set []bool) bool { return slices.Equal(set, of.left) }
		if of.left != nil && !slices.ContainsFunc(sets, equal) {
			sets = append(sets, of.left)
		}
	}
	return sets
}

// IsNumbered reports whether a script leaves out the INTEGER PRIMARY KEY of rows of the table. They
// have the numbers that SQLite gives in an empty table. It is false unless [Source.NoteUnsaid] was
// set.
func (s *Seed) IsNumbered(t *schema.Table) bool {
	if s.unsaid == nil {
		return false
	}
	u := s.unsaid.find(t.Name)
	return u != nil && u.numbered
}

// Rows yields the rows of a table in the order in which the seed stores them.
func (s *Seed) Rows(t *schema.Table) iter.Seq2[Row, error] {
	var all columnSets
	if u := s.unsaidOf(t); u != nil && u.key != nil {
		return s.notedRows(t, u)
	} else if u != nil {
		all = u.sets[u.all-1]
	}
	return func(yield func(Row, error) bool) {
		for values, err := range rowdiff.Scan(s.Conn, t) {
			if !yield(Row{Values: values, Unsaid: all.left, Theirs: all.theirs}, err) {
				return
			}
		}
	}
}

// notedRows yields the rows of a table for which rows are noted.
func (s *Seed) notedRows(t *schema.Table, u *unsaidTable) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		for row, err := range s.Conn.Query(notedSQL(t, u, "NOT INDEXED")) {
			if err != nil {
				yield(Row{}, fmt.Errorf("read table %s: %w", t.Name, err))
				return
			}
			if !yield(u.noted(row.Values()), nil) {
				return
			}
		}
	}
}

// notedSQL returns a query for the rows of a table. The last column is the number of the set that
// the row leaves out.
func notedSQL(t *schema.Table, u *unsaidTable, hint string) string {
	var match []string
	for i, column := range u.key {
		match = append(match, fmt.Sprintf("n.k%d = t.%s", i, column))
	}
	return fmt.Sprintf("SELECT %s, n.id FROM main.%s t %s LEFT JOIN temp.%s n ON %s",
		storedOf(t), quote(t.Name), hint, quote(u.notes()), strings.Join(match, " AND "))
}

// storedOf lists the stored columns of the table that a query calls t.
func storedOf(t *schema.Table) string {
	var columns []string
	for _, name := range t.Stored() {
		columns = append(columns, "t."+quote(name))
	}
	return strings.Join(columns, ", ")
}

// noted makes a Row of the values that [notedSQL] selects.
func (u *unsaidTable) noted(values []sqlite.Value) Row {
	last := len(values) - 1
	row := Row{Values: values[:last]}
	if id := values[last]; !id.IsNull() {
		sets := u.sets[id.Int64()-1]
		row.Unsaid, row.Theirs = sets.left, sets.theirs
	}
	return row
}
