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
}

func newInserter(c *sqlite.Conn, t *model.Table) (in *inserter, err error) {
	// With so many, the cost of a statement hardly matters. SQLite copies each page that the
	// statement changes.
	const parameters = 1600
	in = &inserter{c: c, width: len(t.Columns), most: max(1, parameters/len(t.Columns))}
	in.head = fmt.Sprintf("INSERT OR ABORT INTO %s (%s) VALUES ", quote(t.Name),
		sqltext.QuoteIdents(t.Schema.Stored()))
	in.one, err = in.prepare(1)
	return in, err
}

// prepare compiles a statement that inserts n rows.
func (in *inserter) prepare(n int) (*sqlite.Stmt, error) {
	row := "(?" + strings.Repeat(", ?", in.width-1) + ")"
	return in.c.PrepareOne(in.head + row + strings.Repeat(", "+row, n-1))
}

func (in *inserter) close() {
	in.one.Close()
	in.many.Close()
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
	return n, err
}
