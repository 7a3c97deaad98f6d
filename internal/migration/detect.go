package migration

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// AmbiguousError reports a folder that may have several formats. The user must say which one it
// has.
type AmbiguousError struct {
	Dir     string
	Formats []Format
}

func (e *AmbiguousError) Error() string {
	names := make([]string, len(e.Formats))
	for i, f := range e.Formats {
		names[i] = string(f)
	}
	return fmt.Sprintf("%s looks like a folder of %s", e.Dir, strings.Join(names, " and of "))
}

// Detect returns the format of a folder of migrations, and that folder. If path is a script, or the
// path of a new script, Detect takes the folder of the migration that the script belongs to. A
// script without marks of a tool has the format [SQL] and no folder: dir is empty.
//
// Without any sign of a format, the error is [ErrNone]. With signs of several formats, it is an
// [*AmbiguousError].
func Detect(path string) (dir string, format Format, err error) {
	info, err := os.Stat(path)
	switch {
	case err == nil && info.IsDir():
		format, err = detectFolder(onDisk(path))
		return path, format, err
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return "", "", err
	}
	dir = filepath.Dir(path)
	if base := filepath.Base(path); base == folderScript || base == dieselUp {
		dir = filepath.Join(dir, "..")
	}
	format, err = detectFolder(onDisk(dir))
	if format == SQL || errors.Is(err, ErrNone) || errors.Is(err, ErrTwoWays) {
		return "", SQL, nil
	}
	return dir, format, err
}

func detectFolder(in files) (Format, error) {
	switch {
	case in.has(journalPath), isDrizzle1(in):
		return Drizzle, nil
	case in.has("migration_lock.toml"), len(in.glob("*/"+folderScript)) > 0:
		return Prisma, nil
	case ofDiesel(in):
		return Diesel, nil
	}
	names, err := scripts(in)
	if err != nil {
		return "", err
	}
	if len(names) == 0 {
		return "", fmt.Errorf("%s %w: looked for %s, */%s, */%s and *.sql", in.named(), ErrNone,
			filepath.FromSlash(journalPath), folderScript, dieselUp)
	}
	found, err := detectScripts(in, names)
	isSqlx := in.dir != "" && ofSqlx(in.dir)
	switch {
	case err != nil:
		return "", err
	case isSqlx && (len(found) == 0 || slices.Equal(found, []Format{GolangMigrate})):
		return Sqlx, nil // golang-migrate's names are sqlx's, too
	case len(found) > 1:
		return "", &AmbiguousError{Dir: in.named(), Formats: found}
	case len(found) == 1:
		return found[0], nil
	case in.dir != "" && ofWrangler(in.dir):
		return D1, nil
	}
	return SQL, refuseTwoWays(in, names)
}

// ErrTwoWays reports scripts that also have the statements that reverse them.
var ErrTwoWays = errors.New("also has the statements that reverse it, in a form that seedkit " +
	"does not read")

// twoWays matches lines that begin the part of a script that reverses it, and twoWayName the names
// of such scripts, of tools that seedkit does not read: sql-migrate, node-sqlite and postgrator.
var (
	twoWays    = regexp.MustCompile(`(?mi)^--\s*(?:\+migrate\s+down|down\s*$)`)
	twoWayName = regexp.MustCompile(`^[0-9]+\.undo\.`)
)

// refuseTwoWays refuses a script that would be reversed if it ran as a whole.
func refuseTwoWays(in files, names []string) error {
	for _, name := range names {
		text, err := in.read(name)
		if err != nil {
			return fmt.Errorf("read migration: %w", err)
		}
		if twoWays.Match(text) || twoWayName.MatchString(name) {
			return fmt.Errorf("%s: %s %w", in.named(), name, ErrTwoWays)
		}
	}
	return nil
}

// gooseMark matches a mark that every script of goose must have.
var gooseMark = regexp.MustCompile(`(?m)^--.*\+goose`)

// detectScripts returns the formats whose marks or names the folder's scripts have.
func detectScripts(in files, names []string) ([]Format, error) {
	found := map[Format]bool{}
	for _, name := range names {
		text, err := in.read(name)
		if err != nil {
			return nil, fmt.Errorf("read migration: %w", err)
		}
		switch {
		case golangMigrateName.MatchString(name):
			found[GolangMigrate] = true
		case gooseMark.Match(text):
			found[Goose] = true
		case dbmateUp.Match(text):
			found[Dbmate] = true
		}
	}
	return slices.DeleteFunc(Formats(), func(f Format) bool { return !found[f] }), nil
}

// ofWrangler reports whether Wrangler's configuration, without which Wrangler does not run, is in
// dir or in a folder above dir, up to the root of the repository.
func ofWrangler(dir string) bool {
	return above(dir, func(dir string) bool {
		for _, name := range []string{"wrangler.toml", "wrangler.json", "wrangler.jsonc"} {
			text, err := onDisk(dir).read(name)
			if err == nil && bytes.Contains(text, []byte("d1_databases")) {
				return true
			}
		}
		return false
	})
}

// above reports whether is holds for dir or for a folder above dir, up to the root of the
// repository.
func above(dir string, is func(dir string) bool) bool {
	dir, err := filepath.Abs(dir)
	for err == nil {
		if is(dir) {
			return true
		}
		parent := filepath.Dir(dir)
		if parent == dir || onDisk(dir).has(".git") {
			break
		}
		dir = parent
	}
	return false
}
