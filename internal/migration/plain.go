package migration

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/sqltext"
)

// plain is scripts that people run themselves, `sqlite3 app.db < script.sql`
// say, in the order of their names.
type plain struct{}

func (plain) read(dir string) (migrations []Migration, err error) {
	names, err := scripts(dir)
	for _, name := range names {
		migrations = append(migrations, migrationAt(dir, name, ""))
	}
	return migrations, err
}

func (plain) parse(text string) (*Script, error) {
	s := whole(text)
	s.queries = withOwnTables(text)
	s.style = inTransaction
	s.endStatement()
	return s, nil
}

// withOwnTables returns the queries of a script in which SQLite's own tables may
// be made by a CREATE TABLE, as the .schema of the sqlite3 shell prints it. SQLite
// refuses that, and the shell goes on. Dumps, which write to the schema before,
// have it with IF NOT EXISTS.
func withOwnTables(text string) (queries []Query) {
	at, begin, line := 0, 0, 1
	for statement, err := range sqltext.Statements(strings.NewReader(text), "") {
		if err != nil {
			break // SQLite will say where
		}
		start := at + len(statement.Lead)
		at = start + len(statement.Text)
		if statement.Kind() != sqltext.KindCreateTable || sqltext.HasKeyword(statement.Text, "EXISTS") {
			continue
		}
		_, name := statement.Name()
		own := sqlite.OwnTable(name)
		if own == "" {
			continue
		}
		queries = append(queries, Query{text[begin:start], line}, Query{own, statement.Line})
		begin, line = at, statement.PositionAt(len(statement.Text)).Line
	}
	return append(queries, Query{text[begin:], line})
}

// ErrOrder reports a name that comes too early.
var ErrOrder = errors.New("would run before")

// next numbers where the last script is numbered.
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
