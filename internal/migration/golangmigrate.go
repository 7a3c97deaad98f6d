package migration

import (
	"cmp"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/seedkit/seedkit/internal/sqlite"
)

// golangMigrate gives a script to SQLite as a whole, in a transaction unless the database's URL
// says x-no-tx-wrap (database/sqlite/sqlite.go, v4.20).
type golangMigrate struct{}

// golangMigrateName is golang-migrate's regular expression (source/parse.go).
var golangMigrateName = regexp.MustCompile(`^([0-9]+)_(.*)\.(down|up)\.(.*)$`)

func (golangMigrate) read(in files) (migrations []Migration, err error) {
	entries, err := in.list()
	if err != nil {
		return nil, fmt.Errorf("list migrations: %w", err)
	}
	for _, e := range entries {
		match := golangMigrateName.FindStringSubmatch(e.Name())
		if e.IsDir() || match == nil || match[3] != "up" {
			continue
		}
		version, err := strconv.ParseUint(match[1], 10, 64)
		if err != nil {
			continue // golang-migrate, too, skips a name that it cannot parse
		}
		migrations = append(migrations, Migration{
			Name: match[1] + "_" + match[2], Version: strconv.FormatUint(version, 10),
			Path: in.path(e.Name()),
		})
	}
	return byVersion(migrations)
}

// byVersion sorts migrations whose versions are numbers. Two migrations with the same version are
// an error, as they are for the tools.
func byVersion(migrations []Migration) ([]Migration, error) {
	slices.SortStableFunc(migrations, func(a, b Migration) int {
		return cmp.Or(cmp.Compare(len(a.Version), len(b.Version)),
			strings.Compare(a.Version, b.Version))
	})
	for i := 1; i < len(migrations); i++ {
		if a, b := migrations[i-1], migrations[i]; a.Version == b.Version {
			return nil, fmt.Errorf("%s and %s have the same version %s", a.Path, b.Path, a.Version)
		}
	}
	return migrations, nil
}

func (golangMigrate) parse(text string) (*Script, error) {
	s := whole(text)
	s.transaction = true
	s.endStatement()
	return s, nil
}

// next counts on if the folder's migrations are counted, with as many digits. It numbers a first
// migration by time, which is golang-migrate's default.
func (golangMigrate) next(f Folder, name string, now time.Time) ([]File, error) {
	last, any := f.last()
	number := digits(last.Name)
	version := timestampAfter(number, now)
	if any && !isTimestamp(number) {
		var err error
		if version, err = numberAfter(number, len(number)); err != nil {
			return nil, err
		}
	}
	path := filepath.Join(f.Dir, version+"_"+name)
	return []File{{Path: path + ".up.sql"}, {Path: path + ".down.sql"}}, nil
}

// applied reads the one version that golang-migrate records: the last one that ran, and whether it
// failed.
func (golangMigrate) applied(c *sqlite.Conn, m Migration) (bool, error) {
	version, err := strconv.ParseInt(m.Version, 10, 64)
	if err != nil {
		return false, err
	}
	return recorded(c, "schema_migrations",
		"SELECT version > ?1 OR version = ?1 AND NOT dirty FROM schema_migrations LIMIT 1", version)
}
