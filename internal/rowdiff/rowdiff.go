// Package rowdiff compares rows of one database with the rows of another. A row is new in the other
// database, identical to a row there, or in conflict with one. Plans, checks and proofs all use
// this comparison.
package rowdiff

import (
	"fmt"
	"iter"
	"slices"

	"github.com/seedkit/seedkit/internal/scan"
	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/sqltext"
)

// Class is the result of comparing a row with the other database.
type Class int

const (
	// New means that no row of the other database has any of the row's unique keys.
	New Class = iota
	// Identical means that the other database has the row, equal in storage class and bytes in
	// every column.
	Identical
	// Conflict means that a different row of the other database has one of the row's unique keys.
	Conflict
)

func (c Class) String() string { return [...]string{"new", "identical", "in conflict"}[c] }

// Row is a row with the result of its comparison.
type Row struct {
	Values []sqlite.Value // the stored columns of the table, in order
	Unsaid []bool         // the unsaid columns, as in [Given]
	Theirs []bool         // the columns with values of the other database, as in [Given]
	Source []sqlite.Value // the row as its source has it, as in [Given]
	Moved  bool           // the row has another key than in its source, as in [Given]
	Class  Class
	Clash  *Clash // set if Class is Conflict, else nil

	found []sqlite.Value // the equal row of the other database, if a key has found it
}

// Clash describes the unique key that a row shares with a different row of the other database.
type Clash struct {
	Columns []string       // the columns of the unique key
	Values  []sqlite.Value // the row's values of the key; the key's collations decide equality
	There   []sqlite.Value // the row of the other database
	Differ  []Difference   // the columns in which the rows differ
	// Same means that both rows are the same entity: they agree in every unique key of the other
	// table that the row says and that has no NULL in either row, and there is such a key. If Same
	// is false, the other row is a different entity that has taken the key.
	Same bool
}

// Difference is a column in which two rows differ. Have is the value of the compared row, There
// that of the row in the other database.
type Difference struct {
	Column      string
	Have, There sqlite.Value
}

// Rows compares every row of a table in from with the rows of the table there in the other
// database, and yields the rows in the order of from. Rows compares only the columns that table
// stores. If there lacks one of these columns, the last thing yielded is an error.
//
// A row without a unique key, or with a NULL in every unique key, is Identical as often as the
// other database has equal rows, and New after that. Memory grows with the number of such rows in
// from. All other rows take the memory of one row. Rows inserted into the other database during the
// comparison may count.
//
// An error of the other database is an [*OtherError].
func Rows(
	from *sqlite.Conn, table *schema.Table, other *sqlite.Conn, there *schema.Table,
) iter.Seq2[Row, error] {
	return Compare(Scan(from, table), table.Stored(), other, there)
}

// CompareGiven does what [Rows] does for rows from any source. The values of a row belong to the
// given columns. Unsaid holds the sets of columns that a row may leave unsaid.
//
// If a row says none of its unique keys, and no unsaid key finds it, the row is Identical as often
// as the other database has rows that are equal in the columns that the row says, without those
// that a key of another row finds. For such rows CompareGiven ranges over rows three times, and
// memory grows with their number.
func CompareGiven(
	rows iter.Seq2[Given, error], columns []string, unsaid [][]bool,
	other *sqlite.Conn, there *schema.Table,
) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		m, err := NewMatcher(columns, unsaid, other, there)
		if err != nil {
			yield(Row{}, err)
			return
		}
		defer m.Close()
		if err := m.Expect(rows); err != nil {
			yield(Row{}, err)
			return
		}
		for given, err := range rows {
			if err != nil {
				yield(Row{}, err)
				return
			}
			row, err := m.Compare(given)
			if err != nil {
				yield(Row{}, err)
				return
			}
			if !yield(row, nil) {
				return
			}
		}
	}
}

// OtherError is an error of the database with which rows are compared.
type OtherError struct {
	Table string
	Err   error
}

func (e *OtherError) Error() string {
	return fmt.Sprintf("look rows up in table %s: %v", e.Table, e.Err)
}

// Unwrap returns SQLite's error.
func (e *OtherError) Unwrap() error { return e.Err }

// Scan yields the stored columns of every row of a table, in the order of the database. The loop
// may use the connection.
func Scan(c *sqlite.Conn, table *schema.Table) iter.Seq2[[]sqlite.Value, error] {
	return func(yield func([]sqlite.Value, error) bool) {
		for row, err := range scan.New(c, scan.DecodeLarge).Rows(Query(table)) {
			if err != nil {
				yield(nil, fmt.Errorf("read table %s: %w", table.Name, err))
				return
			}
			values := make([]sqlite.Value, len(row))
			for i := range row {
				values[i] = row[i].Copy()
			}
			if !yield(values, nil) {
				return
			}
		}
	}
}

// Query selects the stored columns of a table's rows, in the order of the database.
func Query(table *schema.Table) scan.Query { return query(table.Name, table.Stored()) }

func query(table string, columns []string) scan.Query {
	// Without NOT INDEXED, SQLite may read an index that holds all of these columns, in its order.
	sql := fmt.Sprintf("SELECT %s FROM %s NOT INDEXED", sqltext.QuoteIdents(columns), quote(table))
	return scan.Query{Table: table, SQL: sql}
}

// SameRows reports whether tables of two databases hold the same rows in the same order. Rows are
// the same if they are equal in storage class and bytes in every column that table stores. The
// table there must have all these columns. The caller must not use either connection until SameRows
// returns.
func SameRows(
	from *sqlite.Conn, table *schema.Table, other *sqlite.Conn, there *schema.Table,
) (bool, error) {
	a, b := scan.New(from, scan.DecodeLarge), scan.New(other, scan.DecodeLarge)
	same, err := a.Same(Query(table), b, query(there.Name, table.Stored()))
	if err != nil {
		return false, fmt.Errorf("compare the rows of table %s: %w", table.Name, err)
	}
	return same, nil
}

// differences lists the columns in which two rows differ.
func differences(columns []string, have Given, there []sqlite.Value) []Difference {
	var out []Difference
	for i, column := range columns {
		if have.differs(i, there[i]) {
			out = append(out, Difference{Column: column, Have: have.Values[i], There: there[i]})
		}
	}
	return out
}

func hasNull(values []sqlite.Value) bool {
	return slices.ContainsFunc(values, sqlite.Value.IsNull)
}
