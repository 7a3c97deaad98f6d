package dump

// flushAt is how many bytes a script gathers before it writes them.
const flushAt = 64 << 10

// script is text on its way to write. After the first error nothing is written
// any more, and flush returns that error.
type script struct {
	buf     []byte
	flushAt int  // how many bytes buf gathers before they are written
	each    bool // write every statement by itself
	write   func([]byte) error
	err     error
}

// line writes a statement, given in parts, and a line end.
func (s *script) line(parts ...string) {
	for _, part := range parts {
		s.buf = append(s.buf, part...)
	}
	s.buf = append(s.buf, '\n')
	s.endStatement()
}

func (s *script) endStatement() {
	if s.each || len(s.buf) >= s.flushAt {
		s.flush()
	}
}

// flushIfFull is for the middle of a statement.
func (s *script) flushIfFull() {
	if !s.each && len(s.buf) >= s.flushAt {
		s.flush()
	}
}

func (s *script) flush() error {
	if s.err == nil && len(s.buf) > 0 {
		s.err = s.write(s.buf)
	}
	s.buf = s.buf[:0]
	return s.err
}
