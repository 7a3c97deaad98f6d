package atomicfile

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// CreateTemporary creates an empty file to be renamed to path later. Its name is .NAME.tmpN in the
// directory of path, with the first N that is free. Its permissions are perm less the umask;
// os.CreateTemp would not follow the umask.
//
// Once the file is renamed or removed, another process may create a file of the same name. The
// caller must not remove that file.
//
// The error is an [*fs.PathError] about path.
func CreateTemporary(path string, perm fs.FileMode) (*os.File, error) {
	const leftovers = 10_000
	dir, name := filepath.Split(path)
	for n := range leftovers {
		f, err := os.OpenFile(fmt.Sprintf("%s.%s.tmp%d", dir, name, n),
			os.O_WRONLY|os.O_CREATE|os.O_EXCL, perm)
		switch {
		case err == nil:
			return f, nil
		case !errors.Is(err, fs.ErrExist):
			return nil, &fs.PathError{Op: "create", Path: path, Err: errors.Unwrap(err)}
		}
	}
	err := fmt.Errorf("%d temporary files are in the way", leftovers)
	return nil, &fs.PathError{Op: "create", Path: path, Err: err}
}
