package project

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// search collects the schemas in one folder.
type search struct {
	ctx   context.Context
	root  string
	found []Schema
	read  int // The number of folders.
}

// ErrTooMany reports a folder that contains more folders than an app has, so that a search of all
// of them would take long.
var ErrTooMany = errors.New("holds too many folders to look through all of them")

// mostFolders is how many folders a search may read. Apps have some hundreds, not counting those
// that the search leaves out. Tests change it.
var mostFolders = 20_000

// deepest is how many levels below the searched folder a folder of migrations may be.
// apps/web/src/db/migrations is five levels deep.
const deepest = 6

// strange holds the names of folders whose migrations do not belong to the app, but to a package, a
// test or the output of a build.
var strange = []string{
	"node_modules", "vendor", "testdata", "test", "tests", "__tests__", "fixtures", "examples",
	"dist", "build", "out", "target", "coverage", "venv", "site-packages",
}

// below searches dir and the folders in it. It follows no symbolic link and leaves out hidden
// folders.
func (s *search) below(dir string, depth int) error {
	if err := s.ctx.Err(); err != nil {
		return err
	}
	if s.read++; s.read > mostFolders {
		return fmt.Errorf("%s %w", s.root, ErrTooMany)
	}
	f := read(dir)
	s.found = append(s.found, f.models()...)
	if schema, ok := f.migrations(); ok {
		s.found = append(s.found, schema)
		return nil
	}
	if depth == 0 {
		return nil
	}
	for _, name := range f.folders {
		if strings.HasPrefix(name, ".") || slices.Contains(strange, strings.ToLower(name)) {
			continue
		}
		if err := s.below(filepath.Join(dir, name), depth-1); err != nil {
			return err
		}
	}
	return nil
}

// usual holds the places in which tools keep migrations by default. The first is the folder itself.
var usual = []string{
	".", "prisma", "prisma/migrations", "drizzle", "drizzle/migrations", "migrations",
	"db", "db/migrations", "db/migrate", "database/migrations", "src/migrations", "sql/migrations",
}

func (s *search) usualPlaces() error {
	for _, place := range usual {
		if err := s.below(filepath.Join(s.root, filepath.FromSlash(place)), 0); err != nil {
			return err
		}
	}
	return nil
}

// scripts returns the scripts that make a whole schema. Rails writes db/structure.sql, Laravel
// database/schema/sqlite-schema.sql, Ecto priv/repo/structure.sql, and developers write schema.sql.
func (s *search) scripts() (found []Schema) {
	for _, place := range []string{
		"schema.sql", "db/schema.sql", "db/structure.sql", "database/schema/sqlite-schema.sql",
		"priv/repo/structure.sql",
	} {
		path := filepath.Join(s.root, filepath.FromSlash(place))
		if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() {
			found = append(found, Schema{Path: path})
		}
	}
	return found
}
