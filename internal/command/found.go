package command

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/seedkit/seedkit/internal/project"
)

// This file finds in the app's folder what the command line does not name. A verb says in one line
// what it found, and never chooses between two candidates. A verb never finds what it writes to:
// the command line must name that.

// findSchema returns the path of the schema of the app in the folder dir, or "" if the app has
// none. If there are neither migrations nor a script, the schema is that of the development
// database.
func (t *terminal) findSchema(ctx context.Context, dir string) (string, error) {
	found, err := project.Schemas(ctx, dir)
	if err != nil {
		return "", err
	}
	if db, _ := foundDatabase(dir, found); len(found) == 0 && !isEmptyFile(db) {
		found = []project.Schema{{Path: db}}
	}
	if len(found) == 0 {
		return "", nil
	}
	return t.theOne("schema", "schema", "--schema", found)
}

// findMigrations returns the folder of the app's migrations, or "" if there is none.
func (t *terminal) findMigrations(ctx context.Context) (string, error) {
	found, err := project.Schemas(ctx, ".")
	if err != nil || len(found) == 0 || !found[0].Folder {
		return "", err
	}
	return t.theOne("migrations", "folder of migrations", "--dir", found)
}

// theOne returns the path of the only schema in found, and tells the user what it took under title.
// If there are several schemas of that kind, or if seedkit cannot read the schema, the error names
// flag as the way out.
func (t *terminal) theOne(title, kind, flag string, found []project.Schema) (string, error) {
	first := found[0]
	if first.Unreadable != "" {
		return "", unreadable(flag, found)
	}
	if len(found) > 1 {
		paths := listed("and", pathsOf(found))
		return "", usagef("there is more than one %s here: %s", kind, paths).
			hintf("%s names the one that is meant", flag)
	}
	t.json.find(title, first.Path)
	t.sayf("%s: %s", title, first.Path)
	return first.Path, nil
}

// unreadable is the error for an app whose schema only other tools can read.
func unreadable(flag string, found []project.Schema) error {
	others := ""
	if n := len(found) - 1; n > 0 {
		others = fmt.Sprintf(", and %d more like it", n)
	}
	err := usagef("seedkit cannot read the schema of this app: %s %s%s",
		found[0].Path, found[0].Unreadable, others)
	if flag == "--schema" {
		return err.hintf("--schema takes a database that has the schema, or a script that makes it")
	}
	return err.hintf("%s names a folder of migrations that are SQL", flag)
}

// pathsOf returns the paths of the first few schemas.
func pathsOf(found []project.Schema) []string {
	const most = 5
	var paths []string
	for i, s := range found {
		if i == most {
			return append(paths, fmt.Sprintf("%d more", len(found)-most))
		}
		paths = append(paths, s.Path)
	}
	return paths
}

// A runFunc does a verb's work.
type runFunc = func(ctx context.Context, args []string) error

// withDatabase makes a verb that only reads a database take the app's development database if the
// command line names none.
func (t *terminal) withDatabase(verb string, run runFunc) runFunc {
	return func(ctx context.Context, args []string) error {
		if len(args) > 0 {
			return run(ctx, args)
		}
		found, err := project.Schemas(ctx, ".")
		if err != nil {
			return err
		}
		db, why := foundDatabase(".", found)
		if db == "" {
			if why == "" {
				why = "neither DATABASE_URL nor .env names a database that is there"
			}
			return usagef("%s needs DB: %s", verb, why).hintf("write: seedkit %s DB", verb)
		}
		t.json.find("database", db)
		t.sayf("database: %s", db)
		return run(ctx, []string{db})
	}
}

// foundDatabase returns the development database of the app in the folder dir, or "" if nothing
// names one. If something names a database that seedkit cannot read, why says so. Tools resolve a
// relative path from the folder of their schema, so found has the app's schemas.
func foundDatabase(dir string, found []project.Schema) (db, why string) {
	in := dir
	if len(found) == 1 {
		in = found[0].Path
	}
	db, why = developmentDatabase(filepath.Join(in, "migration"))
	return relative(db), why
}

// isEmptyFile reports whether the file at path is empty or missing.
func isEmptyFile(path string) bool {
	info, err := os.Stat(path)
	return err != nil || info.Size() == 0
}

// relative returns path relative to the working directory if path is inside it.
func relative(path string) string {
	here, err := filepath.Abs(".")
	if err != nil || !filepath.IsAbs(path) {
		return path
	}
	if rel, err := filepath.Rel(here, path); err == nil && !strings.HasPrefix(rel, "..") {
		return rel
	}
	return path
}
