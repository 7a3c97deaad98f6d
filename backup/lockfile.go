package backup

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"

	"github.com/seedkit/seedkit/internal/atomicfile"
	"github.com/seedkit/seedkit/internal/filelock"
	"github.com/seedkit/seedkit/internal/journal"
)

// The suffixes of the files that belong to a lock file.
const (
	dataSuffix     = ".db"
	manifestSuffix = ".json"
)

// sideSuffixes are the suffixes of the files that SQLite may create beside a database.
var sideSuffixes = []string{"-journal", "-wal", "-shm"}

// lockFile is the file .NAME-PURPOSE.tmpN. The process that makes NAME holds a
// lock on the file, which the system releases when the process ends in whatever way. The names of
// the other temporary files begin with the name of the lock file. The lock is not on the database
// itself: closing that file would release SQLite's locks on it, and on some network file systems
// the two kinds of locks exclude each other.
type lockFile struct {
	path string
	f    *os.File
}

// lockText is the content of a lock file. It shows that the file is seedkit's. A file without it
// was never locked. A process that is killed before it writes the text leaves an empty file.
const lockText = "seedkit holds a lock on this file while it makes a backup or a database here.\n"

// createLock makes a lock file with a name that is free, and locks it. Where the system has no
// locks, the file stays empty, and nobody takes it for a leftover.
func createLock(final string, p purpose) (*lockFile, error) {
	for {
		f, err := atomicfile.CreateTemporary(final+"-"+string(p), 0o600)
		if err != nil {
			return nil, err
		}
		l := &lockFile{path: f.Name(), f: f}
		err = filelock.Try(f)
		if err != nil && !errors.Is(err, filelock.ErrInUse) {
			return l, nil
		}
		if err != nil || l.checkName() != nil { // another process takes it for a leftover
			f.Close()
			continue
		}
		if _, err := f.WriteString(lockText); err != nil {
			l.remove()
			return nil, &fs.PathError{Op: "create", Path: final, Err: errors.Unwrap(err)}
		}
		return l, nil
	}
}

// checkName returns [filelock.ErrInUse] if the file has lost its name.
func (l *lockFile) checkName() error {
	opened, err := l.f.Stat()
	if err != nil {
		return err
	}
	named, err := os.Lstat(l.path)
	if errors.Is(err, fs.ErrNotExist) || err == nil && !os.SameFile(opened, named) {
		return filelock.ErrInUse
	}
	return err
}

// openLeftover locks the lock file at path if the process that made it has ended. It returns
// [filelock.ErrInUse] if the process has not ended, and another error if nobody can tell.
func openLeftover(path string) (*lockFile, error) {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return nil, err
	}
	l := &lockFile{path: path, f: f}
	if err := l.takeOver(); err != nil {
		f.Close()
		return nil, err
	}
	return l, nil
}

// takeOver locks a lock file that another process has made. The process may have removed the file,
// and a third may have made it again.
func (l *lockFile) takeOver() error {
	text := make([]byte, len(lockText))
	n, err := l.f.ReadAt(text, 0)
	if n > 0 && (err != nil || string(text) != lockText) {
		return errNoLock
	}
	if err := filelock.Try(l.f); err != nil {
		return err
	}
	if n == 0 && len(l.files()) > 1 { // a process that could not lock the file may be at work
		return errNoLock
	}
	return l.checkName()
}

var errNoLock = errors.New("was never locked")

// removeAll removes the files, of which the lock file is the last. If one cannot be removed, the
// lock file stays, too, without the lock, so that a later run finds them.
func (l *lockFile) removeAll(files []string) (err error) {
	for _, path := range files {
		if path != l.path {
			err = errors.Join(err, os.Remove(path))
		}
	}
	if err != nil {
		l.f.Close()
		return err
	}
	l.remove()
	return nil
}

// remove removes the file before it releases the lock, so that nobody takes the file for a
// leftover. Some systems cannot remove an open file.
func (l *lockFile) remove() {
	err := os.Remove(l.path)
	l.f.Close()
	if err != nil {
		os.Remove(l.path)
	}
}

// lockName matches the name of a lock file: the final name of what is made, and its purpose.
var lockName = regexp.MustCompile(`^\.(.+)-(backup|restore|rehearsal)\.tmp[0-9]+$`)

// isLock reports whether a file has the name of a lock file.
func isLock(path string) bool { return lockName.MatchString(filepath.Base(path)) }

// files returns the paths of the temporary files that exist, the lock file last.
func (l *lockFile) files() (paths []string) {
	data := l.path + dataSuffix
	all := []string{data}
	for _, suffix := range append(sideSuffixes, journal.Suffix) {
		all = append(all, data+suffix)
	}
	for _, path := range append(all, l.path+manifestSuffix, l.path) {
		if info, err := os.Lstat(path); err == nil && info.Mode().IsRegular() {
			paths = append(paths, path)
		}
	}
	return paths
}

// published returns the path of the backup that got its final name and no manifest, or "". The
// backup is the same file as the one with the temporary name.
func (l *lockFile) published() string {
	data, err := os.Lstat(l.path + dataSuffix)
	parts := lockName.FindStringSubmatch(filepath.Base(l.path))
	if err != nil || purpose(parts[2]) != forBackup {
		return ""
	}
	name := backupName{first: filepath.Join(filepath.Dir(l.path), parts[1])}
	for i := 1; ; i++ {
		path := name.candidate(i)
		info, err := os.Lstat(path)
		if err != nil {
			return ""
		}
		_, unfinished := os.Lstat(ManifestPath(path))
		if os.SameFile(info, data) && errors.Is(unfinished, fs.ErrNotExist) {
			return path
		}
	}
}
