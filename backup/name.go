package backup

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/seedkit/seedkit/internal/live"
)

// backupName is where a backup goes.
type backupName struct {
	first string
	fixed bool   // there is no other choice
	there string // the folder, or the one that it would be made in
}

// newBackupName settles where the backup of the database at path db goes, as
// far as that can be settled before there is a file of that name.
func newBackupName(db string, opts Options) (backupName, error) {
	name := backupName{first: opts.Path, fixed: true}
	if opts.Path == "" {
		name = backupName{first: filepath.Join(live.BackupFolder(db, opts.Dir), defaultName(db, opts))}
	}
	name.there = name.dir()
	if !name.fixed {
		var err error
		if name.there, err = live.ExistingFolder(name.dir()); err != nil {
			return name, err
		}
	}
	if err := live.RefuseLiteFSFolder(db, name.there); err != nil {
		return name, err
	}
	if name.fixed && isTaken(name.first) {
		return name, &fs.PathError{Op: "back up to", Path: name.first, Err: fs.ErrExist}
	}
	return name, nil
}

func defaultName(db string, opts Options) string {
	base := filepath.Base(db)
	stem := strings.TrimSuffix(base, filepath.Ext(base))
	if opts.Now.IsZero() {
		return stem + "-backup.db"
	}
	return stem + opts.Now.UTC().Format("-20060102T150405Z") + ".db"
}

func (n backupName) dir() string { return filepath.Dir(n.first) }

// makeFolder makes the backup's folder where it is missing. One that the caller
// has named with the file must be there.
func (n backupName) makeFolder() (madeFolders, error) {
	if n.fixed {
		return nil, nil
	}
	return makeFolder(n.dir())
}

// candidate returns the i-th name to try, counted from 1.
func (n backupName) candidate(i int) string {
	if i == 1 {
		return n.first
	}
	ext := filepath.Ext(n.first)
	return fmt.Sprintf("%s-%d%s", strings.TrimSuffix(n.first, ext), i, ext)
}

// isTaken reports whether there is a backup of that name, or the manifest of
// one that was removed.
func isTaken(path string) bool {
	for _, p := range []string{path, ManifestPath(path)} {
		if _, err := os.Lstat(p); err == nil {
			return true
		}
	}
	return false
}

// publish gives the verified file its name, puts the manifest beside it and
// returns the name.
func (n backupName) publish(file *unfinished, manifest []byte) (string, error) {
	for i := 1; ; i++ {
		path := n.candidate(i)
		if !n.fixed && isTaken(path) {
			continue
		}
		err := file.publish(path)
		if errors.Is(err, fs.ErrExist) && !n.fixed {
			continue
		}
		if err != nil {
			return "", err
		}
		if err := writeManifest(path, manifest); err != nil {
			return "", errors.Join(err, os.Remove(path))
		}
		return path, nil
	}
}

// remove deletes a backup, manifest first: without it, it is none.
func (m Manifest) remove() error {
	if err := os.Remove(ManifestPath(m.Path)); err != nil {
		return err
	}
	return os.Remove(m.Path)
}
