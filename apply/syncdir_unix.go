//go:build unix

package apply

import (
	"errors"
	"os"
)

// syncDir brings a folder's names to the disk.
func syncDir(path string) error {
	dir, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}
