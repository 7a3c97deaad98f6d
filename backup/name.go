package backup

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/seedkit/seedkit/internal/journal"
	"github.com/seedkit/seedkit/internal/litefs"
	"github.com/seedkit/seedkit/internal/live"
)

// backupName is the name and the place of a backup.
type backupName struct {
	first string // the first path to try
	fixed bool   // whether first is the only path to try
	there string // the folder of first, or the innermost existing folder on its path
}

// newBackupName chooses the first name to try for the backup of the database at path db, and
// refuses a place that cannot have a backup. It creates nothing.
func newBackupName(db string, opts Options) (backupName, error) {
	name := backupName{first: opts.Path, fixed: true}
	if opts.Path == "" {
		dir := live.BackupFolder(db, opts.Dir)
		name = backupName{first: filepath.Join(dir, defaultName(db, opts))}
	}
	name.there = name.dir()
	if !name.fixed {
		var err error
		if name.there, err = live.ExistingFolder(name.dir()); err != nil {
			return name, err
		}
	}
	if err := litefs.RefuseMount(name.there); err != nil {
		return name, err
	}
	if !name.fixed {
		return name, nil
	}
	if isTaken(name.first) {
		return name, &fs.PathError{Op: "back up to", Path: name.first, Err: fs.ErrExist}
	}
	return name, refuseLeftovers(name.first)
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

// makeFolder makes the folder of a backup with a default name. The folder of a path that the caller
// has chosen must exist.
func (n backupName) makeFolder() (madeFolders, error) {
	if n.fixed {
		return nil, nil
	}
	return makeFolder(n.dir())
}

// candidate returns the i-th name to try. The first is 1.
func (n backupName) candidate(i int) string {
	if i == 1 {
		return n.first
	}
	ext := filepath.Ext(n.first)
	return fmt.Sprintf("%s-%d%s", strings.TrimSuffix(n.first, ext), i, ext)
}

// isTaken reports whether a file has the name, or the manifest or the run of a removed backup is
// there.
func isTaken(path string) bool {
	for _, p := range []string{path, ManifestPath(path), path + journal.Suffix} {
		if _, err := os.Lstat(p); err == nil {
			return true
		}
	}
	return false
}

// publish gives the verified file the first free name, writes the manifest beside it, and returns
// the name.
func (n backupName) publish(file *unfinished, manifest []byte) (string, error) {
	for i := 1; ; i++ {
		path := n.candidate(i)
		err := refuseLeftovers(path)
		if !n.fixed && (err != nil || isTaken(path)) {
			continue
		}
		if err == nil {
			err = file.publish(path)
		}
		if errors.Is(err, fs.ErrExist) && !n.fixed {
			continue
		}
		if err != nil {
			return "", err
		}
		if err := file.writeManifest(path, manifest); err != nil {
			return "", errors.Join(err, os.Remove(path))
		}
		return path, nil
	}
}

// isPathOf reports whether a recorded path was that of the database at path db: it leads to the
// same file or, if one of the files is gone, to a file of the same name.
func isPathOf(recorded, db string) bool {
	there, gone := os.Stat(recorded)
	here, missing := os.Stat(db)
	if gone != nil || missing != nil {
		return filepath.Base(recorded) == filepath.Base(db)
	}
	return os.SameFile(there, here)
}
