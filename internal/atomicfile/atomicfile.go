// Package atomicfile writes a file so that a reader finds either the old content or the whole
// of the new one, whatever happens in between: an error, a kill, a power cut.
//
// The content goes to a temporary file in the same directory, named .NAME.tmpN, which Commit
// flushes to the disk and renames over the target. Only a process killed halfway leaves the
// temporary file behind. What is no regular file (/dev/null, a pipe, a terminal) cannot be
// replaced and is written directly.
package atomicfile

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
)

// A File is a file being written. Nothing is opened before the first Write, and nothing is
// seen under the target's name before Commit. It is not safe for concurrent use.
type File struct {
	target   target
	f        *os.File // nil before the first Write
	err      error    // of the first Write that failed: its content must not be committed
	finished bool     // by Commit or Close
}

// Create returns a File that will replace the one at path, or make it. Symbolic links are
// followed: the file that they lead to is replaced and the links stay.
//
// A file that is replaced keeps its permissions; a new one gets perm less the umask. Owner and
// further hard links are not carried over. What could never be written is refused here, before
// the caller works for it: an empty path, a directory, a path into no directory, a file that
// the process may not write. The error wraps the operating system's.
func Create(path string, perm fs.FileMode) (*File, error) {
	t, err := findTarget(path, perm)
	if err != nil {
		return nil, fmt.Errorf(`create "%s": %w`, path, err)
	}
	return &File{target: t}, nil
}

// Write appends p to the content. After an error the File can only be closed.
func (f *File) Write(p []byte) (int, error) {
	if err := f.open(); err != nil {
		return 0, err
	}
	n, err := f.f.Write(p)
	f.err = err
	return n, err
}

// ReadFrom appends what r has. Linux copies from a file without reading the bytes into the
// process.
func (f *File) ReadFrom(r io.Reader) (int64, error) {
	if err := f.open(); err != nil {
		return 0, err
	}
	n, err := f.f.ReadFrom(r)
	f.err = err
	return n, err
}

// Rewind takes back what was written. It is an error where that cannot be taken back, even if
// nothing was written: in what is no regular file, and after an error of Write.
func (f *File) Rewind() error {
	switch {
	case f.finished:
		return fs.ErrClosed
	case f.target.irregular:
		return errors.ErrUnsupported
	case f.err != nil || f.f == nil:
		return f.err
	}
	if f.err = f.f.Truncate(0); f.err == nil {
		_, f.err = f.f.Seek(0, io.SeekStart)
	}
	return f.err
}

// Commit makes the content that was written, none of it perhaps, the content of the target.
// It returns the error of the Write that failed, if one did. When Commit returns an error the
// target is as it was, unless it is no regular file.
func (f *File) Commit() error {
	if err := f.open(); err != nil {
		f.Close()
		return err
	}
	if f.target.irregular {
		return f.Close()
	}
	err := f.f.Sync()
	if err == nil {
		err = f.f.Close()
	}
	if err == nil {
		err = os.Rename(f.f.Name(), f.target.path)
	}
	if err != nil {
		f.Close()
		return err
	}
	f.finished = true
	// An error is passed over: the rename is done, and whichever of the two files the directory
	// names after a power cut, that file is whole.
	_ = SyncDir(f.target.dir())
	return nil
}

// Close discards what was not committed. After Commit it does nothing, so that it can be
// deferred.
func (f *File) Close() error {
	if f.finished {
		return nil
	}
	f.finished = true
	if f.f == nil {
		return nil
	}
	err := f.f.Close()
	if f.target.irregular {
		return err
	}
	return os.Remove(f.f.Name())
}

// open opens what the content goes to, if it is not open yet.
func (f *File) open() error {
	switch {
	case f.finished:
		return fs.ErrClosed
	case f.err != nil || f.f != nil:
		return f.err
	}
	f.f, f.err = f.target.open()
	return f.err
}
