// Package scan reads the rows of tables, fast. It decodes the pages of the database on several
// goroutines if that yields the rows that SQLite would return. Otherwise it steps through a SELECT.
// The rows and their order are the same either way.
//
// Both ways use the connection, which belongs to one goroutine at a time. Until [Scanner.Text] and
// [Scanner.Same] return, nothing else may use the connection, including the functions that Text
// calls. The loop over [Scanner.Rows] may use it.
//
// All rows belong to one snapshot of the database, like the rows of a SELECT.
package scan

import (
	"iter"

	"github.com/seedkit/seedkit/internal/sqlite"
)

// Method is the way in which rows are read.
type Method int

const (
	// DecodeLarge decodes tables of more than one page.
	DecodeLarge Method = iota
	// Decode decodes every table for which that is possible.
	Decode
	// Step lets SQLite read all rows.
	Step
)

// Query is a plain SELECT of columns from a table.
type Query struct {
	Table string // the name of the table
	SQL   string // SELECT columns FROM table, optionally with NOT INDEXED
}

// Scanner reads tables of a database, one after another.
type Scanner struct {
	conn   *sqlite.Conn
	method Method
	jobs   []*job // reused from table to table; nil before the first
}

// New returns a Scanner of the connection's database.
func New(c *sqlite.Conn, how Method) *Scanner { return &Scanner{conn: c, method: how} }

// Format appends the text of a row. It is called on several goroutines at once, each with its own
// buffer. The row is valid until Format returns.
type Format func(text *Buffer, row []Value)

// Text passes the text of the query's rows to write, in order and in pieces. rows is the number of
// rows that are complete with this piece and were not counted before. A row may be counted with a
// later piece than the one that it ends in. The text is valid until write returns. An error of
// write ends the scan.
func (s *Scanner) Text(q Query, format Format, write func(text []byte, rows int64) error) error {
	d, err := s.decode(q)
	if err != nil {
		return err
	}
	if d == nil {
		return s.stepText(q, format, write)
	}
	defer d.close()
	if s.jobs == nil {
		s.jobs = newJobs()
	}
	err = newPipeline(s.jobs, d.walk, d.layout, format).run(write)
	if err != nil {
		s.jobs = nil // some are not done
	}
	return corrupt(err)
}

// Rows yields the query's rows. An error is the last thing yielded, without a row. A row is valid
// until the next iteration. The loop may use the connection, but must not change the table.
func (s *Scanner) Rows(q Query) iter.Seq2[[]Value, error] {
	return func(yield func([]Value, error) bool) {
		d, err := s.decode(q)
		switch {
		case err != nil:
			yield(nil, err)
		case d == nil:
			s.step(q)(yield)
		default:
			defer d.close()
			d.rows(yield)
		}
	}
}
