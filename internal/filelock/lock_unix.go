//go:build unix

package filelock

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"
)

// Try locks the file until it is closed. It returns [ErrInUse] if another opener has the lock.
func Try(f *os.File) error { return lock(f, unix.LOCK_EX) }

// TryShared locks the file for a reader until it is closed. Several readers can lock a file. It
// returns [ErrInUse] if another opener has the lock of [Try].
func TryShared(f *os.File) error { return lock(f, unix.LOCK_SH) }

func lock(f *os.File, how int) error {
	err := unix.Flock(int(f.Fd()), how|unix.LOCK_NB)
	if errors.Is(err, unix.EWOULDBLOCK) {
		return ErrInUse
	}
	return err
}
