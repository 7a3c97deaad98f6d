// Package layout holds the house to its rules, which docs/architecture.md gives the reasons of: which room may
// import which, what a verb's API may mention, what has no place anywhere.
package layout

import (
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// A room is the packages whose path matches a pattern of path.Match, and the patterns of what they
// may import of this module. Tests may import what they like.
type room struct {
	path    string
	imports []string
	because string
}

var rooms = []room{
	{"cmd/seedkit", []string{"*", "fixtures/*", "internal/*"}, "the command puts everything together"},
	{"fixtures/*", []string{"generate"}, "built-in fixtures are written as a user's would be"},
	{"generate", []string{"internal/*"}, "verbs never import each other: what passes between them is data"},
	{"dump", []string{"internal/*"}, "verbs never import each other: what passes between them is data"},
	{"extract", []string{"internal/*"}, "verbs never import each other: what passes between them is data"},
	{"backup", []string{"internal/*"}, "a backup is made of any database, whatever is to come"},
	{"apply", []string{"backup", "internal/*"}, "verbs never import each other, but nothing is applied without a backup"},
	{"internal/live", []string{"internal/sqlite"}, "a database in use is looked at without regard to what is to be written"},
	{"internal/testdb", []string{"internal/sqlite"}, "tests of several packages need the same databases"},
	{"internal/seed", []string{"internal/load", "internal/migration", "internal/nearest", "internal/rowdiff", "internal/schema", "internal/sqlite", "internal/sqltext"}, "a seed is an open database, whatever it was made of"},
	{"internal/transcribe", []string{"internal/load", "internal/migration", "internal/portable", "internal/rowdiff", "internal/scan", "internal/schema", "internal/sqlite", "internal/sqltext"}, "rows are copied from text, and compared with what became of them"},
	{"internal/rowdiff", []string{"internal/scan", "internal/schema", "internal/sqlite", "internal/sqltext"}, "rows are compared by the keys of the schema"},
	{"internal/timeform", []string{"internal/migration", "internal/schema", "internal/sqlite", "internal/sqltext"}, "a column's form is told by rows, wherever they are"},
	{"internal/scan", []string{"internal/btree", "internal/sqlite"}, "rows are read without regard to what becomes of them"},
	{"internal/schema", []string{"internal/migration", "internal/sqlite", "internal/sqltext"}, "a schema is what SQLite makes of the migrations"},
	{"internal/migration", []string{"internal/sqlite", "internal/sqltext"}, "migrations are read before there is a schema"},
	{"internal/project", []string{"internal/migration"}, "what is in an app's folder is told by marks, not by reading it all"},
	{"internal/sqlite", nil, "everything stands on SQLite, and SQLite on nothing of ours"},
	{"internal/btree", nil, "pages are decoded without regard to where they come from"},
	{"internal/load", []string{"internal/sqlite", "internal/sqltext"}, "rows go from text into a table, whatever the table is for"},
	{"internal/sqltext", nil, "text can be read without a database"},
	{"internal/atomicfile", nil, "files are written without regard to what is in them"},
	{"internal/tempfile", nil, "what is kept for a while does not matter to where"},
	{"internal/nearest", nil, "names are compared without regard to what they name"},
	{"internal/portable", []string{"internal/scan", "internal/schema", "internal/sqlite", "internal/sqltext"}, "what is written is of a schema's tables, and of values from anywhere"},
	{"internal/pattern", []string{"internal/nearest"}, "patterns are about names alone"},
	{"internal/testhook", nil, "a hook does not know what it interrupts"},
	{"internal/authority", nil, "the real tools must not depend on what they judge"},
	{"internal/layout", nil, "it holds tests alone"},
	{"docs", nil, "it holds tests alone"},
	{"internal/bench", []string{"internal/sqlite"}, "it measures the command from outside"},
}

func TestRooms(t *testing.T) {
	for _, p := range readHouse(t).own() {
		i := slices.IndexFunc(rooms, func(r room) bool { return matches(r.path, p.room()) })
		if i < 0 {
			t.Errorf("%s is in no room: add it here and to docs/architecture.md", p.room())
			continue
		}
		for _, imported := range p.Imports {
			name, own := strings.CutPrefix(imported, module+"/")
			if own && !slices.ContainsFunc(rooms[i].imports, func(pattern string) bool { return matches(pattern, name) }) {
				t.Errorf("%s imports %s, but %s", p.room(), name, rooms[i].because)
			}
		}
	}
}

// A rule is a sentence about the house, and a check that lists where it does not hold.
type rule struct {
	sentence string
	breaches func(house) []string
}

var rules = []rule{
	{"only the command knows the framework of its command line", onlyImporter("github.com/urfave/cli", "cmd/seedkit")},
	{"only internal/sqlite knows the SQLite library", onlyImporter("modernc.org/", "internal/sqlite")},
	{"sqltext needs the standard library alone", standardOnly("internal/sqltext")},
	{"only backup has doors for tests", onlyImporter(module+"/internal/testhook", "backup")},
	{"what judges the product is no part of it", onlyImporter(module+"/internal/authority", "")},
	{"the product is built without C", pureGo},
	{"no package is named after nothing", namedAfterNothing},
	{"docs/architecture.md shows every room", unshownRooms},
	{"a file is about one thing, in 400 lines at most", longFiles},
	{"the API of the libraries mentions the standard library and their own types alone", foreignTypes},
}

func TestRules(t *testing.T) {
	h := readHouse(t)
	for _, r := range rules {
		t.Run(r.sentence, func(t *testing.T) {
			for _, breach := range r.breaches(h) {
				t.Error(breach)
			}
		})
	}
}

// onlyImporter holds that packages whose path begins with prefix are imported in one room only.
func onlyImporter(prefix, room string) func(house) []string {
	return func(h house) (breaches []string) {
		for _, p := range h.own() {
			for _, imported := range p.Imports {
				if strings.HasPrefix(imported, prefix) && p.room() != room {
					breaches = append(breaches, p.room()+" imports "+imported)
				}
			}
		}
		return breaches
	}
}

func standardOnly(room string) func(house) []string {
	return func(h house) (breaches []string) {
		for _, imported := range h.packages[path.Join(module, room)].Imports {
			if !h.packages[imported].Standard {
				breaches = append(breaches, room+" imports "+imported)
			}
		}
		return breaches
	}
}

func pureGo(h house) (breaches []string) {
	for _, p := range h.packages {
		if !p.Standard && len(p.CgoFiles) > 0 {
			breaches = append(breaches, p.ImportPath+" has "+strings.Join(p.CgoFiles, ", "))
		}
	}
	return breaches
}

func namedAfterNothing(h house) (breaches []string) {
	nothing := []string{"base", "common", "core", "helper", "helpers", "lib", "misc", "shared", "util", "utils"}
	for _, p := range h.own() {
		if slices.Contains(nothing, path.Base(p.ImportPath)) || slices.Contains(nothing, p.Name) {
			breaches = append(breaches, p.room())
		}
	}
	return breaches
}

func unshownRooms(h house) (breaches []string) {
	page, err := os.ReadFile(filepath.Join(root, "docs", "architecture.md"))
	if err != nil {
		return []string{err.Error()}
	}
	for _, p := range h.own() {
		if !strings.Contains(string(page), "`"+p.room()+"`") {
			breaches = append(breaches, p.room()+" is not there")
		}
	}
	return breaches
}

func matches(pattern, name string) bool {
	ok, err := path.Match(pattern, name)
	return ok && err == nil
}
