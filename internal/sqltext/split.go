package sqltext

import (
	"bytes"
	"fmt"
	"io"
)

const (
	bufferSize = 256 << 10

	// lookahead is how far behind a token's end its reading may depend on
	// what follows: 1e+5 is one token, 1e+ is two.
	lookahead = 3
)

// splitter cuts a script into statements. The window buf[start:end] begins
// with the statement being read; offsets are relative to start.
type splitter struct {
	r          io.Reader
	buf        []byte
	start, end int
	pos        Position // of buf[start]

	ended bool  // the window reaches to the end of the text
	nul   bool  // which is a NUL byte
	err   error // which is where the reader broke
}

func newSplitter(r io.Reader, name string, size int) *splitter {
	return &splitter{
		r:   r,
		buf: make([]byte, size),
		pos: Position{File: name, Line: 1, Column: 1},
	}
}

func (s *splitter) window() []byte { return s.buf[s.start:s.end] }

// next returns io.EOF when nothing is left.
func (s *splitter) next() (Statement, error) {
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

// take moves the window past the statement that it returns.
func (s *splitter) take(lead, end int) Statement {
	w := s.window()
	statement := Statement{
		Position: s.pos.after(w[:lead]),
		Lead:     w[:lead:lead],
		Text:     w[lead:end:end],
	}
	s.start += end
	s.pos = statement.Position.after(statement.Text)
	return statement
}

// lead returns the offset of the first token of the next statement, or of
// the end of the text.
func (s *splitter) lead() int {
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

// token returns the kind and the end of the token at i, reading on until the
// window holds it.
func (s *splitter) token(i int) (TokenKind, int) {
	for {
		w := s.window()
		kind, n := NextToken(w[i:])
		if s.ended || i+n+lookahead <= len(w) {
			return kind, i + n
		}
		s.fill()
	}
}

// word returns the next token but white space and comments, if it is a bare
// word, and its end.
func (s *splitter) word(i int) ([]byte, int) {
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

// fill makes the window longer, unless the text has ended.
func (s *splitter) fill() {
	s.end = copy(s.buf, s.window())
	s.start = 0
	if s.end == len(s.buf) {
		s.buf = append(s.buf, make([]byte, len(s.buf))...)
	}
	for s.end < len(s.buf) && !s.ended {
		s.read()
	}
}

func (s *splitter) read() {
	n, err := s.r.Read(s.buf[s.end:])
	if i := bytes.IndexByte(s.buf[s.end:s.end+n], 0); i >= 0 {
		n = i
		s.nul, s.ended = true, true
	} else if err != nil {
		s.ended = true
		if err != io.EOF {
			s.err = fmt.Errorf("read %s: %w", s.pos.File, err)
		}
	}
	s.end += n
}

// endOfText returns io.EOF, or why the text ends before the file does.
func (s *splitter) endOfText() error {
	switch {
	case s.nul:
		return s.syntaxError(len(s.window()), "NUL byte: SQLite would read no further")
	case s.err != nil:
		return s.err
	}
	return io.EOF
}

func (s *splitter) shellCommand(i int) error {
	_, end := s.token(i + 1)
	return s.syntaxError(i, fmt.Sprintf("%q is no SQL: commands of the sqlite3 shell cannot be run here", s.window()[i:end]))
}

func (s *splitter) syntaxError(i int, msg string) error {
	return &SyntaxError{Position: s.pos.after(s.window()[:i]), Msg: msg}
}
