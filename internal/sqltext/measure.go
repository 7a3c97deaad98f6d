package sqltext

import (
	"bytes"
	"fmt"
	"io"
)

// reserve makes room for a statement, and for one that is a little longer.
func (s *Splitter) reserve(n int) {
	if n == 0 {
		return
	}
	if n > len(s.buf) {
		s.grow(n + n/8)
	}
	s.measured = n
}

// measure reads on to the end of the statement, and goes back: to make the
// buffer longer again and again would take the memory of several statements. It
// returns how long the window has to be to see the end; 0 if that cannot be
// found out. It is given what semicolon returned for the window.
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

// measureOn is measure without the way back.
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
			n, err = i, io.EOF // the text ends there
		}
		length += n
		text := buf[:kept+n]
		var found bool
		resume, quote, found = semicolonBehind(quote, text, err != nil)
		switch {
		case found:
			return length - len(text[resume+1:])
		case err != nil:
			return length + 1 // to see that it ends
		}
		kept = copy(buf, text[resume:])
	}
	return 0
}

// semicolonBehind is [semicolon] for text that starts within a token which the
// quote closes, if it is not 0. The offset is the end of text where the quote
// is to be looked for in what follows.
func semicolonBehind(quote byte, text []byte, ended bool) (int, byte, bool) {
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
