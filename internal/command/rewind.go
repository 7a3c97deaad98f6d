package command

import (
	"errors"
	"io"
	"os"
)

// A rewindable is standard output that is a regular file. A verb that learns late that its input is
// bad removes what it has written.
type rewindable struct {
	*os.File
	start int64
}

// newStdout returns standard output, as a [rewindable] if possible.
func newStdout(w io.Writer) output {
	f, ok := fileBehind(w)
	if !ok {
		return stdout{w}
	}
	start, err := f.Seek(0, io.SeekCurrent)
	if err != nil {
		return stdout{w}
	}
	r := rewindable{f, start}
	if r.Rewind() != nil {
		return stdout{w}
	}
	return r
}

func fileBehind(w io.Writer) (*os.File, bool) {
	f, ok := unwrapped(w).(*os.File)
	return f, ok
}

// unwrapped returns the writer that a dataWriter writes to, or w if w is none.
func unwrapped(w io.Writer) io.Writer {
	if data, ok := w.(dataWriter); ok {
		return data.Writer
	}
	return w
}

// Rewind removes what was written. It refuses to remove what another process wrote.
func (r rewindable) Rewind() error {
	info, err := r.Stat()
	if err != nil {
		return err
	}
	end, err := r.Seek(0, io.SeekCurrent)
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() || info.Size() != end {
		return errors.New("standard output is not this process's alone")
	}
	if end == r.start {
		return nil
	}
	if err := r.Truncate(r.start); err != nil {
		return err
	}
	_, err = r.Seek(r.start, io.SeekStart)
	return err
}

func (r rewindable) Commit() error { return nil }

// Close leaves standard output open, like stdout's Close.
func (r rewindable) Close() error { return nil }
