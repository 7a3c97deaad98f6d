package migration

import (
	"crypto/sha256"
	"fmt"
	"strconv"
	"time"

	"github.com/seedkit/seedkit/internal/sqlite"
)

// RecordApplied writes the tool's record that all migrations of the folder have run, as the tool
// writes it at the given time, into the tool's default table. It returns the name of the table. If
// the database has the table already, RecordApplied changes nothing and returns "". No tool records
// a plain script.
func (f Folder) RecordApplied(c *sqlite.Conn, now time.Time) (table string, err error) {
	r := f.Format.tool().recordOf(f, now.UTC())
	if r.table == "" {
		return "", nil
	}
	const there = "SELECT count(*) FROM sqlite_schema WHERE name = ? COLLATE NOCASE"
	if n, err := c.Int64(there, r.table); n > 0 || err != nil {
		return "", err
	}
	if err := r.write(c); err != nil {
		return "", fmt.Errorf("record the migrations in %s: %w", r.table, err)
	}
	return r.table, nil
}

// toolRecord is what a tool records of migrations that have run.
type toolRecord struct {
	table  string
	create string // the statements of the tool that make the table
	insert string
	rows   [][]any // the parameters of insert
}

func (r toolRecord) write(c *sqlite.Conn) error {
	if err := c.ExecScript("BEGIN; " + r.create); err != nil {
		return err
	}
	defer c.Rollback()
	for _, row := range r.rows {
		if err := c.Exec(r.insert, row...); err != nil {
			return err
		}
	}
	return c.Exec("COMMIT")
}

// second is the form of CURRENT_TIMESTAMP.
const second = "2006-01-02 15:04:05"

func hashOf(m Migration) string { return fmt.Sprintf("%x", sha256.Sum256([]byte(m.SQL))) }

func (plain) recordOf(Folder, time.Time) toolRecord { return toolRecord{} }

// recordOf stores times as Prisma's engine does, or as its driver adapters do. Prisma draws ids at
// random. The ids here are made of the migrations' hashes.
func (prisma) recordOf(f Folder, now time.Time) toolRecord {
	r := toolRecord{
		table: "_prisma_migrations",
		create: `CREATE TABLE "_prisma_migrations" (
    "id"                    TEXT PRIMARY KEY NOT NULL,
    "checksum"              TEXT NOT NULL,
    "finished_at"           DATETIME,
    "migration_name"        TEXT NOT NULL,
    "logs"                  TEXT,
    "rolled_back_at"        DATETIME,
    "started_at"            DATETIME NOT NULL DEFAULT current_timestamp,
    "applied_steps_count"   INTEGER UNSIGNED NOT NULL DEFAULT 0
)`,
		insert: `INSERT INTO "_prisma_migrations"
			(id, checksum, finished_at, migration_name, started_at, applied_steps_count)
			VALUES (?, ?, ?, ?, ?, 1)`,
	}
	var at any = now.UnixMilli()
	if PrismaAdapter(f.Dir) {
		at = now.Format("2006-01-02T15:04:05.000+00:00")
	}
	for _, m := range f.Migrations {
		hash := hashOf(m)
		id := sha256.Sum256([]byte(m.Version + "\x00" + hash))
		id[6], id[8] = id[6]&0x0f|4<<4, id[8]&0x3f|0x80
		r.rows = append(r.rows, []any{
			fmt.Sprintf("%x-%x-%x-%x-%x", id[:4], id[4:6], id[6:8], id[8:10], id[10:16]), hash, at,
			m.Version, at,
		})
	}
	return r
}

// recordOf begins with version 0, as goose does.
func (goose) recordOf(f Folder, now time.Time) toolRecord {
	r := toolRecord{
		table: "goose_db_version",
		create: `CREATE TABLE goose_db_version (
		id INTEGER PRIMARY KEY AUTOINCREMENT,
		version_id INTEGER NOT NULL,
		is_applied INTEGER NOT NULL,
		tstamp TIMESTAMP DEFAULT (datetime('now'))
	)`,
		insert: "INSERT INTO goose_db_version (version_id, is_applied, tstamp) VALUES (?, 1, ?)",
		rows:   [][]any{{0, now.Format(second)}},
	}
	for _, m := range f.Migrations {
		r.rows = append(r.rows, []any{m.Version, now.Format(second)})
	}
	return r
}

func (dbmate) recordOf(f Folder, _ time.Time) toolRecord {
	r := toolRecord{
		table:  "schema_migrations",
		create: `CREATE TABLE IF NOT EXISTS "schema_migrations" (version varchar(128) primary key)`,
		insert: "INSERT INTO schema_migrations (version) VALUES (?)",
	}
	for _, m := range f.Migrations {
		r.rows = append(r.rows, []any{m.Version})
	}
	return r
}

// recordOf records the last version only.
func (golangMigrate) recordOf(f Folder, _ time.Time) toolRecord {
	r := toolRecord{
		table: "schema_migrations",
		create: "CREATE TABLE schema_migrations (version uint64,dirty bool);\n" +
			"CREATE UNIQUE INDEX version_unique ON schema_migrations (version)",
		insert: "INSERT INTO schema_migrations (version, dirty) VALUES (?, 0)",
	}
	if last, ok := f.last(); ok {
		r.rows = [][]any{{last.Version}}
	}
	return r
}

func (drizzle) recordOf(f Folder, now time.Time) toolRecord {
	if isDrizzle1(f.files()) {
		return drizzle1{}.recordOf(f, now)
	}
	r := toolRecord{
		table: "__drizzle_migrations",
		create: `CREATE TABLE IF NOT EXISTS "__drizzle_migrations" (
			id SERIAL PRIMARY KEY,
			hash text NOT NULL,
			created_at numeric
		)`,
		insert: `INSERT INTO "__drizzle_migrations" ("hash", "created_at") VALUES (?, ?)`,
	}
	for _, m := range f.Migrations {
		r.rows = append(r.rows, []any{hashOf(m), m.Version})
	}
	return r
}

// recordOf takes the time of a migration's creation from its name, as the migrator does.
func (drizzle1) recordOf(f Folder, now time.Time) toolRecord {
	r := toolRecord{
		table: "__drizzle_migrations",
		create: `CREATE TABLE IF NOT EXISTS "__drizzle_migrations" (
			id INTEGER PRIMARY KEY,
			hash text NOT NULL,
			created_at numeric,
			name text,
			applied_at TEXT
		)`,
		insert: `INSERT INTO "__drizzle_migrations" ("hash", "created_at", "name", "applied_at")
			VALUES (?, ?, ?, ?)`,
	}
	for _, m := range f.Migrations {
		var made any
		if at, err := time.Parse(timestamp, digits(m.Name)); err == nil {
			made = strconv.FormatInt(at.UnixMilli(), 10)
		}
		r.rows = append(r.rows, []any{
			hashOf(m), made, m.Version, now.Format("2006-01-02T15:04:05.000Z"),
		})
	}
	return r
}

func (d1) recordOf(f Folder, now time.Time) toolRecord {
	r := toolRecord{
		table: "d1_migrations",
		create: `CREATE TABLE d1_migrations(
		id         INTEGER PRIMARY KEY AUTOINCREMENT,
		name       TEXT UNIQUE,
		applied_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP NOT NULL
)`,
		insert: "INSERT INTO d1_migrations (name, applied_at) VALUES (?, ?)",
	}
	for _, m := range f.Migrations {
		r.rows = append(r.rows, []any{m.Version, now.Format(second)})
	}
	return r
}
