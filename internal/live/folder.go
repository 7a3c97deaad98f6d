package live

import (
	"errors"
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
