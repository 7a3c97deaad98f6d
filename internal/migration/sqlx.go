package migration

import (
	"bytes"
	"crypto/sha512"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/seedkit/seedkit/internal/sqlite"
)

// sqlx is the library of Rust, with its command sqlx-cli. It gives a script to SQLite as a whole,
// in a transaction unless the script begins with noTransaction (sqlx-core/src/migrate/source.rs and
// sqlx-sqlite/src/migrate.rs, v0.8).
type sqlx struct{}

const noTransaction = "-- no-transaction"

// The ends of the names of sqlx's scripts. A migration has one script, or one of each of the
// others.
const (
	sqlxUp   = ".up.sql"
	sqlxDown = ".down.sql"
)

func (sqlx) read(in files) (migrations []Migration, err error) {
	names, err := scripts(in)
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		number, description, ok := strings.Cut(name, "_")
		if !ok || strings.HasSuffix(description, sqlxDown) {
			continue
		}
		version, err := strconv.ParseInt(number, 10, 64)
		if err != nil {
			return nil, fmt.Errorf("%s: sqlx wants a name that begins with a number",
				in.path(name))
		}
		m := migrationAt(in, name, strconv.FormatInt(version, 10))
		m.Name = strings.TrimSuffix(m.Name, ".up")
		migrations = append(migrations, m)
	}
	return byVersion(migrations)
}

func (sqlx) parse(text string) (*Script, error) {
	s := whole(text)
	s.transaction = !strings.HasPrefix(text, noTransaction)
	if !s.transaction {
		s.style = inTransaction
	}
	s.endStatement()
	return s.wantUTF8(), nil
}

// next does what `sqlx migrate add` does: it counts on if the last two versions are counted, and
// adds a script that reverses the migration if the last migration has one. It never takes a version
// below the last one.
func (sqlx) next(f Folder, name string, now time.Time) ([]File, error) {
	last, any := f.last()
	version := now.Format(timestamp)
	if len(last.Version) >= len(version) {
		version = timestampAfter(last.Version, now)
	}
	if any && isCounted(f.Migrations) {
		const width = 4
		var err error
		if version, err = numberAfter(last.Version, width); err != nil {
			return nil, err
		}
	}
	path := filepath.Join(f.Dir, version+"_"+name)
	if strings.HasSuffix(last.Path, sqlxUp) {
		return []File{{Path: path + sqlxUp}, {Path: path + sqlxDown}}, nil
	}
	return []File{{Path: path + ".sql"}}, nil
}

// isCounted reports whether the versions of migrations are counted, as sqlx infers it.
func isCounted(migrations []Migration) bool {
	n := len(migrations)
	last, err := strconv.ParseInt(migrations[n-1].Version, 10, 64)
	if n == 1 || err != nil {
		return err == nil && last <= 1
	}
	return migrations[n-2].Version == strconv.FormatInt(last-1, 10)
}

// applied does not count a migration that failed. sqlx refuses to run at all after one.
func (sqlx) applied(c *sqlite.Conn, m Migration) (bool, error) {
	return recorded(c, "_sqlx_migrations",
		"SELECT success FROM _sqlx_migrations WHERE version = ?", m.Version)
}

// recordOf has 0 for the time that a migration took.
func (sqlx) recordOf(f Folder, now time.Time) toolRecord {
	r := toolRecord{
		table: "_sqlx_migrations",
		create: `CREATE TABLE IF NOT EXISTS _sqlx_migrations (
    version BIGINT PRIMARY KEY,
    description TEXT NOT NULL,
    installed_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
    success BOOLEAN NOT NULL,
    checksum BLOB NOT NULL,
    execution_time BIGINT NOT NULL
)`,
		insert: `INSERT INTO _sqlx_migrations
			(version, description, installed_on, success, checksum, execution_time)
			VALUES (?, ?, ?, TRUE, ?, 0)`,
	}
	for _, m := range f.Migrations {
		_, description, _ := strings.Cut(m.Name, "_")
		sum := sha512.Sum384([]byte(m.SQL))
		r.rows = append(r.rows, []any{
			m.Version, strings.ReplaceAll(description, "_", " "), now.Format(second), sum[:],
		})
	}
	return r
}

// ofSqlx reports whether the package or the workspace of Rust around a folder uses sqlx.
func ofSqlx(dir string) bool {
	return above(dir, func(dir string) bool {
		for _, name := range []string{"Cargo.toml", "Cargo.lock"} {
			text, err := os.ReadFile(filepath.Join(dir, name))
			if err == nil && bytes.Contains(text, []byte("sqlx")) {
				return true
			}
		}
		at := onDisk(dir)
		return at.has(".sqlx") || at.has("sqlx.toml")
	})
}
