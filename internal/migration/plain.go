package migration

import (
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"github.com/seedkit/seedkit/internal/sqlite"
)

// plain is the format of scripts that users run themselves, for example with `sqlite3 app.db <
// script.sql`, in the order of their names.
type plain struct{}

func (plain) read(in files) (migrations []Migration, err error) {
	names, err := scripts(in)
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
	number := digits(last.Name)
	switch {
	case isTimestamp(number):
		name = timestampAfter(number, now) + "_" + name
	case number != "":
		next, err := numberAfter(number, len(number))
		if err != nil {
			return nil, err
		}
		name = next + "_" + name
	}
	if name += ".sql"; filepath.Base(last.Path) > name {
		return nil, fmt.Errorf("%s %w %s, which it has to follow", name, ErrOrder, last.Path)
	}
	return []File{{Path: filepath.Join(f.Dir, name)}}, nil
}

func (plain) applied(*sqlite.Conn, Migration) (bool, error) { return false, nil }
