// Package layout tests the rules of docs/architecture.md: which package may import which, which
// types the API of a verb may mention, and what the module must not contain.
package layout

import (
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// An allowance names packages by a pattern of path.Match, and the packages of this module that they
// may import. Tests may import every package.
type allowance struct {
	path    string
	imports []string
	because string
}

var allowed = []allowance{
	{"cmd/seedkit", []string{"internal/command"}, "it is the command's process, and no more"},
	{"internal/command", []string{"*", "fixtures/*", "internal/*"},
		"the command puts everything together"},
	{"gen", []string{"generate", "internal/command"},
		"a user's program is the verb gen of the command"},
	{"fixtures/*", []string{"generate", "rbac"},
		"built-in fixtures are written as a user's would be"},
	{"rbac", []string{"apply", "generate", "internal/*"},
		"a policy becomes fixtures, and a change of a live database is made by apply alone"},
	{"generate", []string{"internal/*"},
		"verbs never import each other: what passes between them is data"},
	{"dump", []string{"internal/*"},
		"verbs never import each other: what passes between them is data"},
	{"extract", []string{"internal/*"},
		"verbs never import each other: what passes between them is data"},
	{"backup", []string{"internal/*"}, "a backup is made of any database, whatever is to come"},
	{"apply", []string{"backup", "internal/*"},
		"verbs never import each other, but nothing is applied without a backup"},
	{"internal/live",
		[]string{"internal/indexes", "internal/litefs", "internal/sqlite", "internal/sqltext"},
		"a database in use is looked at without regard to what is to be written"},
	{"internal/testdb", []string{"internal/sqlite"},
		"tests of several packages need the same databases"},
	{"internal/seed",
		[]string{
			"internal/load", "internal/migration", "internal/nearest", "internal/rowdiff",
			"internal/schema", "internal/sqlite", "internal/sqltext", "internal/tempfile",
		}, "a seed is an open database, whatever it was made of"},
	{"internal/transcribe",
		[]string{
			"internal/load", "internal/migration", "internal/portable", "internal/rowdiff",
			"internal/scan", "internal/schema", "internal/sqlite", "internal/sqltext",
		}, "rows are copied from text, and compared with what became of them"},
	{"internal/rowdiff",
		[]string{"internal/scan", "internal/schema", "internal/sqlite", "internal/sqltext"},
		"rows are compared by the keys of the schema"},
	{"internal/timeform",
		[]string{"internal/migration", "internal/schema", "internal/sqlite", "internal/sqltext"},
		"rows tell the form of a column, wherever they are"},
	{"internal/indexes", []string{"internal/scan", "internal/sqlite", "internal/sqltext"},
		"an index is compared with the table that it belongs to"},
	{"internal/scan", []string{"internal/btree", "internal/sqlite"},
		"rows are read without regard to what becomes of them"},
	{"internal/schema", []string{"internal/migration", "internal/sqlite", "internal/sqltext"},
		"a schema is what SQLite makes of the migrations"},
	{"internal/model",
		[]string{"internal/schema", "internal/sqlite", "internal/sqltext", "internal/timeform"},
		"what a schema says does not depend on the rows to come"},
	{"internal/migration", []string{"internal/sqlite", "internal/sqltext"},
		"migrations are read before there is a schema"},
	{"internal/starter", []string{"internal/migration", "internal/model", "internal/schema",
		"internal/seed", "internal/sqlite", "internal/sqltext"},
		"the first fixtures are files that generate reads"},
	{"internal/project", []string{"internal/migration"},
		"marks tell what is in an app's folder, without reading all of it"},
	{"internal/sqlite", []string{"internal/sqltext", "internal/tempfile"},
		"everything needs SQLite, and SQLite needs only the names of storage classes"},
	{"internal/btree", nil, "pages are decoded without regard to where they come from"},
	{"internal/load", []string{"internal/sqlite", "internal/sqltext"},
		"rows go from text into a table, whatever the table is for"},
	{"internal/document", nil, "a file is read without regard to what its values mean"},
	{"internal/expression", nil, "a text is read without regard to what its names mean"},
	{"internal/chance", nil, "random numbers are drawn without regard to what becomes of them"},
	{"internal/sqltext", nil, "text can be read without a database"},
	{"internal/litefs", nil, "LiteFS shows itself by files, whatever is done with them"},
	{"internal/atomicfile", []string{"internal/litefs"},
		"files are written without regard to what is in them"},
	{"internal/filelock", nil, "a lock is on a file, whatever is in it"},
	{"internal/journal", []string{"internal/atomicfile", "internal/filelock", "internal/schema",
		"internal/sqlite", "internal/sqltext"},
		"what a run did is written down, and looked for, without regard to the verb"},
	{"internal/tempfile", nil, "what is kept for a while does not matter to where"},
	{"internal/nearest", nil, "names are compared without regard to what they name"},
	{"internal/portable",
		[]string{"internal/scan", "internal/schema", "internal/sqlite", "internal/sqltext"},
		"what is written is of a schema's tables, and of values from anywhere"},
	{"internal/pattern", []string{"internal/nearest"}, "patterns are about names alone"},
	{"internal/goprogram", []string{"internal/filelock"},
		"a program is built and run without regard to what it does"},
	{"internal/ecmascript", nil, "code is read without regard to what it asks for"},
	{"internal/testhook", nil, "a hook does not know what it interrupts"},
	{"internal/authority", nil, "the real tools must not depend on what they judge"},
	{"internal/testmodule", nil, "a module is made without regard to what it imports"},
	{"internal/disaster", nil, "it holds tests alone"},
	{"internal/layout", nil, "it holds tests alone"},
	{"docs", nil, "it holds tests alone"},
	{"internal/bench", []string{"internal/sqlite"}, "it measures the command from outside"},
}

func TestImports(t *testing.T) {
	for _, p := range readGraph(t).own() {
		i := slices.IndexFunc(allowed, func(a allowance) bool { return matches(a.path, p.path()) })
		if i < 0 {
			t.Errorf("%s has no allowance: add one here and to docs/architecture.md", p.path())
			continue
		}
		for _, imported := range p.Imports {
			name, own := strings.CutPrefix(imported, module+"/")
			if own && !matchesAny(allowed[i].imports, name) {
				t.Errorf("%s imports %s, but %s", p.path(), name, allowed[i].because)
			}
		}
	}
}

// A rule is a sentence about the module, and a check that lists the breaches of the rule.
type rule struct {
	sentence string
	breaches func(graph) []string
}

var rules = []rule{
	{"only the command imports the framework of its command line",
		onlyImporter("github.com/urfave/cli", "internal/command")},
	{"only internal/sqlite imports the SQLite library",
		onlyImporter("modernc.org/", "internal/sqlite")},
	{"sqltext imports only the standard library", standardOnly("internal/sqltext")},
	{"only backup has hooks for tests", onlyImporter(module+"/internal/testhook", "backup")},
	{"only tests import the tools that judge the product",
		onlyImporter(module+"/internal/authority", "")},
	{"the product is built without C", pureGo},
	{"every package has a name with a meaning", meaningless},
	{"docs/architecture.md lists every package", undocumented},
	{"a file has at most 400 lines", longFiles},
	{"imports are in three groups: the standard library, third parties, and this module",
		mixedImports},
	{"the API of the libraries mentions only types of the standard library and of the libraries",
		foreignTypes},
}

func TestRules(t *testing.T) {
	g := readGraph(t)
	for _, r := range rules {
		t.Run(r.sentence, func(t *testing.T) {
			for _, breach := range r.breaches(g) {
				t.Error(breach)
			}
		})
	}
}

// onlyImporter checks that only one package imports packages whose path begins with prefix.
func onlyImporter(prefix, importer string) func(graph) []string {
	return func(g graph) (breaches []string) {
		for _, p := range g.own() {
			for _, imported := range p.Imports {
				if strings.HasPrefix(imported, prefix) && p.path() != importer {
					breaches = append(breaches, p.path()+" imports "+imported)
				}
			}
		}
		return breaches
	}
}

func standardOnly(name string) func(graph) []string {
	return func(g graph) (breaches []string) {
		for _, imported := range g.packages[path.Join(module, name)].Imports {
			if !g.packages[imported].Standard {
				breaches = append(breaches, name+" imports "+imported)
			}
		}
		return breaches
	}
}

func pureGo(g graph) (breaches []string) {
	for _, p := range g.packages {
		if !p.Standard && len(p.CgoFiles) > 0 {
			breaches = append(breaches, p.ImportPath+" has "+strings.Join(p.CgoFiles, ", "))
		}
	}
	return breaches
}

func meaningless(g graph) (breaches []string) {
	names := []string{
		"base", "common", "core", "helper", "helpers", "lib", "misc", "shared", "util", "utils",
	}
	for _, p := range g.own() {
		if slices.Contains(names, path.Base(p.ImportPath)) || slices.Contains(names, p.Name) {
			breaches = append(breaches, p.path())
		}
	}
	return breaches
}

func undocumented(g graph) (breaches []string) {
	page, err := os.ReadFile(filepath.Join(root, "docs", "architecture.md"))
	if err != nil {
		return []string{err.Error()}
	}
	for _, p := range g.own() {
		if !strings.Contains(string(page), "`"+p.path()+"`") {
			breaches = append(breaches, p.path()+" is not there")
		}
	}
	return breaches
}

func matchesAny(patterns []string, name string) bool {
	return slices.ContainsFunc(patterns, func(pattern string) bool {
		return matches(pattern, name)
	})
}

func matches(pattern, name string) bool {
	ok, err := path.Match(pattern, name)
	return ok && err == nil
}
