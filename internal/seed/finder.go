package seed

import (
	"fmt"
	"strings"

	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/sqlite"
)

// Finder finds rows of one table of the seed by the values of some columns.
type Finder struct {
	query *sqlite.Stmt
	table string
	all   columnSets // The columns of every row.
	// Tells the columns of each row; nil if all rows have the same.
	noted *unsaidTable
}

// Finder returns a Finder by the given columns of the table. The caller must close the Finder.
func (s *Seed) Finder(t *schema.Table, columns []string) (*Finder, error) {
	f := &Finder{table: t.Name}
	sql := fmt.Sprintf("SELECT %s FROM main.%s t", storedOf(t), quote(t.Name))
	if u := s.unsaidOf(t); u != nil && u.key != nil {
		f.noted, sql = u, notedSQL(t, u, "")
	} else if u != nil {
		f.all = u.sets[u.all-1]
	}
	where := make([]string, len(columns))
	for i, column := range columns {
		where[i] = "t." + quote(column) + " = ?"
	}
	var err error
	f.query, err = s.Conn.PrepareOne(sql + " WHERE " + strings.Join(where, " AND "))
	if err != nil {
		return nil, fmt.Errorf("read table %s: %w", t.Name, err)
	}
	return f, nil
}

// Find returns the first row with the given values. It reports whether there is one.
func (f *Finder) Find(values []sqlite.Value) (row Row, ok bool, err error) {
	for found, err := range f.query.Rows(sqlite.Args(values)...) {
		switch {
		case err != nil:
			return Row{}, false, fmt.Errorf("read table %s: %w", f.table, err)
		case f.noted != nil:
			return f.noted.noted(found.Values()), true, nil
		}
		return Row{Values: found.Values(), Unsaid: f.all.left, Theirs: f.all.theirs}, true, nil
	}
	return Row{}, false, nil
}

// Close frees the Finder.
func (f *Finder) Close() { f.query.Close() }
