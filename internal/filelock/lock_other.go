//go:build !unix

package filelock

import (
	"errors"
	"os"
)

// Try returns an error: only Unix has the lock.
func Try(*os.File) error { return errors.ErrUnsupported }

// TryShared returns an error: only Unix has the lock.
func TryShared(*os.File) error { return errors.ErrUnsupported }
