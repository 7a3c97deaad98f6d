package seed

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/seedkit/seedkit/internal/sqltext"
)

// OpenScript opens the script at path. After ctx is done, every Read ends with the context's error,
// also a Read that waits for a pipe without a writer.
func OpenScript(ctx context.Context, path string) (io.ReadCloser, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	return &scriptFile{f: f, ctx: ctx, unlisten: context.AfterFunc(ctx, func() { f.Close() })}, nil
}

type scriptFile struct {
	f        *os.File
	ctx      context.Context
	unlisten func() bool
}

func (s *scriptFile) Read(p []byte) (int, error) {
	n, err := s.f.Read(p)
	return n, s.cause(err)
}

// Seek moves to another position in the file. It fails for a pipe.
func (s *scriptFile) Seek(offset int64, whence int) (int64, error) {
	n, err := s.f.Seek(offset, whence)
	return n, s.cause(err)
}

// cause returns the context's error instead of err if the context has closed the file.
func (s *scriptFile) cause(err error) error {
	if err != nil && err != io.EOF && s.ctx.Err() != nil {
		return s.ctx.Err()
	}
	return err
}

func (s *scriptFile) Close() error {
	s.unlisten()
	return s.f.Close()
}

// checkEncoding refuses a script that is not text. It returns a reader of the whole script, which
// can seek if r can.
func checkEncoding(r io.Reader, name string) (io.Reader, error) {
	first := make([]byte, sqltext.EncodingLen)
	n, err := io.ReadFull(r, first)
	first = first[:n]
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && err != io.EOF {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	if err := sqltext.CheckEncoding(first); err != nil {
		return nil, fmt.Errorf("%s %w", name, err)
	}
	if seeker, ok := r.(io.Seeker); ok {
		if _, err := seeker.Seek(int64(-n), io.SeekCurrent); err == nil {
			return r, nil
		}
	}
	return io.MultiReader(bytes.NewReader(first), r), nil
}
