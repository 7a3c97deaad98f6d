package sqltext

import (
	"bytes"
	"fmt"
	"io"
)

// reserve makes room for a statement of n bytes and for a slightly longer one.
func (s *Splitter) reserve(n int) {
	if n == 0 {
		return
	}
	if n > len(s.buf) {
		s.grow(n + n/8)
	}
	s.measured = n
}

// measure reads ahead to the end of the statement and then seeks back. Repeated growth of the
// buffer would take the memory of several statements. The arguments are those that semicolon
// returned for the window. measure returns the length of the window that shows the end of the
// statement, or 0 if it cannot measure.
func (s *Splitter) measure(resume int, quote byte) int {
	seeker, ok := s.r.(io.Seeker)
	if !ok {
		return 0
	}
	here, err := seeker.Seek(0, io.SeekCurrent)
	if err != nil {
		return 0
	}
	n := s.measureOn(resume, quote)
	if _, err := seeker.Seek(here, io.SeekStart); err != nil {
		s.ended, s.err = true, fmt.Errorf("read %s: %w", s.name, err)
	}
	return n
}

// measureOn does the reading for measure and does not seek back.
func (s *Splitter) measureOn(resume int, quote byte) int {
	if s.passing == nil {
		s.passing = make([]byte, s.size)
	}
	length, buf, kept := len(s.window()), s.passing, 0
	if quote == 0 {
		kept = copy(buf, s.window()[resume:])
	}
	for kept < len(buf) {
		n, err := s.r.Read(buf[kept:])
		if i := bytes.IndexByte(buf[kept:kept+n], 0); i >= 0 {
			n, err = i, io.EOF // the text ends here
		}
		length += n
		text := buf[:kept+n]
		var found bool
		resume, quote, found = semicolonAfter(quote, text, err != nil)
		switch {
		case found:
			return length - len(text[resume+1:])
		case err != nil:
			return length + 1 // one more byte, which shows that the statement ends here
		}
		kept = copy(buf, text[resume:])
	}
	return 0
}

// semicolonAfter does the work of [semicolon] for text that starts within a token. quote closes
// that token; 0 means that the text starts between tokens. The offset is the end of text if the
// search for the quote must go on in the text that follows.
func semicolonAfter(quote byte, text []byte, ended bool) (int, byte, bool) {
	i := 0
	if quote != 0 {
		i = bytes.IndexByte(text, quote) + 1
	}
	if quote != 0 && i == 0 {
		return len(text), quote, false
	}
	at, quote, found := semicolon(text, i, ended)
	if quote != 0 {
		at = len(text)
	}
	return at, quote, found
}
