package dump

// flushAt is the number of bytes that a script collects before it writes them.
const flushAt = 64 << 10

// script buffers text for write. After the first error it writes no more, and flush returns that
// error.
type script struct {
	buf   []byte
	write func([]byte) error
	err   error
}

// line writes a statement, given in parts, and a line end.
func (s *script) line(parts ...string) {
	for _, part := range parts {
		s.buf = append(s.buf, part...)
	}
	s.buf = append(s.buf, '\n')
	if len(s.buf) >= flushAt {
		s.flush()
	}
}

// append writes text of any length.
func (s *script) append(text []byte) error {
	if len(s.buf)+len(text) < flushAt {
		s.buf = append(s.buf, text...)
		return s.err
	}
	if s.flush() == nil {
		s.err = s.write(text)
	}
	return s.err
}

func (s *script) flush() error {
	if s.err == nil && len(s.buf) > 0 {
		s.err = s.write(s.buf)
	}
	s.buf = s.buf[:0]
	return s.err
}
