package goprogram

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/seedkit/seedkit/internal/filelock"
)

// The programs in the user's cache. Each has a folder of its own, which changes with every build,
// because the build makes a folder for work in it. So the time of the folder's last change is that
// of the program's last use.

const (
	unusedFor = 30 * 24 * time.Hour // after which a program is deleted
	workedFor = 24 * time.Hour      // after which a folder for work is what a killed build left
)

const (
	workPrefix = "work-"
	oldPrefix  = "old-" // of the names of folders that are being deleted
	lockName   = "lock"
)

// cacheFolders makes the folder for the program of a folder in the user's cache, and in it a folder
// for work. It deletes programs that nobody has used for a long time.
func cacheFolders(folder string, now time.Time) (out, work string, err error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", "", err
	}
	programs := filepath.Join(cache, "seedkit", "programs")
	hash := sha256.Sum256([]byte(folder))
	out = filepath.Join(programs, hex.EncodeToString(hash[:8]))
	if err := os.MkdirAll(programs, 0o700); err != nil {
		return "", "", err
	}
	deleteUnused(programs, now)
	// Nobody deletes the folder between its making and its change.
	lock, err := lockShared(filepath.Join(programs, lockName))
	if err != nil {
		return "", "", err
	}
	defer lock.Close()
	if err := os.MkdirAll(out, 0o700); err != nil {
		return "", "", err
	}
	deleteOld(out, workPrefix, now.Add(-workedFor))
	work, err = os.MkdirTemp(out, workPrefix)
	return out, work, err
}

// deleteUnused deletes the programs that nobody has used for a long time. Without a lock, or while
// another process has it, deleteUnused leaves the rest to the next build.
func deleteUnused(programs string, now time.Time) {
	deleteOld(programs, oldPrefix, now)
	lock, err := os.OpenFile(filepath.Join(programs, lockName), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return
	}
	defer lock.Close()
	if filelock.Try(lock) != nil {
		return
	}
	var renamed []string
	for _, name := range changedBefore(programs, "", now.Add(-unusedFor)) {
		to := filepath.Join(programs, oldPrefix+name)
		if os.Rename(filepath.Join(programs, name), to) == nil {
			renamed = append(renamed, to)
		}
	}
	lock.Close()
	for _, path := range renamed {
		_ = os.RemoveAll(path)
	}
}

// deleteOld deletes the folders with a prefix that have not changed since a time.
func deleteOld(in, prefix string, since time.Time) {
	for _, name := range changedBefore(in, prefix, since) {
		_ = os.RemoveAll(filepath.Join(in, name))
	}
}

// changedBefore returns the names of folders with a prefix that have not changed since a time.
func changedBefore(in, prefix string, since time.Time) (names []string) {
	entries, _ := os.ReadDir(in)
	for _, e := range entries {
		info, err := e.Info()
		if err == nil && info.IsDir() && strings.HasPrefix(e.Name(), prefix) &&
			info.ModTime().Before(since) {
			names = append(names, e.Name())
		}
	}
	return names
}

// lockShared opens and locks a file that [deleteUnused] locks for itself for a moment. Where the
// system has no such locks, deleteUnused deletes nothing.
func lockShared(path string) (*os.File, error) {
	lock, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	const pause = time.Millisecond
	for {
		err := filelock.TryShared(lock)
		if err == nil || errors.Is(err, errors.ErrUnsupported) {
			return lock, nil
		}
		if !errors.Is(err, filelock.ErrInUse) {
			lock.Close()
			return nil, err
		}
		time.Sleep(pause)
	}
}
