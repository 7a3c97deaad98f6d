//go:build unix

package atomicfile

import (
	"errors"
	"os"
)

// SyncDir flushes the names in a directory to the disk, so that a file which was made or renamed
// there outlasts a power cut.
func SyncDir(path string) error {
	dir, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}
