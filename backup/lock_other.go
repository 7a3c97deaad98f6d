//go:build !unix

package backup

import (
	"errors"
	"os"
)

// tryLock returns an error: only Unix has the lock.
func tryLock(*os.File) error { return errors.ErrUnsupported }
