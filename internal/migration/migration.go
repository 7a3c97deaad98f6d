// Package migration knows the files of migration tools: how they are named and
// ordered, which part of one runs, what the tool makes of that part before
// SQLite sees it, where it records what has run, and where seedkit's own block
// stands.
//
// [Detect] tells the format of a folder and [Format.Read] reads it. A script,
// one of its files, is read with [Format.Parse]: [Script.Run] does to a
// database what the tool would, [Script.NewBlock] writes statements as the
// tool needs them, [Script.Splice] puts them into the script. [Folder.Next]
// says what the next migration's files are.
package migration

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/seedkit/seedkit/internal/sqlite"
)

// Format is a migration tool's way of keeping migrations.
type Format string

const (
	// SQL is a plain script, which no tool keeps a record of.
	SQL Format = "sql"
	// Prisma keeps a folder a migration, named <yyyymmddhhmmss>_<name>,
	// with a migration.sql inside
	// (https://www.prisma.io/docs/orm/prisma-migrate).
	Prisma Format = "prisma"
	// Goose keeps <version>_<name>.sql, whose parts begin with the lines
	// "-- +goose Up" and "-- +goose Down"
	// (https://pressly.github.io/goose/documentation/annotations/).
	Goose Format = "goose"
	// Dbmate keeps <yyyymmddhhmmss>_<name>.sql, whose parts begin with the
	// lines "-- migrate:up" and "-- migrate:down"
	// (https://github.com/amacneil/dbmate#creating-migrations).
	Dbmate Format = "dbmate"
	// GolangMigrate keeps <version>_<name>.up.sql and .down.sql
	// (https://github.com/golang-migrate/migrate/blob/master/MIGRATIONS.md).
	GolangMigrate Format = "golang-migrate"
	// Drizzle keeps <tag>.sql, with the tags in meta/_journal.json; from
	// version 1 on <yyyymmddhhmmss>_<name>/migration.sql, with a snapshot.json
	// beside it (https://orm.drizzle.team/docs/kit-overview). The files may be
	// applied by Wrangler as well, so they are written for both.
	Drizzle Format = "drizzle"
	// D1 is Cloudflare's database: its command, Wrangler, keeps
	// <nnnn>_<name>.sql
	// (https://developers.cloudflare.com/d1/reference/migrations/).
	D1 Format = "d1"
)

// Formats lists all formats.
func Formats() []Format {
	return []Format{SQL, Prisma, Goose, Dbmate, GolangMigrate, Drizzle, D1}
}

// ErrUnknownFormat reports a name that is no format's.
var ErrUnknownFormat = errors.New("unknown format")

// ParseFormat returns the format of that name.
func ParseFormat(name string) (Format, error) {
	if format := Format(name); slices.Contains(Formats(), format) {
		return format, nil
	}
	return "", fmt.Errorf(`%w "%s"`, ErrUnknownFormat, name)
}

// A tool is what tells one format from another.
type tool interface {
	// read lists the migrations in a folder, in the order in which they run.
	read(dir string) ([]Migration, error)
	parse(text string) (*Script, error)
	// next returns the files that the migration after the folder's last one
	// is made of. The name is one that slug returns.
	next(f Folder, name string, now time.Time) ([]File, error)
	applied(c *sqlite.Conn, m Migration) (bool, error)
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
	}
	return plain{}
}

// Migration is one migration's script.
type Migration struct {
	Name    string // without the path and what follows the name
	Version string // as the tool records it; empty for plain scripts
	Path    string // of the file
	SQL     string // all that is in the file
	Program bool   // it is one in Go, which only goose can run, and has no SQL
}

// Folder is a folder of migrations, in the order in which they are applied.
type Folder struct {
	Format     Format
	Dir        string
	Migrations []Migration
}

var (
	// ErrNone reports a folder without migrations that seedkit can read.
	ErrNone = errors.New("holds no migrations")
	// ErrNotRun reports a script that is not among a folder's migrations, so
	// that the tool will never run it.
	ErrNotRun = errors.New("is not among the migrations that would run")
	// ErrProgram reports a migration whose rows nobody can tell without the
	// tool.
	ErrProgram = errors.New("is a migration in Go, which only goose can run")
)

// Read reads the migrations in dir, in the order in which the format's tool
// runs them. With [ErrNone] it returns a folder, too, to which [Folder.Next]
// can add the first one.
func (f Format) Read(dir string) (Folder, error) {
	folder := Folder{Format: f, Dir: dir}
	var err error
	if folder.Migrations, err = f.tool().read(dir); err != nil {
		return Folder{}, err
	}
	for i, m := range folder.Migrations {
		if m.Program {
			continue
		}
		text, err := os.ReadFile(m.Path)
		if err != nil {
			return Folder{}, fmt.Errorf("read migration: %w", err)
		}
		folder.Migrations[i].SQL = string(text)
	}
	if len(folder.Migrations) == 0 {
		return folder, fmt.Errorf("%s %w of %s", dir, ErrNone, f)
	}
	return folder, nil
}

// ReadFolder reads the migrations in dir, of whatever format they are.
func ReadFolder(dir string) (Folder, error) {
	_, format, err := Detect(dir)
	if err != nil {
		return Folder{}, err
	}
	return format.Read(dir)
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

// scripts lists the files in dir whose names end in .sql, by name.
func scripts(dir string) (names []string, err error) {
	entries, err := os.ReadDir(dir)
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

// migrationAt is the migration whose name is that of its file.
func migrationAt(dir, name, version string) Migration {
	return Migration{Name: strings.TrimSuffix(name, ".sql"), Version: version, Path: filepath.Join(dir, name)}
}
