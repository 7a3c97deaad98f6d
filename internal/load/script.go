package load

import (
	"bytes"
	"errors"
	"io"
	"iter"
	"sync"

	"github.com/seedkit/seedkit/internal/sqltext"
)

// Part is the next piece of a script. A piece is either rows, or one statement that does anything
// other than insert literals into a table named without a schema.
type Part struct {
	Rows      *Rows // nil if the part is a statement
	Statement sqltext.Statement
}

// Script yields the parts of a script. A goroutine reads ahead of the loop and ends when the loop
// ends. A part is valid until the next iteration. An error is the last thing yielded. See
// [sqltext.Statements] for the errors and for the name.
func Script(r io.Reader, name string) iter.Seq2[Part, error] {
	return func(yield func(Part, error) bool) {
		s := newReader(r, name)
		var group sync.WaitGroup
		defer s.freeRows()
		defer group.Wait()
		defer close(s.quit)
		group.Go(s.run)
		for part := range s.parts {
			if !yield(part, nil) {
				return
			}
			if part.Rows != nil {
				s.free <- part.Rows
			}
		}
		if s.err != nil {
			yield(Part{}, s.err)
		}
	}
}

type reader struct {
	splitter *sqltext.Splitter
	insert   sqltext.Insert
	rows     *Rows // the rows being gathered, or nil
	all      [inFlight]Rows
	parts    chan Part
	free     chan *Rows
	quit     chan struct{}
	err      error // why reading ended; set before parts is closed
}

// errLeft ends the reader after the caller has left the loop.
var errLeft = errors.New("the loop was left")

// inFlight is the number of Rows that a reader uses.
const inFlight = 8

func newReader(r io.Reader, name string) *reader {
	s := &reader{
		splitter: sqltext.NewSplitter(r, name),
		parts:    make(chan Part, inFlight),
		free:     make(chan *Rows, inFlight),
		quit:     make(chan struct{}),
	}
	for i := range s.all {
		s.free <- &s.all[i]
	}
	return s
}

func (s *reader) freeRows() {
	for i := range s.all {
		s.all[i].values.Free()
	}
}

func (s *reader) run() {
	defer close(s.parts)
	for s.err == nil {
		if s.rows != nil && s.rows.tail == "" {
			s.readAhead()
		}
		if s.err == nil {
			s.err = s.next()
		}
	}
	if s.err == io.EOF {
		s.err = nil
	}
}

// readAhead reads rows from the statements that follow as long as they repeat the words of the one
// before.
func (s *reader) readAhead() {
	ahead := s.splitter.Ahead()
	position, at := s.splitter.Position(), 0
	n, err := s.insert.ReadAhead(ahead, func(offset int, values []sqltext.Value) error {
		position, at = position.After(ahead[at:offset]), offset
		return s.add(position, values)
	})
	s.splitter.Skip(n)
	s.err = err
}

func (s *reader) next() error {
	if taken, err := s.long(); taken || err != nil {
		return err
	}
	statement, err := s.splitter.Next()
	if err != nil {
		if sent := s.send(); sent != nil {
			return sent
		}
		return err
	}
	if isPlain, width := s.inspect(statement); isPlain {
		return s.addAll(statement, width)
	}
	if err := s.send(); err != nil {
		return err
	}
	return s.give(Part{Statement: sqltext.Statement{
		Position: statement.Position, Lead: bytes.Clone(statement.Lead),
		Text: bytes.Clone(statement.Text),
	}})
}

// long reads the rows of the next statement if it is an INSERT that need not be in memory.
func (s *reader) long() (taken bool, err error) {
	var position sqltext.Position
	begin := func(statement sqltext.Statement, width int) error {
		position = statement.Position
		return s.begin(statement, width)
	}
	return s.splitter.LongInsert(&s.insert, begin, func(values []sqltext.Value) error {
		return s.add(position, values)
	})
}

// inspect reports whether a statement inserts rows of literals, and how many values a row has. The
// text after the rows must not use parameters, because a parameter there would take the value of a
// row.
func (s *reader) inspect(statement sqltext.Statement) (plain bool, width int) {
	if statement.Kind() != sqltext.KindInsert || s.insert.Parse(statement) != nil ||
		s.insert.Schema != "" {
		return false, 0
	}
	for row, err := range s.insert.Rows() {
		if err != nil || width != 0 && width != len(row.Values) {
			return false, 0
		}
		width = len(row.Values)
	}
	return !bytes.ContainsAny(s.insert.Tail, "?:@$#"), width
}

// addAll adds the rows of a statement after inspect has accepted it.
func (s *reader) addAll(statement sqltext.Statement, width int) error {
	if err := s.begin(statement, width); err != nil {
		return err
	}
	for row, err := range s.insert.Rows() {
		if err != nil {
			return err
		}
		if err := s.add(statement.Position, row.Values); err != nil {
			return err
		}
	}
	return nil
}

// begin prepares for the rows of a statement that insert has parsed.
func (s *reader) begin(statement sqltext.Statement, width int) error {
	lead := statement.Lead
	if !bytes.Contains(lead, []byte("--")) && !bytes.Contains(lead, []byte("/*")) {
		lead = nil
	}
	if s.rows != nil && (len(lead) > 0 || !s.rows.fits(&s.insert, width)) {
		if err := s.send(); err != nil {
			return err
		}
	}
	if s.rows == nil {
		if err := s.take(); err != nil {
			return err
		}
		s.rows.begin(&s.insert, lead, width)
	}
	return nil
}

// add adds a row. If the rows gathered so far are full, add hands them over first.
func (s *reader) add(position sqltext.Position, values []sqltext.Value) error {
	if before := s.rows; before.isFull() || before.width != len(values) {
		if err := s.take(); err != nil {
			return err
		}
		s.rows.like(before, len(values))
		if err := s.give(Part{Rows: before}); err != nil {
			return err
		}
	}
	s.rows.add(position, values)
	return nil
}

// send hands over the rows gathered so far.
func (s *reader) send() error {
	rows := s.rows
	if rows == nil {
		return nil
	}
	s.rows = nil
	return s.give(Part{Rows: rows})
}

// take waits for empty Rows and makes them the ones that are gathered.
func (s *reader) take() error {
	select {
	case s.rows = <-s.free:
		s.rows.reset()
		return nil
	case <-s.quit:
		return errLeft
	}
}

func (s *reader) give(part Part) error {
	select {
	case s.parts <- part:
		return nil
	case <-s.quit:
		return errLeft
	}
}
