package load

import (
	"fmt"
	"strings"

	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/sqltext"
)

// Loader inserts rows through one connection.
type Loader struct {
	c         *sqlite.Conn
	inserters map[words]*inserter
}

// NewLoader returns a Loader. The caller must close it.
func NewLoader(c *sqlite.Conn) *Loader { return &Loader{c: c, inserters: map[words]*inserter{}} }

// Close frees the compiled statements. The Loader stays usable and compiles them again. The caller
// must close the Loader before the schema changes, because the Loader checks only once whether one
// statement can insert many rows of a table.
func (l *Loader) Close() {
	for _, in := range l.inserters {
		in.full.Close()
		in.one.Close()
	}
	clear(l.inserters)
}

// RowError names the statement of a script that SQLite refuses.
type RowError struct {
	sqltext.Position
	Err error
}

func (e *RowError) Error() string { return fmt.Sprintf("%s: %v", e.Position, e.Err) }

// Unwrap returns SQLite's error.
func (e *RowError) Unwrap() error { return e.Err }

// Insert has the effect of one INSERT for every row, in order, regardless of how the script groups
// the rows into statements. An error is a [*RowError]. Rows before the refused row may stay
// inserted.
func (l *Loader) Insert(rows *Rows) error {
	in, err := l.inserter(rows)
	if err != nil {
		return &RowError{Position: rows.Position(), Err: err}
	}
	inTransaction := l.c.InTransaction()
	for at := 0; at < rows.Len(); {
		if in.most > 1 && rows.Len()-at >= in.most {
			err := in.insertMany(rows, at)
			if err == nil {
				at += in.most
				continue
			}
			if l.c.InTransaction() != inTransaction {
				// SQLite rolled the transaction back. The rows before are gone.
				return &RowError{Position: rows.positions[at], Err: err}
			}
		}
		// Inserting row by row finds the row that the error is about.
		for range min(in.most, rows.Len()-at) {
			if err := in.insertOne(rows, at); err != nil {
				return &RowError{Position: rows.positions[at], Err: err}
			}
			at++
		}
	}
	return nil
}

// mostInserters is the number of statements to keep. A script may alternate between tables.
const mostInserters = 100

func (l *Loader) inserter(rows *Rows) (*inserter, error) {
	if in := l.inserters[rows.words]; in != nil {
		return in, nil
	}
	if len(l.inserters) == mostInserters {
		l.Close()
	}
	in, err := newInserter(l.c, rows)
	if err != nil {
		return nil, err
	}
	l.inserters[rows.words] = in
	return in, nil
}

// inserter inserts the rows of some words, one by one or many at once.
type inserter struct {
	one  *sqlite.Stmt
	full *sqlite.Stmt // inserts as many rows as most says; nil if most is 1
	most int
}

// atOnce returns the number of rows of a width that one statement inserts. The number is so large
// that the cost of a statement hardly matters, and it divides [mostRows].
func atOnce(width int) int {
	const parameters = 300
	n := max(1, min(mostRows, parameters/width))
	for mostRows%n != 0 {
		n--
	}
	return n
}

func newInserter(c *sqlite.Conn, rows *Rows) (*inserter, error) {
	in := &inserter{most: atOnce(rows.width)}
	var err error
	if in.one, err = c.PrepareOne(rows.statement(1)); err != nil {
		return nil, err
	}
	alone, err := oneByOne(c, rows)
	if err == nil && alone {
		in.most = 1
	}
	if err == nil && in.most > 1 {
		in.full, err = c.PrepareOne(rows.statement(in.most))
	}
	if err != nil {
		in.one.Close()
		return nil, err
	}
	return in, nil
}

// statement returns an INSERT with parameters for n of the rows.
func (w words) statement(n int) string {
	row := "(?" + strings.Repeat(",?", w.width-1) + ")"
	return w.head + row + strings.Repeat(","+row, n-1) + " " + w.tail
}

func (in *inserter) insertOne(rows *Rows, at int) error { return rows.insert(in.one, at, 1) }

func (in *inserter) insertMany(rows *Rows, at int) error {
	return rows.insert(in.full, at, in.most)
}

func (r *Rows) insert(s *sqlite.Stmt, at, n int) error {
	if err := s.BindBatch(&r.values, at*r.width, n*r.width); err != nil {
		return err
	}
	for {
		if more, err := s.Step(); !more {
			return err
		}
	}
}
