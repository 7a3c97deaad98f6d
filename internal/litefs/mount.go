// Package litefs knows the files by which LiteFS shows itself: the folder that it mounts, the
// position of a database, the primary, and the folder in which it keeps its data
// (https://fly.io/docs/litefs/).
package litefs

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// MountError reports a folder that LiteFS serves. LiteFS takes every file there for a database to
// replicate, and refuses to rename one.
type MountError struct{ Dir string }

func (e *MountError) Error() string {
	return fmt.Sprintf("%s is served by LiteFS, which takes every new file for a database, and "+
		"cannot rename it", e.Dir)
}

// RefuseMount returns a [*MountError] if LiteFS serves the folder. A folder that does not exist is
// not served.
func RefuseMount(dir string) error {
	dir = filepath.Clean(dir)
	for _, own := range []string{".lag", ".primary"} {
		_, err := os.Lstat(filepath.Join(dir, own))
		if err == nil {
			return &MountError{Dir: dir}
		}
		if !errors.Is(err, fs.ErrNotExist) {
			return nil // the caller's own use of the folder fails with a better error
		}
	}
	// Before version 0.5, LiteFS shows no .lag.
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil
	}
	for _, e := range entries {
		base, positioned := strings.CutSuffix(e.Name(), "-pos")
		if _, err := os.Lstat(filepath.Join(dir, base)); positioned && base != "" && err == nil {
			return &MountError{Dir: dir}
		}
	}
	return nil
}

// beside returns the path of a file in the folder in which LiteFS shows the database. The function
// name makes the file's name from the database's. beside follows symbolic links to the database.
func beside(db string, name func(base string) string) string {
	if file, err := filepath.EvalSymlinks(db); err == nil {
		db = file
	}
	return filepath.Join(filepath.Dir(db), name(filepath.Base(db)))
}

// Primary returns the host name of the primary, and whether this is a replica that is connected to
// it. Only such a replica has the file .primary (https://fly.io/docs/litefs/primary/).
func Primary(db string) (host string, replica bool, err error) {
	return readLine(beside(db, func(string) string { return ".primary" }))
}

// readLine returns the text of a file of LiteFS without the white space around it, and whether the
// file exists.
func readLine(path string) (string, bool, error) {
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return "", false, nil
	}
	return strings.TrimSpace(string(text)), err == nil, err
}
