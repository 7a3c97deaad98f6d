package backup

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/seedkit/seedkit/internal/atomicfile"
)

// unfinished is a database in the making. It has a temporary name, .NAME.tmpN
// in the folder of its final place, which only a killed process leaves behind.
type unfinished struct{ path string }

// FolderError reports a folder in which no file could be made.
type FolderError struct {
	Dir  string
	File string // path of the file that was to be made
	Err  error  // of the system
}

func (e *FolderError) Error() string {
	return fmt.Sprintf("make %s in the folder %s: %v", filepath.Base(e.File), e.Dir, e.Err)
}

// Unwrap returns the system's error.
func (e *FolderError) Unwrap() error { return e.Err }

// cause is the error without the path of the temporary file.
func cause(err error) error {
	if at, ok := errors.AsType[*fs.PathError](err); ok {
		return at.Err
	}
	return err
}

// createUnfinished makes an empty file that nobody but its owner can read.
func createUnfinished(final string) (*unfinished, error) {
	dir, name := filepath.Split(final)
	for n := 0; ; n++ {
		path := fmt.Sprintf("%s.%s.tmp%d", dir, name, n)
		f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
		if errors.Is(err, fs.ErrExist) {
			continue
		}
		if err != nil {
			return nil, &FolderError{filepath.Clean(dir), final, cause(err)}
		}
		return &unfinished{path}, f.Close()
	}
}

// flush brings the file to the disk. No connection may have it open: closing
// a file drops all locks that the process holds on it
// (https://sqlite.org/howtocorrupt.html#_posix_advisory_locks_canceled_by_a_separate_thread_doing_close_).
func (u *unfinished) flush() error {
	f, err := os.OpenFile(u.path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// publish gives the file its final name. A file that has that name already
// is left alone; the error is [fs.ErrExist] then.
func (u *unfinished) publish(final string) error {
	err := os.Link(u.path, final)
	if err != nil && !errors.Is(err, fs.ErrExist) {
		err = u.rename(final)
	}
	if err != nil {
		return err
	}
	u.discard()
	return atomicfile.SyncDir(filepath.Dir(final))
}

// rename is for file systems without hard links, where nothing can look and
// take a name in one step.
func (u *unfinished) rename(final string) error {
	if _, err := os.Lstat(final); !errors.Is(err, fs.ErrNotExist) {
		return &fs.PathError{Op: "rename", Path: final, Err: fs.ErrExist}
	}
	return os.Rename(u.path, final)
}

// discard removes the temporary name, and what SQLite may have put beside it.
func (u *unfinished) discard() {
	for _, suffix := range []string{"", "-journal", "-wal", "-shm"} {
		os.Remove(u.path + suffix)
	}
}
