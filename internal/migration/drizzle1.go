package migration

import (
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"time"

	"github.com/seedkit/seedkit/internal/sqlite"
)

// drizzle1 reads folders as drizzle-kit lays them out from version 1 on. Each migration is a folder
// <yyyymmddhhmmss>_<name> with the script in migration.sql and the schema after it in snapshot.json
// (drizzle-kit and drizzle-orm, src/migrator.ts, v1.0.0-rc.5). Scripts are cut and run as in older
// versions.
type drizzle1 struct{}

const drizzleSnapshot = "snapshot.json"

// isDrizzle1 reports whether a folder has that layout.
func isDrizzle1(in files) bool {
	return !in.has(journalPath) && len(in.glob("*/"+drizzleSnapshot)) > 0
}

func (drizzle1) read(in files) ([]Migration, error) { return scriptFolders(in), nil }

// next makes the same files as `drizzle-kit generate --custom`: the script, and a copy of the last
// snapshot that names the last one as its predecessor.
func (drizzle1) next(f Folder, name string, now time.Time) ([]File, error) {
	last, _ := f.last()
	name = timestampAfter(digits(last.Name), now) + "_" + name
	dir := filepath.Join(f.Dir, name)
	snapshot, err := nextSnapshot1(f.files(), name)
	if err != nil {
		return nil, err
	}
	return []File{{Path: filepath.Join(dir, folderScript)},
		{filepath.Join(dir, drizzleSnapshot), snapshot}}, nil
}

// ErrBranched reports a folder whose snapshots have several ends. A merge of two branches leaves
// such a folder.
var ErrBranched = errors.New("the snapshots branch: " +
	"let drizzle-kit generate a migration that joins the branches")

// nextSnapshot1 returns a copy of the last snapshot for the migration with the given name.
// It makes the id in the same way as [nextSnapshot].
func nextSnapshot1(in files, name string) ([]byte, error) {
	snapshots := in.glob("*/" + drizzleSnapshot)
	slices.Sort(snapshots)
	var last jsonObject
	var ids, before []string
	for _, snapshot := range snapshots {
		text, err := in.read(snapshot)
		if err != nil {
			return nil, fmt.Errorf("read the snapshot: %w", err)
		}
		last = nil
		var is struct {
			ID      string
			PrevIDs []string
		}
		if err := errors.Join(json.Unmarshal(text, &last), json.Unmarshal(text, &is)); err != nil {
			return nil, fmt.Errorf("read %s: %w", in.path(snapshot), err)
		}
		ids, before = append(ids, is.ID), append(before, is.PrevIDs...)
	}
	ids = slices.DeleteFunc(ids, func(id string) bool { return slices.Contains(before, id) })
	if len(ids) != 1 {
		return nil, fmt.Errorf("%s: %w", in.named(), ErrBranched)
	}
	return snapshotAfter(ids[0], last, name)
}

// snapshotAfter returns a copy of a snapshot for the migration with the given name.
func snapshotAfter(id string, snapshot jsonObject, name string) ([]byte, error) {
	next, err := nameID(id, name)
	if err != nil {
		return nil, fmt.Errorf("read the id %s of a snapshot: %w", id, err)
	}
	return append(jsonObject{
		{"id", []byte(strconv.Quote(next))},
		{"prevIds", []byte("[" + strconv.Quote(id) + "]")},
	}, snapshot.without("id", "prevIds")...).indented()
}

// applied compares names, as the migrator does. Records of older versions have no names: for those
// the migrator compares the second in which the migration was made, and the script's hash.
func (drizzle1) applied(c *sqlite.Conn, m Migration) (bool, error) {
	const table = "__drizzle_migrations"
	named, err := recorded(c, table,
		"SELECT count(*) FROM pragma_table_info('__drizzle_migrations') WHERE name = 'name'")
	if err != nil {
		return false, err
	}
	if named {
		return recorded(c, table, "SELECT 1 FROM __drizzle_migrations WHERE name = ?", m.Version)
	}
	second := int64(-1)
	if made, err := time.Parse(timestamp, digits(m.Name)); err == nil {
		second = made.Unix()
	}
	return recorded(c, table,
		"SELECT 1 FROM __drizzle_migrations WHERE created_at / 1000 = ? OR hash = ?",
		second, fmt.Sprintf("%x", sha256.Sum256([]byte(m.SQL))))
}
