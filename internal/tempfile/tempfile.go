// Package tempfile keeps data in a file without a name.
package tempfile

import (
	"fmt"
	"io"
	"os"
)

// File is a temporary file. Where the system allows it, the file loses its
// name at once, so that it is gone even after a kill.
type File struct{ *os.File }

// New makes a temporary file in the system's folder for these.
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
	os.Remove(f.Name()) // where it still had its name
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

// Reader returns the file from its start. Nothing may be written any more.
func (f File) Reader() (io.Reader, error) {
	_, err := f.Seek(0, io.SeekStart)
	return f.File, err
}

// CopyTo writes the file's content to w. Nothing may be written any more.
func (f File) CopyTo(w io.Writer) error {
	r, err := f.Reader()
	if err != nil {
		return err
	}
	_, err = io.Copy(w, r)
	return err
}
