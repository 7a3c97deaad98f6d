package generate

import (
	"fmt"
	"strings"

	"github.com/seedkit/seedkit/internal/model"
	"github.com/seedkit/seedkit/internal/sqlite"
)

// ledger notes the rows that a writer inserts, in order. Rows that triggers insert are not among
// them. The notes are temporary tables of the writer's connection: a transaction that takes rows
// back takes their notes back, too.
type ledger struct{ tables []noted }

// noted is a table with noted rows.
type noted struct {
	*model.Table
	notes string // the temporary table, ready for SQL
}

// restart forgets the tables, after the transaction that made them was rolled back.
func (l *ledger) restart() {
	if l != nil {
		l.tables = nil
	}
}

// open makes the table for the notes of a table, and returns what inserts into it. A nil ledger
// returns nil.
func (l *ledger) open(c *sqlite.Conn, t *model.Table) (*inserter, error) {
	if l == nil {
		return nil, nil
	}
	n := noted{t, fmt.Sprintf(`temp."seedkit's notes %d"`, len(l.tables))}
	columns := make([]string, len(t.Columns)) // without a type, so that values stay as they are
	for i := range columns {
		columns[i] = fmt.Sprintf("c%d", i)
	}
	create := fmt.Sprintf("CREATE TABLE %s (%s)", n.notes, strings.Join(columns, ", "))
	if err := c.Exec(create); err != nil {
		return nil, fmt.Errorf("note the rows of %s: %w", t.Name, err)
	}
	l.tables = append(l.tables, n)
	return prepareInserter(c, "INSERT INTO "+n.notes+" VALUES ", len(columns))
}
