package backup

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/seedkit/seedkit/internal/atomicfile"
)

// unfinished is a database file that is not complete yet. It has a temporary name in the folder of
// its final name. Only a killed process leaves the file.
type unfinished struct {
	// path is the temporary path. It is empty after publish and discard, when another process may
	// use the same temporary name.
	path string
}

// FolderError reports a folder in which no file can be created.
type FolderError struct {
	Dir string
	// File is the path of the file that would be created.
	File string
	// Err is the system's error.
	Err error
}

func (e *FolderError) Error() string {
	return fmt.Sprintf("make %s in the folder %s: %v", filepath.Base(e.File), e.Dir, e.Err)
}

// Unwrap returns the system's error.
func (e *FolderError) Unwrap() error { return e.Err }

// createUnfinished creates an empty file that only its owner can read.
func createUnfinished(final string) (*unfinished, error) {
	f, err := atomicfile.CreateTemporary(final, 0o600)
	if err != nil {
		return nil, &FolderError{filepath.Dir(final), final, errors.Unwrap(err)}
	}
	return &unfinished{f.Name()}, f.Close()
}

// flush writes the file to the disk. No connection may have the file open: closing a file releases
// all locks that the process holds on it (https://sqlite.org/howtocorrupt.html, section 2.2).
func (u *unfinished) flush() error {
	f, err := os.OpenFile(u.path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// publish gives the file its final name. It never overwrites a file: if the name is taken, the
// error is [fs.ErrExist].
func (u *unfinished) publish(final string) error {
	u.removeSideFiles()
	err := os.Link(u.path, final)
	if err == nil {
		os.Remove(u.path)
	} else if !errors.Is(err, fs.ErrExist) {
		err = u.rename(final)
	}
	if err != nil {
		return err
	}
	u.path = ""
	return atomicfile.SyncDir(filepath.Dir(final))
}

// rename renames the file if the final name is free. It is for file systems without hard links.
// There a program cannot check a name and take it in one step.
func (u *unfinished) rename(final string) error {
	if _, err := os.Lstat(final); !errors.Is(err, fs.ErrNotExist) {
		return &fs.PathError{Op: "rename", Path: final, Err: fs.ErrExist}
	}
	return os.Rename(u.path, final)
}

// discard removes the file, unless it was published.
func (u *unfinished) discard() {
	if u.path == "" {
		return
	}
	u.removeSideFiles()
	os.Remove(u.path)
	u.path = ""
}

// removeSideFiles removes the files that SQLite may have created beside the file. It must run while
// the temporary name is taken: another process that takes the name has side files of its own.
func (u *unfinished) removeSideFiles() {
	for _, suffix := range []string{"-journal", "-wal", "-shm"} {
		os.Remove(u.path + suffix)
	}
}
