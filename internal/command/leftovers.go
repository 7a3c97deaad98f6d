package command

import (
	"os"
	"path/filepath"
	"slices"

	"github.com/seedkit/seedkit/backup"
)

// clearLeftovers names what killed backups and restores have left in the folders, and removes what
// they have left for certain. It keeps the file at the path asked, which the user names as a
// backup.
func (t *terminal) clearLeftovers(asked string, folders ...string) {
	named, err := os.Stat(asked)
	t.leftovers(folders, func(left backup.Leftover) bool {
		found, missing := os.Lstat(left.Path)
		return err != nil || missing != nil || !os.SameFile(named, found)
	})
}

// nameLeftovers does what clearLeftovers does, but removes nothing.
func (t *terminal) nameLeftovers(folders ...string) {
	t.leftovers(folders, func(backup.Leftover) bool { return false })
}

func (t *terminal) leftovers(folders []string, remove func(backup.Leftover) bool) {
	var seen []string
	for _, dir := range folders {
		dir = filepath.Clean(dir)
		if slices.Contains(seen, dir) {
			continue
		}
		seen = append(seen, dir)
		for _, left := range backup.Leftovers(dir, remove) {
			_, gone := os.Lstat(left.Path)
			switch size := byteCount(left.Bytes); {
			case left.Err != nil:
				t.warnf("%s (%s) looks like the rest of a backup or restore that was killed, but "+
					"seedkit cannot tell or remove it: %v", left.Path, size, left.Err)
			case gone == nil:
				t.sayf("a backup or restore that was killed has left %s (%s)", left.Path, size)
			default:
				t.sayf("removed %s (%s), which a backup or restore that was killed had left",
					left.Path, size)
			}
		}
	}
}

// backupFolder returns the folder for a backup of the database: dir, or the database's if dir is
// empty.
func backupFolder(db, dir string) string {
	if dir == "" {
		return filepath.Dir(db)
	}
	return dir
}
