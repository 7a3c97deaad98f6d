package timeform

import (
	"fmt"
	"strings"

	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/sqltext"
)

// Rows names the rows of a table in a database.
type Rows struct {
	Conn  *sqlite.Conn
	Table *schema.Table
	Name  string // The database's name in messages.
}

// sampled is how many of a table's first rows are read, and how many of its last: an app may have
// changed its form.
const sampled = 500

// sample counts the forms of the given columns. It skips columns that the table does not have.
func (r Rows) sample(columns []string) (map[string]*tally, error) {
	tallies := map[string]*tally{}
	var names, values []string
	for _, name := range columns {
		if c, ok := r.Table.Column(name); ok {
			tallies[name] = &tally{}
			names = append(names, name)
			// A longer value is no time, and is not read.
			const most = 40
			quoted := sqltext.QuoteIdent(c.Name)
			values = append(values, fmt.Sprintf("iif(octet_length(%s) > %d, '', %s)", quoted, most,
				quoted))
		}
	}
	if len(names) == 0 {
		return nil, nil
	}
	for _, order := range r.ends() {
		sql := fmt.Sprintf("SELECT %s FROM %s %s LIMIT %d",
			strings.Join(values, ", "), sqltext.QuoteIdent(r.Table.Name), order, sampled)
		for row, err := range r.Conn.Query(sql) {
			if err != nil {
				return nil, fmt.Errorf("%s: look at the times of table %s: %w", r.Name,
					r.Table.Name, err)
			}
			for i, name := range names {
				tallies[name].add(row.Value(i))
			}
		}
	}
	return tallies, nil
}

// ends returns the clauses that make a query begin with the table's first rows, and with its last.
func (r Rows) ends() []string {
	ends := []string{"NOT INDEXED"}
	switch rowid := r.Table.RowidName(); {
	case rowid != "":
		ends = append(ends, fmt.Sprintf("ORDER BY %s DESC", rowid))
	case r.Table.WithoutRowid:
		ends = append(ends, "ORDER BY "+sqltext.QuoteIdent(r.Table.PrimaryKey[0])+" DESC")
	}
	return ends
}
