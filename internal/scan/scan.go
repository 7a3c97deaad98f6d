// Package scan reads the rows of tables, fast: from the pages of the database
// on several goroutines where that gives what SQLite would, else by stepping
// through a SELECT. Rows are the same, and in the same order, either way.
//
// Both ways go through the connection, which belongs to one goroutine at a
// time: until [Scanner.Text] and [Scanner.Same] return nobody else may use it,
// nor may what Text calls. Only [Scanner.Rows] leaves it alone while the loop
// has a row.
//
// The rows are of one moment, as those of a SELECT are.
package scan

import (
	"iter"

	"github.com/seedkit/seedkit/internal/sqlite"
)

// Method is how rows are read.
type Method int

const (
	// DecodeLarge decodes tables of more than one page.
	DecodeLarge Method = iota
	// Decode decodes wherever that is possible.
	Decode
	// Step leaves all to SQLite.
	Step
)

// Query is a plain SELECT of columns from a table.
type Query struct {
	Table string // its name
	SQL   string // SELECT columns FROM table, maybe with NOT INDEXED
}

// Scanner reads tables of a database, one after another.
type Scanner struct {
	conn   *sqlite.Conn
	method Method
	jobs   []*job // that are kept from table to table; nil before the first
}

// New returns a scanner of the database that the connection is to.
func New(c *sqlite.Conn, how Method) *Scanner { return &Scanner{conn: c, method: how} }

// Format appends a row's text. It is called on several goroutines at once, each
// with a buffer of its own. The row is good until it returns.
type Format func(text *Buffer, row []Value)

// Text hands the text of the query's rows to write, in their order and in
// pieces. With a piece comes how many more rows are whole now; some are counted
// with a later piece than the one that they end in. The text is good until write
// returns. An error of write's ends the scan.
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

// Rows yields the query's rows; an error comes last, with no row. A row is good
// until the next one. The loop may use the connection, but for changes of the
// table.
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
