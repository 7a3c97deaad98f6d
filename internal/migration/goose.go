package migration

import (
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/seedkit/seedkit/internal/sqlite"
)

// goose reads a script by lines. Its marks are lines. A statement ends with a line whose last word
// ends with a semicolon, even within a string. See gooseParser.
type goose struct{}

func (goose) read(in files) ([]Migration, error) {
	entries, err := in.list()
	if err != nil {
		return nil, fmt.Errorf("list migrations: %w", err)
	}
	var migrations []Migration
	for _, e := range entries {
		name := e.Name()
		version, ok := gooseVersion(name)
		switch filepath.Ext(name) {
		case ".sql":
			if !ok {
				const format = "%s: goose wants a name that begins with a number and an underscore"
				return nil, fmt.Errorf(format, in.path(name))
			}
			migrations = append(migrations, migrationAt(in, name, version))
		case ".go":
			if ok && !strings.HasSuffix(name, "_test.go") {
				m := migrationAt(in, name, version)
				m.Name, m.Program = strings.TrimSuffix(name, ".go"), true
				migrations = append(migrations, m)
			}
		}
	}
	return byVersion(migrations)
}

// gooseVersion returns the number that goose records (NumericComponent in migration.go).
func gooseVersion(name string) (version string, ok bool) {
	before, _, ok := strings.Cut(name, "_")
	n, err := strconv.ParseInt(before, 10, 64)
	if !ok || err != nil || n < 1 {
		return "", false
	}
	return strconv.FormatInt(n, 10), true
}

func (goose) parse(text string) (*Script, error) {
	p := gooseParser{transaction: true}
	if err := p.parse(text); err != nil {
		return nil, err
	}
	return p.script(text), nil
}

func (p *gooseParser) script(text string) *Script {
	return &Script{
		text:        text,
		up:          p.up,
		upEnvsub:    p.upEnvsub,
		down:        p.down,
		queries:     p.queries,
		broken:      p.broken,
		transaction: p.transaction,
		style:       p.style(),
		marks:       upMarks,
	}
}

// style protects only those statements that goose would cut, so that goose's messages name the
// statement that fails. If goose uses no transaction, all statements must be one query, because
// goose may run the next query on another connection.
func (p *gooseParser) style() style {
	s := style{around: protect}
	if !p.transaction {
		s = style{before: gooseBegin + inTransaction.before, after: inTransaction.after + gooseEnd}
	}
	if p.upEnvsub {
		s.before, s.after = "-- +goose ENVSUB OFF\n"+s.before, s.after+"-- +goose ENVSUB ON\n"
	}
	return s
}

const (
	gooseBegin = "-- +goose StatementBegin\n"
	gooseEnd   = "-- +goose StatementEnd\n"
)

func protect(statement []byte) (before, after string) {
	lines := strings.Split(strings.TrimRight(string(statement), "\n"), "\n")
	for i, line := range lines {
		if endsStatement(line) != (i == len(lines)-1) {
			return gooseBegin, gooseEnd
		}
	}
	return "", ""
}

// next numbers by time, which is goose's default, unless the folder's migrations are counted.
func (goose) next(f Folder, name string, now time.Time) ([]File, error) {
	last, any := f.last()
	version := timestampAfter(last.Version, now)
	if any && !isTimestamp(last.Version) {
		const width = 5
		var err error
		if version, err = numberAfter(last.Version, width); err != nil {
			return nil, err
		}
	}
	path := filepath.Join(f.Dir, version+"_"+name+".sql")
	return []File{{path, []byte("-- +goose Up\n\n-- +goose Down\n")}}, nil
}

func (goose) applied(c *sqlite.Conn, m Migration) (bool, error) {
	return recorded(c, "goose_db_version",
		"SELECT is_applied FROM goose_db_version WHERE version_id = ? ORDER BY id DESC LIMIT 1",
		m.Version)
}
