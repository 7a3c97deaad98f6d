package live

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/seedkit/seedkit/internal/sqlite"
)

// LiteFSFolderError reports that a backup would go into the folder that LiteFS serves. LiteFS takes
// every file there for a database to replicate.
type LiteFSFolderError struct{ Dir string }

func (e *LiteFSFolderError) Error() string {
	return fmt.Sprintf("%s is served by LiteFS, which cannot hold a backup", e.Dir)
}

// besideDatabase returns the path of a file in the folder in which LiteFS shows the database. The
// function name makes the file's name from the database's. besideDatabase follows symbolic links to
// the database.
func besideDatabase(db string, name func(base string) string) string {
	if file, err := filepath.EvalSymlinks(db); err == nil {
		db = file
	}
	return filepath.Join(filepath.Dir(db), name(filepath.Base(db)))
}

// primaryFile returns the path of the file that exists on a replica that is connected to its
// primary. The file holds the primary's host name (https://fly.io/docs/litefs/primary/).
func primaryFile(db string) string {
	return besideDatabase(db, func(string) string { return ".primary" })
}

// positionFile returns the path of the file that exists for each database of LiteFS. The file holds
// the database's position, TXID/checksum (https://fly.io/docs/litefs/position/).
func positionFile(db string) string {
	return besideDatabase(db, func(base string) string { return base + "-pos" })
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

// RefuseLiteFSFolder returns a [*LiteFSFolderError] if the folder is the one
// in which LiteFS shows the database.
func RefuseLiteFSFolder(db, dir string) error {
	_, replica, err := readLine(primaryFile(db))
	if err != nil {
		return err
	}
	_, positioned, err := readLine(positionFile(db))
	if err != nil || !replica && !positioned {
		return err
	}
	mount, err := os.Stat(filepath.Dir(positionFile(db)))
	if err != nil {
		return err
	}
	info, err := os.Stat(dir)
	if err == nil && os.SameFile(mount, info) {
		return &LiteFSFolderError{Dir: dir}
	}
	return err
}

// OpenAtPosition opens a snapshot of the database and returns LiteFS's position at that moment. The
// position is known if LiteFS shows the same one before and after. It is empty without LiteFS, and
// if other writes kept changing it.
func OpenAtPosition(ctx context.Context, db string) (*sqlite.Conn, string, error) {
	for tries := 10; ; tries-- {
		before, _, err := readLine(positionFile(db))
		if err != nil {
			return nil, "", err
		}
		c, err := sqlite.OpenSnapshot(ctx, db)
		if err != nil {
			return nil, "", err
		}
		after, _, err := readLine(positionFile(db))
		if err == nil && before == after {
			return c, before, nil
		}
		if err == nil && tries == 0 {
			return c, "", nil
		}
		c.Close()
		if err != nil {
			return nil, "", err
		}
	}
}
