//go:build unix

package live

import (
	"io/fs"

	"golang.org/x/sys/unix"
)

// CheckWritable asks the system whether the process may write to the file or folder. It does not
// write.
func CheckWritable(path string) error {
	if err := unix.Faccessat(unix.AT_FDCWD, path, unix.W_OK, unix.AT_EACCESS); err != nil {
		return &fs.PathError{Op: "write", Path: path, Err: err}
	}
	return nil
}
