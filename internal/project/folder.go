package project

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/seedkit/seedkit/internal/migration"
)

// A folder is one that may hold migrations, with the names that are in it.
type folder struct {
	dir            string
	folders, files []string
}

// migrations returns the schema that the folder's migrations make, if it holds
// some by the marks of a tool.
func (f folder) migrations() (s Schema, ok bool) {
	s = Schema{Path: f.dir, Folder: true, Unreadable: f.foreign()}
	if s.Unreadable != "" {
		return s, true
	}
	if !f.isMarked() {
		return s, false
	}
	_, _, err := migration.Detect(f.dir)
	switch {
	case errors.Is(err, migration.ErrNone):
		return s, false
	case err != nil:
		s.Unreadable = strings.TrimPrefix(err.Error(), f.dir+" ")
	default:
		s.Unreadable = f.otherDatabase()
	}
	return s, true
}

// name returns the folder's name, "" if nobody knows.
func (f folder) name() string {
	abs, err := filepath.Abs(f.dir)
	if err != nil {
		return ""
	}
	return filepath.Base(abs)
}

// isNamed reports whether the folder's name says that it holds migrations.
func (f folder) isNamed() bool { return strings.Contains(strings.ToLower(f.name()), "migrat") }

var (
	// numbered is a name that most tools could have given to a script.
	numbered = regexp.MustCompile(`^[0-9]+.*\.sql$`)

	// twoWays is how golang-migrate names the two scripts of a migration.
	twoWays = regexp.MustCompile(`\.(?:up|down)\.sql$`)

	// mark is the line with which scripts of goose and dbmate begin.
	mark = regexp.MustCompile(`(?m)^--\s*(?:\+goose|migrate:up)`)
)

// isMarked reports whether the folder is one of migrations. Scripts with
// numbers can be anything, unless the folder's name or a script's beginning
// says that they are migrations. No script is read to its end, which may be
// far.
func (f folder) isMarked() bool {
	if slices.Contains(f.files, "migration_lock.toml") || exists(f.dir, "meta", "_journal.json") ||
		f.holdsIn("migration.sql") {
		return true
	}
	for _, name := range f.files {
		if numbered.MatchString(name) {
			return f.isNamed() || twoWays.MatchString(name) || mark.Match(f.beginning(name))
		}
	}
	return false
}

// beginning returns the first few bytes of a file, none if it cannot be read.
func (f folder) beginning(name string) []byte {
	file, err := os.Open(filepath.Join(f.dir, name))
	if err != nil {
		return nil
	}
	defer file.Close()
	text, _ := io.ReadAll(io.LimitReader(file, 4<<10))
	return text
}

// holdsIn reports whether some folder in f holds a file of that name.
func (f folder) holdsIn(name string) bool {
	return slices.ContainsFunc(f.folders, func(sub string) bool { return exists(f.dir, sub, name) })
}

// languages holds what migrations are written in that only their tool can run,
// by the ends of files' names.
var languages = map[string]string{
	".cs": "C#", ".exs": "Elixir", ".php": "PHP", ".py": "Python", ".rb": "Ruby", ".ts": "TypeScript",
	".js": "JavaScript", ".cjs": "JavaScript", ".mjs": "JavaScript",
}

// program is how a tool names a migration that is a program: by a number, or
// after the word Migration or Version.
var program = regexp.MustCompile(`^(?:Migration|Version)?[0-9]{3,}[^/]*(\.[a-z]+)$`)

// foreign says why seedkit cannot read the folder's migrations, if it holds
// some that are no SQL, or SQL in a layout that seedkit does not know.
func (f folder) foreign() string {
	switch {
	case f.isNamed() && f.holdsIn("up.sql"):
		return "is laid out as diesel does, with an up.sql in a folder for each migration"
	case f.name() == "versions" && exists(f.dir, "..", "env.py"):
		return "is written in Python"
	case !f.isNamed():
		return ""
	}
	for _, name := range f.files {
		if match := program.FindStringSubmatch(name); match != nil && languages[match[1]] != "" {
			return "is written in " + languages[match[1]]
		}
	}
	return ""
}

// otherDatabase names the database that the migrations are for, if Prisma or
// drizzle-kit has noted another than SQLite.
func (f folder) otherDatabase() string {
	for name, note := range map[string]*regexp.Regexp{
		"migration_lock.toml":                  regexp.MustCompile(`(?m)^\s*provider\s*=\s*"(\w+)"`),
		filepath.Join("meta", "_journal.json"): regexp.MustCompile(`"dialect"\s*:\s*"(\w+)"`),
	} {
		text, _ := os.ReadFile(filepath.Join(f.dir, name))
		if match := note.FindSubmatch(text); match != nil && string(match[1]) != "sqlite" {
			return "is for " + string(match[1]) + ", not for SQLite"
		}
	}
	return ""
}

// models returns the schemas that the folder holds in a language of their own,
// of which seedkit knows no more than that they are there.
func (f folder) models() (found []Schema) {
	for name, language := range map[string]string{"schema.prisma": "Prisma's language", "schema.rb": "Ruby"} {
		if slices.Contains(f.files, name) {
			path := filepath.Join(f.dir, name)
			found = append(found, Schema{Path: path, Unreadable: "is written in " + language})
		}
	}
	return found
}
