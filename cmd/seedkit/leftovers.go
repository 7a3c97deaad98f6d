package main

import (
	"path/filepath"
	"slices"

	"github.com/seedkit/seedkit/backup"
)

// clearLeftovers names what killed backups and restores have left in the folders. It removes what
// they have left for certain, unless keep is set.
func (t *terminal) clearLeftovers(keep bool, folders ...string) {
	var seen []string
	for _, dir := range folders {
		dir = filepath.Clean(dir)
		if slices.Contains(seen, dir) {
			continue
		}
		seen = append(seen, dir)
		for _, left := range backup.Leftovers(dir, !keep) {
			switch size := byteCount(left.Bytes); {
			case left.Err != nil:
				t.warnf("%s (%s) looks like the rest of a backup or restore that was killed, but "+
					"seedkit cannot tell or remove it: %v", left.Path, size, left.Err)
			case keep:
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
