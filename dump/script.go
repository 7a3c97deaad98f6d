package dump

import "io"

// flushAt is how many bytes a script gathers before it writes them.
const flushAt = 64 << 10

// script is the text on its way to w. After the first error nothing is written
// any more, and flush returns that error.
type script struct {
	w       io.Writer
	buf     []byte
	bytes   int64        // that w has got
	flushed func() error // called after each write
	err     error
}

// line writes its parts and a line end.
func (s *script) line(parts ...string) {
	for _, part := range parts {
		s.buf = append(s.buf, part...)
	}
	s.buf = append(s.buf, '\n')
	s.flushIfFull()
}

func (s *script) flushIfFull() {
	if len(s.buf) >= flushAt {
		s.flush()
	}
}

func (s *script) flush() error {
	if s.err == nil && len(s.buf) > 0 {
		var n int
		n, s.err = s.w.Write(s.buf)
		s.bytes += int64(n)
		if err := s.flushed(); s.err == nil {
			s.err = err
		}
	}
	s.buf = s.buf[:0]
	return s.err
}
