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

// folder holds the names in a folder that may hold migrations.
type folder struct {
	dir            string
	folders, files []string
}

// migrations returns the schema that the folder's migrations make. It reports whether the folder
// holds migrations, by the marks of the tools.
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
		s.Unreadable = strings.TrimLeft(strings.TrimPrefix(err.Error(), f.dir), ": ")
	default:
		s.Unreadable = f.otherDatabase()
	}
	return s, true
}

// name returns the folder's name, or "" if the system does not tell.
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
	// numbered matches the names that most tools give to a script.
	numbered = regexp.MustCompile(`^(?:[0-9]+|V[0-9][0-9._]*__).*\.sql$`)

	// twoWays matches the names that golang-migrate gives to the two scripts of a migration.
	twoWays = regexp.MustCompile(`\.(?:up|down)\.sql$`)

	// mark matches the line with which the scripts of goose and dbmate begin.
	mark = regexp.MustCompile(`(?m)^--\s*(?:\+goose|migrate:up)`)
)

// isMarked reports whether the folder is one of migrations. Numbered scripts are migrations only if
// the folder's name or the first numbered script shows it. isMarked reads only the beginning of a
// script, which may be large.
func (f folder) isMarked() bool {
	if slices.Contains(f.files, "migration_lock.toml") || exists(f.dir, "meta", "_journal.json") ||
		f.holdsIn("migration.sql") ||
		f.holdsIn("up.sql") && (f.isNamed() || f.holdsIn("down.sql")) {
		return true
	}
	for _, name := range f.files {
		if numbered.MatchString(name) {
			return f.isNamed() || twoWays.MatchString(name) || mark.Match(f.beginning(name))
		}
	}
	return false
}

// beginning returns the first 4 KiB of a file, or nothing if the file cannot be read.
func (f folder) beginning(name string) []byte {
	file, err := os.Open(filepath.Join(f.dir, name))
	if err != nil {
		return nil
	}
	defer file.Close()
	text, _ := io.ReadAll(io.LimitReader(file, 4<<10))
	return text
}

// holdsIn reports whether a folder within f holds a file with the given name.
func (f folder) holdsIn(name string) bool {
	return slices.ContainsFunc(f.folders, func(sub string) bool { return exists(f.dir, sub, name) })
}

// languages maps the extension of a file to the language of a migration that only its tool can run.
var languages = map[string]string{
	".cs": "C#", ".exs": "Elixir", ".php": "PHP", ".py": "Python", ".rb": "Ruby",
	".ts": "TypeScript",
	".js": "JavaScript", ".cjs": "JavaScript", ".mjs": "JavaScript",
}

// program matches the name that a tool gives to a migration that is a program: it begins with a
// number, after the word Migration or Version if there is one.
var program = regexp.MustCompile(`^(?:Migration|Version)?[0-9]{3,}[^/]*(\.[a-z]+)$`)

// foreign says why seedkit cannot read the folder's migrations: they are not SQL, or have a layout
// that seedkit does not know. It returns "" for other folders.
func (f folder) foreign() string {
	switch {
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

// otherNames are the names of folders for other databases, beside a folder for SQLite.
var otherNames = map[string]string{
	"mysql": "MySQL", "mariadb": "MariaDB", "postgres": "PostgreSQL", "postgresql": "PostgreSQL",
	"pg": "PostgreSQL", "mssql": "SQL Server",
}

// otherDatabase says which database the migrations are for if that is not SQLite: the folder has
// the database's name, or Prisma or drizzle-kit has noted it. Otherwise it returns "".
func (f folder) otherDatabase() string {
	if other := otherNames[strings.ToLower(f.name())]; other != "" {
		return "is for " + other + ", not for SQLite"
	}
	journal := filepath.Join("meta", "_journal.json")
	for name, note := range map[string]*regexp.Regexp{
		"migration_lock.toml": regexp.MustCompile(`(?m)^\s*provider\s*=\s*"(\w+)"`),
		journal:               regexp.MustCompile(`"dialect"\s*:\s*"(\w+)"`),
	} {
		text, _ := os.ReadFile(filepath.Join(f.dir, name))
		if match := note.FindSubmatch(text); match != nil && string(match[1]) != "sqlite" {
			return "is for " + string(match[1]) + ", not for SQLite"
		}
	}
	return ""
}

// models returns the schemas in the folder that are written in a tool's own language. seedkit only
// notes that they exist.
func (f folder) models() (found []Schema) {
	for name, language := range map[string]string{
		"schema.prisma": "Prisma's language", "schema.rb": "Ruby",
	} {
		if slices.Contains(f.files, name) {
			path := filepath.Join(f.dir, name)
			found = append(found, Schema{Path: path, Unreadable: "is written in " + language})
		}
	}
	return found
}
