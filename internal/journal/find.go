package journal

import (
	"fmt"
	"iter"
	"strings"

	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/sqltext"
)

// State is what became of a row.
type State int

const (
	Gone    State = iota // no row has the key
	Changed              // a row has the key and other values
	Same                 // the row is there with the same values
)

// Finder finds rows of one table by their keys and hashes.
type Finder struct {
	c     *sqlite.Conn
	table string
	id    []string // quoted
	rows  string   // the query of all rows: the id, then the hashed columns
	byKey *sqlite.Stmt
}

// Identity returns the columns that tell a row from all others for the length of a transaction,
// ready for SQL: the rowid, or the primary key of a table without one. It returns nil if columns
// hide all names of the rowid and the table has no key.
func Identity(t *schema.Table) (quoted []string) {
	if name := t.RowidName(); name != "" {
		return []string{name}
	}
	for _, name := range t.Key() {
		quoted = append(quoted, sqltext.QuoteIdent(name))
	}
	return quoted
}

// NewFinder returns a Finder of rows with the hashes of the given columns.
func NewFinder(c *sqlite.Conn, t *Table, there *schema.Table, columns []string) (*Finder, error) {
	f := &Finder{c: c, table: there.Name, id: Identity(there)}
	if len(f.id) == 0 {
		return nil, fmt.Errorf("table %s has neither a rowid nor a key", there.Name)
	}
	f.rows = fmt.Sprintf("SELECT %s, %s FROM %s", strings.Join(f.id, ", "),
		sqltext.QuoteIdents(columns), sqltext.QuoteIdent(there.Name))
	if len(t.Key) == 0 {
		return f, nil
	}
	conditions := make([]string, len(t.Key))
	for i, name := range t.Key {
		conditions[i] = sqltext.QuoteIdent(name) + " IS ?"
	}
	var err error
	f.byKey, err = c.PrepareOne(f.rows + " WHERE " + strings.Join(conditions, " AND "))
	return f, err
}

// Close frees the Finder.
func (f *Finder) Close() {
	if f.byKey != nil {
		f.byKey.Close()
	}
}

// Find looks for the row with the key and the hash. id has the values of [Identity] if the row is
// there, the same or changed. The table must have a key.
func (f *Finder) Find(key []sqlite.Value, hash Hash) (id []sqlite.Value, s State, err error) {
	for row, err := range f.byKey.Rows(sqlite.Args(key)...) {
		if err != nil {
			return nil, Gone, fmt.Errorf("read table %s: %w", f.table, err)
		}
		id, s = f.idOf(row), Changed
		if HashOfRow(row, len(f.id)) == hash {
			return id, Same, nil
		}
	}
	return id, s, nil
}

// All yields the id and the hash of each row of the table.
func (f *Finder) All() iter.Seq2[Found, error] {
	return func(yield func(Found, error) bool) {
		for row, err := range f.c.Query(f.rows) {
			if err != nil {
				yield(Found{}, fmt.Errorf("read table %s: %w", f.table, err))
				return
			}
			if !yield(Found{ID: f.idOf(row), Hash: HashOfRow(row, len(f.id))}, nil) {
				return
			}
		}
	}
}

// Found is a row of a table.
type Found struct {
	ID   []sqlite.Value
	Hash Hash
}

func (f *Finder) idOf(row *sqlite.Stmt) []sqlite.Value {
	id := make([]sqlite.Value, len(f.id))
	for i := range id {
		id[i] = row.Value(i)
	}
	return id
}
