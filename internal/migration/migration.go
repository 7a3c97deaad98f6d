// Package migration knows the files of migration tools: their names and their order, the part of a
// file that runs, what the tool gives to SQLite, where the tool records what has run, and the place
// of seedkit's block.
//
// [Detect] finds the format of a folder, and [Format.Read] reads the folder. [Format.Parse] reads a
// script, which is one of its files. [Script.Run] changes a database as the tool would.
// [Script.NewBlock] writes statements in the form that the tool needs, and [Script.Splice] puts
// them into the script. [Folder.Next] returns the files of the next migration.
package migration

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/seedkit/seedkit/internal/sqlite"
)

// Format is a migration tool's format of files and folders.
type Format string

const (
	// SQL is a plain script. No tool records that it has run.
	SQL Format = "sql"
	// Prisma has a folder <yyyymmddhhmmss>_<name> with a migration.sql for each migration
	// (https://www.prisma.io/docs/orm/prisma-migrate).
	Prisma Format = "prisma"
	// Goose has files <version>_<name>.sql, whose parts begin with the lines "-- +goose Up" and "--
	// +goose Down" (https://pressly.github.io/goose/documentation/annotations/).
	Goose Format = "goose"
	// Dbmate has files <yyyymmddhhmmss>_<name>.sql, whose parts begin with the lines "--
	// migrate:up" and "-- migrate:down" (https://github.com/amacneil/dbmate#creating-migrations).
	Dbmate Format = "dbmate"
	// GolangMigrate has files <version>_<name>.up.sql and .down.sql
	// (https://github.com/golang-migrate/migrate/blob/master/MIGRATIONS.md).
	GolangMigrate Format = "golang-migrate"
	// Drizzle has files <tag>.sql and lists the tags in meta/_journal.json. From version 1 on, it
	// has <yyyymmddhhmmss>_<name>/migration.sql with a snapshot.json in the same folder
	// (https://orm.drizzle.team/docs/kit-overview). Wrangler may also run these files, so seedkit
	// writes them for both tools.
	Drizzle Format = "drizzle"
	// D1 is Cloudflare's database. Its command, Wrangler, has files <nnnn>_<name>.sql
	// (https://developers.cloudflare.com/d1/reference/migrations/).
	D1 Format = "d1"
	// Diesel has a folder <version>_<name> with up.sql and down.sql for each migration
	// (https://docs.rs/diesel_migrations/latest/diesel_migrations/struct.FileBasedMigrations.html).
	Diesel Format = "diesel"
	// Sqlx has files <version>_<name>.sql, or .up.sql and .down.sql
	// (https://docs.rs/sqlx/latest/sqlx/migrate/trait.MigrationSource.html).
	Sqlx Format = "sqlx"
)

// Formats lists all formats.
func Formats() []Format {
	return []Format{SQL, Prisma, Goose, Dbmate, GolangMigrate, Drizzle, D1, Diesel, Sqlx}
}

// ErrUnknownFormat reports a name that no format has.
var ErrUnknownFormat = errors.New("unknown format")

// ParseFormat returns the format with the given name.
func ParseFormat(name string) (Format, error) {
	if format := Format(name); slices.Contains(Formats(), format) {
		return format, nil
	}
	return "", fmt.Errorf(`%w "%s"`, ErrUnknownFormat, name)
}

// tool is the part of a format that differs between tools.
type tool interface {
	// read lists the migrations of a folder in the order in which they run.
	read(in files) ([]Migration, error)
	parse(text string) (*Script, error)
	// next returns the files of the migration after the folder's last one. name is a result of
	// slug.
	next(f Folder, name string, now time.Time) ([]File, error)
	applied(c *sqlite.Conn, m Migration) (bool, error)
	recordOf(f Folder, now time.Time) toolRecord
}

func (f Format) tool() tool {
	switch f {
	case Prisma:
		return prisma{}
	case Goose:
		return goose{}
	case Dbmate:
		return dbmate{}
	case GolangMigrate:
		return golangMigrate{}
	case Drizzle:
		return drizzle{}
	case D1:
		return d1{}
	case Diesel:
		return diesel{}
	case Sqlx:
		return sqlx{}
	}
	return plain{}
}

