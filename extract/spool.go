package extract

import (
	"fmt"
	"io"
	"os"
)

// spool keeps what is written in a file that is gone when it is discarded.
type spool struct{ f *os.File }

func newSpool() (*spool, error) {
	f, err := os.CreateTemp("", "seedkit-*.sql")
	if err != nil {
		return nil, fmt.Errorf("make a temporary file: %w", err)
	}
	os.Remove(f.Name()) // nothing is left even if the process is killed, where a file that is open can be removed
	return &spool{f}, nil
}

func (s *spool) Write(p []byte) (int, error) { return s.f.Write(p) }

// reader returns the spool from its start.
func (s *spool) reader() (io.Reader, error) {
	_, err := s.f.Seek(0, io.SeekStart)
	return s.f, err
}

func (s *spool) copyTo(w io.Writer) error {
	r, err := s.reader()
	if err != nil {
		return err
	}
	_, err = io.Copy(w, r)
	return err
}

func (s *spool) discard() {
	s.f.Close()
	os.Remove(s.f.Name())
}
