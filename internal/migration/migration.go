// Package migration knows what the files of migration tools look like: how
// they are named and ordered, where seedkit's own block stands in one, and
// which tables belong to a tool and not to the app.
package migration

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
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
)

// Migration is one migration's script.
type Migration struct {
	Name string // as its tool records it
	Path string // of the file
	SQL  string
}

// Folder is a folder of migrations, in the order in which they are applied.
type Folder struct {
	Format     Format
	Migrations []Migration
}

// ErrNone reports a folder without migrations that seedkit can read.
var ErrNone = errors.New("holds no migrations: want folders with a migration.sql inside")

// scriptName is the file that Prisma reads in a migration's folder.
const scriptName = "migration.sql"

// ReadFolder reads the migrations in dir, by name, which is the order in which
// Prisma applies them.
func ReadFolder(dir string) (Folder, error) {
	paths, err := filepath.Glob(filepath.Join(escapeGlob(dir), "*", scriptName))
	if err != nil {
		return Folder{}, fmt.Errorf("list %s: %w", dir, err)
	}
	if len(paths) == 0 {
		return Folder{}, fmt.Errorf("%s %w", dir, ErrNone)
	}
	slices.Sort(paths)
	folder := Folder{Format: Prisma}
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			return Folder{}, fmt.Errorf("read migration: %w", err)
		}
		name := filepath.Base(filepath.Dir(path))
		folder.Migrations = append(folder.Migrations, Migration{Name: name, Path: path, SQL: string(text)})
	}
	return folder, nil
}

// FolderOf returns the folder of migrations that the script at path is in, or
// would be in; ok is false where path is not named as a migration is.
func FolderOf(path string) (dir string, ok bool) {
	path, err := filepath.Abs(path)
	if err != nil || filepath.Base(path) != scriptName {
		return "", false
	}
	return filepath.Dir(filepath.Dir(path)), true
}

// escapeGlob makes a path that filepath.Glob takes literally.
func escapeGlob(path string) string {
	var out []rune
	for _, r := range path {
		if slices.Contains([]rune(`*?[\`), r) && filepath.Separator != '\\' {
			out = append(out, '\\')
		}
		out = append(out, r)
	}
	return string(out)
}
