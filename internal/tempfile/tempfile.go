// Package tempfile keeps data in a file without a name.
package tempfile

import (
	"fmt"
	"io"
	"os"
)

// File is a temporary file. If the system allows it, New removes the name of the file at once.
// Then no file remains after a kill.
type File struct{ *os.File }

// New creates a temporary file in the system's folder for temporary files.
func New() (File, error) {
	f, err := os.CreateTemp("", "seedkit-*.sql")
	if err != nil {
		return File{}, fmt.Errorf("make a temporary file: %w", err)
	}
	os.Remove(f.Name())
	return File{f}, nil
}

// Close closes and removes the file.
func (f File) Close() error {
	err := f.File.Close()
	os.Remove(f.Name()) // for systems that did not remove the name at once
	return err
}

// Rewind empties the file.
func (f File) Rewind() error {
	if err := f.Truncate(0); err != nil {
		return err
	}
	_, err := f.Seek(0, io.SeekStart)
	return err
}

// Reader returns the file from its start. The caller must not write to the file after that.
func (f File) Reader() (io.Reader, error) {
	_, err := f.Seek(0, io.SeekStart)
	return f.File, err
}

// CopyTo writes the file's content to w. The caller must not write to the file after that.
func (f File) CopyTo(w io.Writer) error {
	r, err := f.Reader()
	if err != nil {
		return err
	}
	_, err = io.Copy(w, r)
	return err
}
