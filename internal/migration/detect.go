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

// AmbiguousError reports a folder that may be of several formats, so that
// somebody has to say which.
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

// Detect returns the format of a folder of migrations, or of the folder of
// the migration whose script path is or would be, and that folder. A script
// that shows no tool's marks is [SQL], and of no folder: dir is empty.
//
// Where there is nothing to go by, the error is [ErrNone]; where there is too
// much, an [*AmbiguousError].
func Detect(path string) (dir string, format Format, err error) {
	info, err := os.Stat(path)
	switch {
	case err == nil && info.IsDir():
		format, err = detectFolder(path)
		return path, format, err
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return "", "", err
	}
	dir = filepath.Dir(path)
	if filepath.Base(path) == folderScript {
		dir = filepath.Join(dir, "..")
	}
	format, err = detectFolder(dir)
	if format == SQL || errors.Is(err, ErrNone) {
		return "", SQL, nil
	}
	return dir, format, err
}

func detectFolder(dir string) (Format, error) {
	switch {
	case exists(dir, journalPath), isDrizzle1(dir):
		return Drizzle, nil
	case exists(dir, "migration_lock.toml"), len(glob(dir, "*", folderScript)) > 0:
		return Prisma, nil
	}
	names, err := scripts(dir)
	if err != nil {
		return "", err
	}
	if len(names) == 0 {
		return "", fmt.Errorf("%s %w: looked for %s, */%s and *.sql", dir, ErrNone, journalPath, folderScript)
	}
	found, err := detectScripts(dir, names)
	switch {
	case err != nil:
		return "", err
	case len(found) > 1:
		return "", &AmbiguousError{Dir: dir, Formats: found}
	case len(found) == 1:
		return found[0], nil
	case ofWrangler(dir):
		return D1, nil
	}
	return SQL, nil
}

// gooseMark is what goose's scripts have to have.
var gooseMark = regexp.MustCompile(`(?m)^--.*\+goose`)

// detectScripts returns the formats whose marks are in a folder's scripts.
func detectScripts(dir string, names []string) ([]Format, error) {
	found := map[Format]bool{}
	for _, name := range names {
		text, err := os.ReadFile(filepath.Join(dir, name))
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

// ofWrangler looks for Wrangler's configuration, without which it does not
// run, in the folder and those that it is in, up to a repository's root.
func ofWrangler(dir string) bool {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return false
	}
	for {
		for _, name := range []string{"wrangler.toml", "wrangler.json", "wrangler.jsonc"} {
			text, err := os.ReadFile(filepath.Join(dir, name))
			if err == nil && bytes.Contains(text, []byte("d1_databases")) {
				return true
			}
		}
		parent := filepath.Dir(dir)
		if parent == dir || exists(dir, ".git") {
			return false
		}
		dir = parent
	}
}

func exists(elements ...string) bool {
	_, err := os.Stat(filepath.Join(elements...))
	return err == nil
}

// glob returns the paths in dir that match, which none does that cannot be
// read.
func glob(dir string, pattern ...string) []string {
	paths, _ := filepath.Glob(filepath.Join(escapeGlob(dir), filepath.Join(pattern...)))
	return paths
}

// escapeGlob makes a path that filepath.Glob takes literally.
func escapeGlob(path string) string {
	var out []rune
	for _, r := range path {
		if slices.Contains([]rune(`*?[\`), r) && filepath.Separator != '\\' {
			out = append(out, '\\')
		}
		out = append(out, r)
	}
	return string(out)
}
