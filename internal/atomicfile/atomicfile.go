// Package atomicfile writes a file so that a reader finds either the old content or the complete
// new content, even after an error, a kill or a power cut.
//
// The content goes to a temporary file in the same directory, named .NAME.tmpN. Commit flushes that
// file to the disk and renames it over the target. Only a process killed halfway leaves the
// temporary file. A target that is not a regular file (/dev/null, a pipe, a terminal) cannot be
// replaced, so atomicfile writes it directly.
package atomicfile

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
)

// A File is a file being written. The first Write creates the temporary file. The target changes
// only at Commit. A File is not safe for concurrent use.
type File struct {
	target   target
	f        *os.File // nil before the first Write
	err      error    // the error of the first failed Write, after which nothing can be committed
	finished bool     // whether Commit or Close has finished the File
}

// Create returns a File that will replace or create the file at path. Create follows symbolic
// links: the file that they lead to is replaced, and the links stay.
//
// A replaced file keeps its permissions. A new file gets perm less the umask. Owner and further
// hard links are not carried over. Create refuses a path that can never be written before the
// caller does any work: an empty path, a directory, a path into a missing directory, a file that
// the process may not write. The error wraps the operating system's error. Create also refuses a
// folder that LiteFS serves, where the rename fails and leaves the temporary file on each machine:
// the error is a [*litefs.MountError].
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

// ReadFrom appends the content of r. Linux copies from a file without moving the bytes through the
// process.
func (f *File) ReadFrom(r io.Reader) (int64, error) {
	if err := f.open(); err != nil {
		return 0, err
	}
	n, err := f.f.ReadFrom(r)
	f.err = err
	return n, err
}

// Rewind discards what was written so far. It fails if the target is not a regular file, even if
// nothing was written, and after a failed Write.
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

// Commit makes the written content, which may be empty, the content of the target. If a Write
// failed, Commit returns its error. When Commit returns an error, the target is unchanged, unless
// it is not a regular file.
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

// Close discards everything that was not committed. After Commit it does nothing, so callers can
// defer it.
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

// open opens the file that receives the content, if it is not open yet.
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
