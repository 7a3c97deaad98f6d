// Package project finds the schema of an app's database in the app's folder: a folder of a tool's
// migrations, or a script.
package project

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Schema is a schema that belongs to an app.
type Schema struct {
	// Path is the path of a folder of migrations or of a script. It is relative to the searched
	// folder if that folder's repository contains it.
	Path string
	// Folder says that Path is a folder of migrations.
	Folder bool
	// Unreadable says why seedkit cannot read the schema, in words that follow the path. It is
	// empty for a schema that seedkit reads.
	Unreadable string
}

// Schemas returns the schemas of the app to which the folder dir belongs. It searches dir and the
// folders below dir. If they have no schema, it searches the usual places in each folder above dir,
// up to the root of the repository, and stops at the first folder that has a schema. Without a
// repository it searches only dir and the folders below.
//
// Schemas returns only the best kind that it finds, ordered by path: readable folders of
// migrations, else readable scripts, else schemas that seedkit cannot read. If it returns more than
// one schema, the caller must not choose. If dir has too many folders, the error is [ErrTooMany].
func Schemas(ctx context.Context, dir string) ([]Schema, error) {
	folders, err := above(dir)
	if err != nil {
		return nil, err
	}
	for i, folder := range folders {
		search := search{ctx: ctx, root: folder}
		if i == 0 {
			err = search.below(folder, deepest)
		} else {
			err = search.usualPlaces()
		}
		if err != nil {
			return nil, err
		}
		if best := best(append(search.found, search.scripts()...)); len(best) > 0 {
			return best, nil
		}
	}
	return nil, nil
}

// above returns dir and the folders that contain dir, up to the root of its repository. Without a
// repository it returns only dir. The paths are relative if dir is.
func above(dir string) ([]string, error) {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	folders := []string{filepath.Clean(dir)}
	for path := dir; ; path = filepath.Join(path, "..") {
		if path != dir {
			folders = append(folders, path)
		}
		if exists(abs, ".git") {
			return folders, nil
		}
		parent := filepath.Dir(abs)
		if parent == abs {
			return folders[:1], nil
		}
		abs = parent
	}
}

// best returns the schemas of the best kind, each path once.
func best(found []Schema) []Schema {
	rank := func(s Schema) int {
		switch {
		case s.Unreadable != "":
			return 2
		case !s.Folder:
			return 1
		}
		return 0
	}
	slices.SortFunc(found, func(a, b Schema) int {
		if d := rank(a) - rank(b); d != 0 {
			return d
		}
		return strings.Compare(a.Path, b.Path)
	})
	found = slices.CompactFunc(found, func(a, b Schema) bool { return a.Path == b.Path })
	for i := range found {
		if rank(found[i]) != rank(found[0]) {
			return found[:i]
		}
	}
	return found
}

func exists(elements ...string) bool {
	_, err := os.Stat(filepath.Join(elements...))
	return err == nil
}

// read lists the names in a folder, or no names if the folder cannot be read. A symbolic link
// counts as a file.
func read(dir string) folder {
	f := folder{dir: dir}
	entries, _ := os.ReadDir(dir)
	for _, e := range entries {
		if e.IsDir() {
			f.folders = append(f.folders, e.Name())
		} else {
			f.files = append(f.files, e.Name())
		}
	}
	return f
}
