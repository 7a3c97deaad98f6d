package generate

import (
	"fmt"
	"strings"

	"github.com/seedkit/seedkit/internal/model"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/sqltext"
)

// inserter inserts rows of a table. OR ABORT overrides the conflict action of the schema, which
// might replace another row.
type inserter struct {
	c     *sqlite.Conn
	head  string // the statement without the rows
	width int    // of a row
	most  int    // the number of rows that many inserts
	one   *sqlite.Stmt
	many  *sqlite.Stmt // nil until there are enough rows
	notes *inserter    // notes the rows that are inserted; nil if nobody asks for them
}

func newInserter(c *sqlite.Conn, t *model.Table) (*inserter, error) {
	return prepareInserter(c, insertHead(t), len(t.Columns))
}

// insertHead returns an INSERT into a table without the rows.
func insertHead(t *model.Table) string {
	return fmt.Sprintf("INSERT OR ABORT INTO %s (%s) VALUES ", quote(t.Name),
		sqltext.QuoteIdents(t.Schema.Stored()))
}

func prepareInserter(c *sqlite.Conn, head string, width int) (in *inserter, err error) {
	// With so many, the cost of a statement hardly matters. SQLite copies each page that the
	// statement changes.
	const parameters = 1600
	in = &inserter{c: c, head: head, width: width, most: max(1, parameters/width)}
	in.one, err = in.prepare(1)
	return in, err
}

// prepare compiles a statement that inserts n rows.
func (in *inserter) prepare(n int) (*sqlite.Stmt, error) {
	return in.c.PrepareOne(in.head + parameters(in.width, n))
}

// parameters returns n rows of parameters.
func parameters(width, n int) string {
	row := "(?" + strings.Repeat(", ?", width-1) + ")"
	return row + strings.Repeat(", "+row, n-1)
}

func (in *inserter) close() {
	in.one.Close()
	in.many.Close()
	if in.notes != nil {
		in.notes.close()
	}
}

// insert inserts rows of a batch with one statement. The batch has other rows before them. rows is
// the number of rows that are left. insert returns the number of rows that the statement inserts.
func (in *inserter) insert(values *sqlite.Batch, before, rows int) (n int, err error) {
	n = 1
	stmt := in.one
	if rows >= in.most {
		if in.many == nil {
			in.many, err = in.prepare(in.most)
		}
		n, stmt = in.most, in.many
	}
	if err == nil {
		err = stmt.BindBatch(values, before*in.width, n*in.width)
	}
	if err == nil {
		_, err = stmt.Step()
	}
	if err == nil && in.notes != nil {
		_, err = in.notes.insert(values, before, rows)
	}
	return n, err
}

// note notes a row that the caller has inserted.
func (in *inserter) note(row []sqlite.Value) error {
	if in.notes == nil {
		return nil
	}
	if err := in.notes.one.BindValues(row); err != nil {
		return err
	}
	_, err := in.notes.one.Step()
	return err
}
