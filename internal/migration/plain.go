package migration

import (
	"cmp"
	"errors"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/seedkit/seedkit/internal/sqlite"
)

// plain is the format of scripts that users run themselves, for example with `sqlite3 app.db <
// script.sql`, in the order of their names. If all names begin with numbers, the scripts run in the
// order of the numbers, as with Flyway and refinery, whose names begin with V1__.
type plain struct{}

// plainNumber matches the number at the beginning of a script's name.
var plainNumber = regexp.MustCompile(`^(?:V([0-9]+(?:[._][0-9]+)*)__|([0-9]+))`)

// plainNumbers returns the parts of the number at the beginning of a name, each without zeros
// before it, or nil.
func plainNumbers(name string) (parts []string) {
	match := plainNumber.FindStringSubmatch(name)
	if match == nil {
		return nil
	}
	for part := range strings.FieldsFuncSeq(match[1]+match[2],
		func(r rune) bool { return r == '.' || r == '_' }) {
		parts = append(parts, strings.TrimLeft(part, "0"))
	}
	return parts
}

// plainVersion returns the last part of the number at the beginning of a name, which counts on, and
// what a name with the next number has before and after it. The number is empty if there is none.
func plainVersion(name string) (before, number, after string) {
	if match := plainNumber.FindStringSubmatch(name); match != nil && match[1] != "" {
		at := strings.LastIndexAny(match[1], "._") + 1
		return "V" + match[1][:at], match[1][at:], "__"
	}
	return "", digits(name), "_"
}

func comparePlain(a, b string) int {
	return cmp.Or(slices.CompareFunc(plainNumbers(a), plainNumbers(b), func(a, b string) int {
		return cmp.Or(cmp.Compare(len(a), len(b)), strings.Compare(a, b))
	}), strings.Compare(a, b))
}

func isNumbered(names []string) bool {
	return !slices.ContainsFunc(names, func(name string) bool { return plainNumbers(name) == nil })
}

func (plain) read(in files) (migrations []Migration, err error) {
	names, err := scripts(in)
	if isNumbered(names) {
		slices.SortFunc(names, comparePlain)
	}
	for _, name := range names {
		migrations = append(migrations, migrationAt(in, name, ""))
	}
	return migrations, err
}

func (plain) parse(text string) (*Script, error) {
	s := whole(text)
	s.queries = shellQueries(text)
	s.style = inTransaction
	s.endStatement()
	return s, nil
}

// ErrOrder reports a name that would come before the last script.
var ErrOrder = errors.New("would run before")

// next numbers the script if the last script has a number.
func (plain) next(f Folder, name string, now time.Time) ([]File, error) {
	last, _ := f.last()
	before, number, after := plainVersion(last.Name)
	switch {
	case isTimestamp(number):
		name = before + timestampAfter(number, now) + after + name
	case number != "":
		next, err := numberAfter(number, len(number))
		if err != nil {
			return nil, err
		}
		name = before + next + after + name
	}
	name += ".sql"
	lastName := filepath.Base(last.Path)
	isBefore := name < lastName
	if names := append(f.names(), name); isNumbered(names) {
		isBefore = comparePlain(name, lastName) < 0
	}
	if isBefore {
		return nil, fmt.Errorf("%s %w %s, which it has to follow", name, ErrOrder, last.Path)
	}
	return []File{{Path: filepath.Join(f.Dir, name)}}, nil
}

// names returns the names of the folder's scripts.
func (f Folder) names() (names []string) {
	for _, m := range f.Migrations {
		names = append(names, filepath.Base(m.Path))
	}
	return names
}

func (plain) applied(*sqlite.Conn, Migration) (bool, error) { return false, nil }
