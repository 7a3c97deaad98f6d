package schema

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
)

// OpenScript opens the script at path. After ctx is done, OpenScript and every read return the
// context's error, also if nobody writes to a pipe or has opened it for writing. The read that
// reaches the end of a file returns [ErrScriptChanged] if the file has changed since it was opened.
func OpenScript(ctx context.Context, path string) (io.ReadCloser, error) {
	f, err := openUntil(ctx, path)
	if err != nil {
		return nil, err
	}
	before, err := f.Stat()
	if err != nil {
		f.Close()
		return nil, err
	}
	unlisten := context.AfterFunc(ctx, func() { f.Close() })
	return &scriptFile{f: f, before: before, ctx: ctx, unlisten: unlisten}, nil
}

// ErrScriptChanged reports a script that another process has written to while it was read, so that
// nobody knows what was read.
var ErrScriptChanged = errors.New("was written to while it was read")

// openUntil opens a file for reading. The system opens a pipe only when another process opens it
// for writing, and cannot be told to stop waiting: after ctx is done a goroutine waits on.
func openUntil(ctx context.Context, path string) (*os.File, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	type opened struct {
		f   *os.File
		err error
	}
	result := make(chan opened)
	go func() {
		f, err := os.Open(path)
		select {
		case result <- opened{f, err}:
		case <-ctx.Done():
			f.Close()
		}
	}()
	select {
	case o := <-result:
		return o.f, o.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

type scriptFile struct {
	f        *os.File
	before   os.FileInfo // when it was opened
	ctx      context.Context
	unlisten func() bool
}

func (s *scriptFile) Read(p []byte) (int, error) {
	n, err := s.f.Read(p)
	if err == io.EOF {
		err = s.end()
	}
	return n, s.cause(err)
}

// end returns io.EOF, or [ErrScriptChanged].
func (s *scriptFile) end() error {
	now, err := s.f.Stat()
	if err != nil {
		return err
	}
	if s.before.Mode().IsRegular() &&
		(now.Size() != s.before.Size() || !now.ModTime().Equal(s.before.ModTime())) {
		return fmt.Errorf("%s %w", s.f.Name(), ErrScriptChanged)
	}
	return io.EOF
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
