package live

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// ExistingFolder returns the innermost folder of the path dir that exists: dir, or the folder in
// which dir would be made.
func ExistingFolder(dir string) (string, error) {
	at := filepath.Clean(dir)
	for {
		info, err := os.Stat(at)
		switch {
		case errors.Is(err, fs.ErrNotExist) && filepath.Dir(at) != at:
			at = filepath.Dir(at)
		case err != nil:
			return "", err
		case !info.IsDir():
			return "", &fs.PathError{Op: "back up to", Path: at, Err: syscall.ENOTDIR}
		default:
			return at, nil
		}
	}
}

// FolderError reports a folder in which no file can be created.
type FolderError struct {
	Dir string
	// File is the path of the file that would be created. It is empty if nobody has tried.
	File string
	// Err is the system's error.
	Err error
}

func (e *FolderError) Error() string {
	what := "files"
	if e.File != "" {
		what = filepath.Base(e.File)
	}
	return fmt.Sprintf("make %s in the folder %s: %v", what, e.Dir, e.Err)
}

// Unwrap returns the system's error.
func (e *FolderError) Unwrap() error { return e.Err }
