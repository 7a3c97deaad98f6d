package live

import (
	"fmt"
	"os"
)

// NoSpaceError reports a folder that does not have enough free space for a file.
type NoSpaceError struct {
	Dir        string
	Need, Free int64 // in bytes
}

func (e *NoSpaceError) Error() string {
	return fmt.Sprintf("%s has %d bytes free, want %d", e.Dir, e.Free, e.Need)
}

// CheckSpace returns a [*NoSpaceError] if the folder has less than need bytes free. If the system
// does not tell how much is free, CheckSpace refuses nothing.
func CheckSpace(dir string, need int64) error {
	if _, err := os.Stat(dir); err != nil {
		return err
	}
	free, known := freeSpace(dir)
	if known && free < need {
		return &NoSpaceError{Dir: dir, Need: need, Free: free}
	}
	return nil
}