// Migration is one migration's script.
type Migration struct {
	// Name is the file's name without its ending, or the folder's name.
	Name string
	// Version is the version as the tool records it. It is empty for plain scripts.
	Version string
	// Path is the path of the file.
	Path string
	// SQL is the whole text of the file.
	SQL string
	// Program says that the migration is a Go program without SQL, which only goose can run.
	Program bool
}

// Folder is a folder of migrations in the order in which they run.
type Folder struct {
	Format     Format
	Dir        string // "" for the root of a file system that is not the disk
	Migrations []Migration

	fsys fs.FS // nil for the disk
}

// files returns the files of the folder.
func (f Folder) files() files {
	if f.fsys != nil {
		return files{FS: f.fsys}
	}
	return onDisk(f.Dir)
}

var (
	// ErrNone reports a folder without migrations that seedkit can read.
	ErrNone = errors.New("holds no migrations")
	// ErrNotRun reports a script that is not one of a folder's migrations, so that the tool never
	// runs it.
	ErrNotRun = errors.New("is not among the migrations that would run")
	// ErrProgram reports a migration whose rows only its tool can tell.
	ErrProgram = errors.New("is a migration in Go, which only goose can run")
)

// Read reads the migrations in dir in the order in which the format's tool runs them. With the
// error [ErrNone] it also returns the folder, so that [Folder.Next] can add the first migration.
func (f Format) Read(dir string) (Folder, error) {
	return f.read(Folder{Format: f, Dir: dir})
}

// read reads the migrations of a folder without migrations.
func (f Format) read(folder Folder) (Folder, error) {
	in := folder.files()
	var err error
	if folder.Migrations, err = f.tool().read(in); err != nil {
		return Folder{}, err
	}
	for i, m := range folder.Migrations {
		if m.Program {
			continue
		}
		text, err := in.readAt(m.Path)
		if err != nil {
			return Folder{}, fmt.Errorf("read migration: %w", err)
		}
		folder.Migrations[i].SQL = string(text)
	}
	if len(folder.Migrations) == 0 {
		return folder, fmt.Errorf("%s %w of %s", in.named(), ErrNone, f)
	}
	return folder, nil
}

// ReadFolder reads the migrations in dir and detects their format.
func ReadFolder(dir string) (Folder, error) {
	_, format, err := Detect(dir)
	if err != nil {
		return Folder{}, err
	}
	return format.Read(dir)
}

// ReadFS reads the migrations at the root of a file system, such as one of package embed, and
// detects their format. It does not know the format [D1], whose mark is outside of the folder.
func ReadFS(fsys fs.FS) (Folder, error) {
	format, err := detectFolder(files{FS: fsys})
	if err != nil {
		return Folder{}, err
	}
	return format.read(Folder{Format: format, fsys: fsys})
}

// At returns the migration whose script is the file at path, or [ErrNotRun].
func (f Folder) At(path string) (Migration, error) {
	want, err := os.Stat(path)
	if err != nil {
		return Migration{}, err
	}
	for _, m := range f.Migrations {
		if info, err := os.Stat(m.Path); err == nil && os.SameFile(want, info) {
			return m, nil
		}
	}
	return Migration{}, fmt.Errorf("%s %w with %s", path, ErrNotRun, f.Format)
}

// scripts lists the files of a folder whose names end in .sql, sorted by name.
func scripts(in files) (names []string, err error) {
	entries, err := in.list()
	if err != nil {
		return nil, fmt.Errorf("list migrations: %w", err)
	}
	for _, e := range entries {
		if !e.IsDir() && strings.HasSuffix(e.Name(), ".sql") {
			names = append(names, e.Name())
		}
	}
	return names, nil
}

// migrationAt returns a migration named after its file.
func migrationAt(in files, name, version string) Migration {
	return Migration{Name: strings.TrimSuffix(name, ".sql"), Version: version,
		Path: in.path(name)}
}
