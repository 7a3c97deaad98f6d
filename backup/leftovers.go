package backup

import (
	"errors"
	"os"
	"path/filepath"

	"github.com/seedkit/seedkit/internal/filelock"
)

// Leftover is what a killed backup or restore has left in a folder.
type Leftover struct {
	// Path is the path of the largest file. Of several names of one file, it is the one that is not
	// hidden.
	Path string
	// Bytes is the size of all its files.
	Bytes int64
	// Err is nil if the files were left for certain, because the process that made them has ended.
	// Otherwise it is why nobody can tell, or the error of the removal.
	Err error
}

// Leftovers returns what killed backups and restores have left in the folder dir. It does not
// return the files of a process that is at work. It removes those that were left for certain and
// for which remove returns true: hidden files, and a backup that got its name and no manifest. A
// folder that cannot be read has none.
func Leftovers(dir string, remove func(Leftover) bool) (all []Leftover) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil
	}
	for _, e := range entries {
		if !isLock(e.Name()) || !e.Type().IsRegular() {
			continue
		}
		path := filepath.Join(dir, e.Name())
		lock, err := openLeftover(path)
		if err != nil {
			// A process at work has the lock, or could not lock the file.
			files := (&lockFile{path: path}).files()
			if !errors.Is(err, filelock.ErrInUse) && len(files) > 1 {
				all = append(all, leftoverOf(files, err))
			}
			continue
		}
		all = append(all, lock.leave(remove))
	}
	return all
}

// leave describes the files of the lock file, and removes them if remove returns true.
func (l *lockFile) leave(remove func(Leftover) bool) Leftover {
	files := l.files()
	if backup := l.published(); backup != "" {
		files = append([]string{backup}, files...)
	}
	left := leftoverOf(files, nil)
	if !remove(left) {
		l.f.Close()
		return left
	}
	left.Err = l.removeAll(files)
	return left
}

func leftoverOf(paths []string, err error) Leftover {
	left := Leftover{Err: err}
	var seen []os.FileInfo
	var largest int64 = -1
	for _, path := range paths {
		info, err := os.Lstat(path)
		if err != nil {
			continue
		}
		if info.Size() > largest {
			left.Path, largest = path, info.Size()
		}
		counted := false
		for _, other := range seen {
			counted = counted || os.SameFile(info, other)
		}
		if !counted {
			left.Bytes += info.Size()
			seen = append(seen, info)
		}
	}
	return left
}
