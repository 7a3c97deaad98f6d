// Package rowdiff tells, for each row of one database, how it stands to the
// rows of another: is it new there, there already, or in conflict with what
// is there? It is the one comparison behind a plan, a check and a proof.
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

// Class is how a row stands to the other database.
type Class int

const (
	// New says that no row there has any of the row's unique keys.
	New Class = iota
	// Identical says that the row is there, equal in storage class and
	// bytes in each of its columns.
	Identical
	// Conflict says that another row there has one of the row's unique keys.
	Conflict
)

func (c Class) String() string { return [...]string{"new", "identical", "in conflict"}[c] }

// Row is a row and how it stands to the other database.
type Row struct {
	Values []sqlite.Value // of the table's stored columns, in order
	Unsaid []bool         // as in [Given]
	Class  Class
	Clash  *Clash // of a row in conflict, else nil
}

// Clash says which key of a row is taken, and what is there.
type Clash struct {
	Columns []string       // of the unique key
	Values  []sqlite.Value // of the row's own; the row there has the same by the key's collations
	There   []sqlite.Value // the row that is there
	Differ  []Difference   // where the rows differ
	// Same says that both rows are the same entity: they agree in every
	// unique key of the table there that is said and has no NULL in either
	// row, and there is one. False says that the row there is another
	// entity, which has taken the key.
	Same bool
}

// Difference is a column in which two rows differ.
type Difference struct {
	Column      string
	Have, There sqlite.Value
}

// Rows yields the rows of table in from, in the order in which from keeps
// them, each compared with the rows of the table there in the other database.
// Only the columns that table stores are compared; there must have them all
// (else an error comes, last).
//
// Rows without a unique key, or with a NULL in each, are Identical as often as
// there are equal rows, then New; for them alone, memory grows with the number
// of such rows there. Everything else takes the memory of a row. Rows that are
// inserted there while they are compared may count.
//
// An error of the other database is an [*OtherError].
func Rows(from *sqlite.Conn, table *schema.Table, other *sqlite.Conn, there *schema.Table) iter.Seq2[Row, error] {
	return Compare(Scan(from, table), table.Stored(), other, there)
}

// CompareGiven is [Rows] for rows from anywhere, whose values are of the given
// columns. Unsaid are the sets of columns that a row may leave unsaid.
//
// A row none of whose unique keys is said, and which is not found by those that
// are not, is Identical as often as rows there agree in the other columns. For
// that the rows are ranged over twice, and memory grows with the number of such
// rows.
func CompareGiven(rows iter.Seq2[Given, error], columns []string, unsaid [][]bool,
	other *sqlite.Conn, there *schema.Table) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		m, err := NewMatcher(columns, unsaid, other, there)
		if err != nil {
			yield(Row{}, err)
			return
		}
		defer m.Close()
		if err := m.want(rows); err != nil {
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

// OtherError is an error of the database that rows are compared with.
type OtherError struct {
	Table string
	Err   error
}

func (e *OtherError) Error() string {
	return fmt.Sprintf("look rows up in table %s: %v", e.Table, e.Err)
}

// Unwrap returns what SQLite said.
func (e *OtherError) Unwrap() error { return e.Err }

// Scan yields the stored columns of each row of a table, in the order in which
// the database keeps them. The loop may use the connection.
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

// Query selects the stored columns of a table's rows, in the order in which the
// database keeps them.
func Query(table *schema.Table) scan.Query { return query(table.Name, table.Stored()) }

func query(table string, columns []string) scan.Query {
	// An index that holds all of these columns would give them in its order.
	sql := fmt.Sprintf("SELECT %s FROM %s NOT INDEXED", sqltext.QuoteIdents(columns), quote(table))
	return scan.Query{Table: table, SQL: sql}
}

// SameRows reports whether tables of two databases hold the same rows in the
// same order: equal in storage class and bytes in each of the columns that
// table stores, all of which there must have. Both connections are in use until
// it returns.
func SameRows(from *sqlite.Conn, table *schema.Table, other *sqlite.Conn, there *schema.Table) (bool, error) {
	same, err := scan.New(from, scan.DecodeLarge).Same(Query(table), scan.New(other, scan.DecodeLarge), query(there.Name, table.Stored()))
	if err != nil {
		return false, fmt.Errorf("compare the rows of table %s: %w", table.Name, err)
	}
	return same, nil
}

// differences lists where two rows of the given columns differ.
func differences(columns []string, have Given, there []sqlite.Value) []Difference {
	var out []Difference
	for i, column := range columns {
		if have.Values[i] != there[i] && !have.isUnsaid(i) {
			out = append(out, Difference{Column: column, Have: have.Values[i], There: there[i]})
		}
	}
	return out
}

func hasNull(values []sqlite.Value) bool {
	return slices.ContainsFunc(values, sqlite.Value.IsNull)
}
