package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/seedkit/seedkit/internal/project"
)

// This file is about what a verb takes from the app's folder where the command line names
// nothing. A verb says in one line what it found and chooses among no two things. What it writes
// to is never found: the command line must name that.

// findSchema returns the path of the schema that the app has, "" if it has none. Where there are
// neither migrations nor a script it is that of the development database.
func (t *terminal) findSchema(ctx context.Context) (string, error) {
	found, err := project.Schemas(ctx, ".")
	if err != nil {
		return "", err
	}
	if db, _ := foundDatabase(found); len(found) == 0 && !isEmptyFile(db) {
		found = []project.Schema{{Path: db}}
	}
	if len(found) == 0 {
		return "", nil
	}
	return t.theOne("schema", "schema", "--schema", found)
}

// findMigrations returns the folder of the app's migrations, "" if there is none.
func (t *terminal) findMigrations(ctx context.Context) (string, error) {
	found, err := project.Schemas(ctx, ".")
	if err != nil || len(found) == 0 || !found[0].Folder {
		return "", err
	}
	return t.theOne("migrations", "folder of migrations", "--dir", found)
}

// theOne returns the path of the only schema that was found, and says under what title it was.
// Where there is more than one of that kind, or seedkit cannot read it, flag is the way out.
func (t *terminal) theOne(title, kind, flag string, found []project.Schema) (string, error) {
	first := found[0]
	if first.Unreadable != "" {
		return "", unreadable(flag, found)
	}
	if len(found) > 1 {
		return "", usagef("there is more than one %s here: %s", kind, listed("and", pathsOf(found))).
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

// withDatabase lets a verb that only reads a database take the one that the app is developed with
// where the line names none.
func (t *terminal) withDatabase(verb string, run runFunc) runFunc {
	return func(ctx context.Context, args []string) error {
		if len(args) > 0 {
			return run(ctx, args)
		}
		found, err := project.Schemas(ctx, ".")
		if err != nil {
			return err
		}
		db, why := foundDatabase(found)
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

// foundDatabase returns the database that the app is developed with, "" if nothing tells; why says
// so where something names a database that cannot be read. Tools take a relative path to begin
// where their schema is, so it is given the schemas of the app.
func foundDatabase(found []project.Schema) (db, why string) {
	in := "."
	if len(found) == 1 {
		in = found[0].Path
	}
	db, why = developmentDatabase(filepath.Join(in, "migration"))
	return relative(db), why
}

// isEmptyFile reports whether there is nothing in the file at path, or no file.
func isEmptyFile(path string) bool {
	info, err := os.Stat(path)
	return err != nil || info.Size() == 0
}

// relative returns the path as seen from the present folder, if it is in there.
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
