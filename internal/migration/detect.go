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
	if filepath.Base(path) == folderScript {
		dir = filepath.Join(dir, "..")
	}
	format, err = detectFolder(onDisk(dir))
	if format == SQL || errors.Is(err, ErrNone) {
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
	}
	names, err := scripts(in)
	if err != nil {
		return "", err
	}
	if len(names) == 0 {
		return "", fmt.Errorf("%s %w: looked for %s, */%s and *.sql", in.named(), ErrNone,
			filepath.FromSlash(journalPath), folderScript)
	}
	found, err := detectScripts(in, names)
	switch {
	case err != nil:
		return "", err
	case len(found) > 1:
		return "", &AmbiguousError{Dir: in.named(), Formats: found}
	case len(found) == 1:
		return found[0], nil
	case in.dir != "" && ofWrangler(in.dir):
		return D1, nil
	}
	return SQL, nil
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
	dir, err := filepath.Abs(dir)
	if err != nil {
		return false
	}
	for {
		for _, name := range []string{"wrangler.toml", "wrangler.json", "wrangler.jsonc"} {
			text, err := onDisk(dir).read(name)
			if err == nil && bytes.Contains(text, []byte("d1_databases")) {
				return true
			}
		}
		parent := filepath.Dir(dir)
		if parent == dir || onDisk(dir).has(".git") {
			return false
		}
		dir = parent
	}
}
