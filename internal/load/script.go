package load

import (
	"bytes"
	"errors"
	"io"
	"iter"
	"sync"

	"github.com/seedkit/seedkit/internal/sqltext"
)

// Part is what a script has next: rows, or a statement that does anything but
// insert literals into a table that it names without a schema.
type Part struct {
	Rows      *Rows // nil for a statement
	Statement sqltext.Statement
}

// Script reads a script ahead of the loop, in a goroutine that is gone when
// the loop is left. A part is good until the loop goes on. An error is the
// last thing yielded; see [sqltext.Statements] for what they are, and for the
// name.
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

// reader reads a script.
type reader struct {
	splitter *sqltext.Splitter
	insert   sqltext.Insert
	rows     *Rows // that are being gathered, nil if none are
	all      [inFlight]Rows
	parts    chan Part
	free     chan *Rows
	quit     chan struct{}
	err      error // why it ended, when parts is closed
}

// errLeft ends the reader when nobody wants more.
var errLeft = errors.New("the loop was left")

// inFlight is how many Rows there are.
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

// readAhead reads statements like the one before, as far as there are any.
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
		Position: statement.Position, Lead: bytes.Clone(statement.Lead), Text: bytes.Clone(statement.Text),
	}})
}

// inspect reports whether a statement inserts rows of literals, and how many
// values these have. What follows the rows may use no parameters, which would
// be taken for those of the rows.
func (s *reader) inspect(statement sqltext.Statement) (plain bool, width int) {
	if statement.Kind() != sqltext.KindInsert || s.insert.Parse(statement) != nil || s.insert.Schema != "" {
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

// addAll adds the rows of a statement that was inspected.
func (s *reader) addAll(statement sqltext.Statement, width int) error {
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

// add adds a row, and hands over those that are enough.
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

// send hands over the rows that were gathered.
func (s *reader) send() error {
	rows := s.rows
	if rows == nil {
		return nil
	}
	s.rows = nil
	return s.give(Part{Rows: rows})
}

// take begins with new rows.
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
