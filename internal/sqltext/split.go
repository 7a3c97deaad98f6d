package sqltext

import (
	"bytes"
	"fmt"
	"io"
)

const (
	bufferSize = 512 << 10

	// lookahead is the number of bytes after a token that can change how the token is read: 1e+5 is
	// one token, 1e+ is two.
	lookahead = 3
)

// Splitter splits a script into statements like [Statements], for callers that examine the text
// before it is split.
//
// The window buf[start:end] begins with the statement being read. Offsets are relative to start.
type Splitter struct {
	r          io.Reader
	buf        []byte
	start, end int
	size       int    // the length of buf and the window until a statement is longer
	measured   int    // the length of the window that the last measured statement needs
	passing    []byte // the buffer for measuring
	name       string
	pos        Position // the position of buf[start]

	ended bool  // the window reaches to the end of the text
	nul   bool  // the text ended at a NUL byte
	err   error // the error of r that ended the text
}

// NewSplitter returns a Splitter of the script that r reads. The name is the file name in
// positions.
func NewSplitter(r io.Reader, name string) *Splitter { return newSplitter(r, name, bufferSize) }

func newSplitter(r io.Reader, name string, size int) *Splitter {
	return &Splitter{
		r:    r,
		buf:  make([]byte, size),
		size: size,
		name: name,
		pos:  Position{File: name, Line: 1, Column: 1},
	}
}

func (s *Splitter) window() []byte { return s.buf[s.start:s.end] }

// Ahead returns the text that has been read after the last statement. It is empty at first, and it
// often ends within a statement. It is valid until the next call of a method.
func (s *Splitter) Ahead() []byte { return s.window() }

// Position returns the position of the first byte of [Splitter.Ahead].
func (s *Splitter) Position() Position { return s.pos }

// Skip passes over the first n bytes of [Splitter.Ahead], which must be complete statements. It
// reads more text if little is left.
func (s *Splitter) Skip(n int) {
	s.pos = s.pos.After(s.window()[:n])
	s.start += n
	if len(s.window()) < s.size/2 && n > 0 && !s.ended {
		// fill moves the rest of the window, so it must run seldom.
		s.fill()
	}
}

// Next returns the next statement, which is valid until the next call of a method, or io.EOF at the
// end. After an error there is no next statement.
func (s *Splitter) Next() (Statement, error) {
	lead := s.lead()
	if lead == len(s.window()) {
		if lead > 0 {
			return s.take(lead, lead), nil
		}
		return Statement{}, s.endOfText()
	}
	if s.window()[lead] == '.' {
		return Statement{}, s.shellCommand(lead)
	}
	end, err := s.statementEnd(lead)
	if err != nil {
		return Statement{}, err
	}
	return s.take(lead, end), nil
}

// take moves the window past a statement and returns the statement.
func (s *Splitter) take(lead, end int) Statement {
	w := s.window()
	statement := Statement{
		Position: s.pos.After(w[:lead]),
		Lead:     w[:lead:lead],
		Text:     w[lead:end:end],
	}
	s.start += end
	s.pos = statement.Position.After(statement.Text)
	return statement
}

// lead returns the offset of the first token of the next statement, or the offset of the end of the
// text.
func (s *Splitter) lead() int {
	for i := 0; ; {
		kind, end := s.token(i)
		switch kind {
		case TokSpace, TokComment, TokSemicolon:
			i = end
		default:
			return i
		}
	}
}

// token returns the kind and the end of the token at i. It reads more text until the window
// contains the token.
func (s *Splitter) token(i int) (TokenKind, int) {
	for {
		w := s.window()
		kind, n := NextToken(w[i:])
		if s.ended || i+n+lookahead <= len(w) {
			return kind, i + n
		}
		s.fill()
	}
}

// word returns the next token, other than white space and comments, if it is a bare word, and the
// end of the token.
func (s *Splitter) word(i int) ([]byte, int) {
	for {
		kind, end := s.token(i)
		switch kind {
		case TokSpace, TokComment:
			i = end
		case TokWord:
			return s.window()[i:end], end
		default:
			return nil, i
		}
	}
}

// fill extends the window, unless the text has ended.
func (s *Splitter) fill() {
	size := s.size
	if n := len(s.window()); n >= size {
		size = 2 * n
		if n < s.measured {
			size = min(size, s.measured)
		}
	}
	if size > len(s.buf) {
		s.grow(size)
	}
	s.start, s.end = 0, copy(s.buf, s.window())
	for s.end < size && !s.ended {
		s.end += s.read(s.buf[s.end:size])
	}
}

func (s *Splitter) grow(size int) {
	buf := make([]byte, size)
	s.start, s.end = 0, copy(buf, s.window())
	s.buf = buf
}

// read reads the text that follows the window.
func (s *Splitter) read(p []byte) int {
	n, err := s.r.Read(p)
	if i := bytes.IndexByte(p[:n], 0); i >= 0 {
		n = i
		s.nul, s.ended = true, true
	} else if err != nil {
		s.ended = true
		if err != io.EOF {
			s.err = fmt.Errorf("read %s: %w", s.name, err)
		}
	}
	return n
}

// endOfText returns io.EOF, or the reason why the text ends before the file.
func (s *Splitter) endOfText() error {
	switch {
	case s.nul:
		return s.syntaxError(len(s.window()), "NUL byte: SQLite would read no further")
	case s.err != nil:
		return s.err
	}
	return io.EOF
}

func (s *Splitter) shellCommand(i int) error {
	_, end := s.token(i + 1)
	const format = "%q is no SQL: commands of the sqlite3 shell cannot be run here"
	return s.syntaxError(i, fmt.Sprintf(format, s.window()[i:end]))
}

func (s *Splitter) syntaxError(i int, msg string) error {
	return &SyntaxError{Position: s.pos.After(s.window()[:i]), Msg: msg}
}
