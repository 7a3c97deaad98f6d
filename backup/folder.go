package backup

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/seedkit/seedkit/internal/atomicfile"
)

// madeFolders are the folders that were made for a backup, outermost first.
type madeFolders []string

// makeFolder makes the folder and its missing parents. Only their owner can read them, because a
// backup holds everything that the database holds.
func makeFolder(dir string) (madeFolders, error) {
	var missing []string
	for at := filepath.Clean(dir); ; at = filepath.Dir(at) {
		if _, err := os.Stat(at); !errors.Is(err, fs.ErrNotExist) {
			break
		}
		missing = append(missing, at)
	}
	var made madeFolders
	for len(missing) > 0 {
		last := len(missing) - 1
		path := missing[last]
		missing = missing[:last]
		err := os.Mkdir(path, 0o700)
		if errors.Is(err, fs.ErrExist) {
			continue
		}
		if err == nil {
			made = append(made, path)
			err = atomicfile.SyncDir(filepath.Dir(path))
		}
		if err != nil {
			made.removeEmpty()
			return nil, err
		}
	}
	return made, nil
}

// removeEmpty removes the folders that are still empty.
func (m madeFolders) removeEmpty() {
	for i := len(m) - 1; i >= 0; i-- {
		if os.Remove(m[i]) != nil {
			return
		}
	}
}
