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

// search collects the schemas that one folder has.
type search struct {
	ctx   context.Context
	root  string
	found []Schema
	read  int // folders
}

// ErrTooMany reports a folder with more folders in it than an app has, so that
// to look through all of them would take long.
var ErrTooMany = errors.New("holds too many folders to look through all of them")

// mostFolders is how many folders are looked through: what is left out of them
// not counted, apps have some hundreds. It is a variable for the tests' sake.
var mostFolders = 20_000

// deepest is how many folders lie between the folder that is searched and a
// folder of migrations at most, the latter counted:
// apps/web/src/db/migrations has five.
const deepest = 6

// strange holds the names of folders whose migrations are not the app's: those
// of packages, of tests, and what builds made.
var strange = []string{
	"node_modules", "vendor", "testdata", "test", "tests", "__tests__", "fixtures", "examples",
	"dist", "build", "out", "target", "coverage", "venv", "site-packages",
}

// below searches dir and the folders in it. It follows no symbolic link and
// leaves out hidden folders.
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

// usual holds the places in which tools keep migrations unless they are told
// otherwise. The first is the folder itself.
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

// scripts returns the scripts that make a whole schema: Rails writes
// db/structure.sql, and people keep schema.sql by hand.
func (s *search) scripts() (found []Schema) {
	for _, place := range []string{"schema.sql", "db/schema.sql", "db/structure.sql"} {
		path := filepath.Join(s.root, filepath.FromSlash(place))
		if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() {
			found = append(found, Schema{Path: path})
		}
	}
	return found
}
