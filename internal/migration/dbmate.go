package migration

import (
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"github.com/seedkit/seedkit/internal/sqlite"
)

// dbmate cuts a script at its marks and gives each part to SQLite as a whole
// (pkg/dbmate/migration.go and db.go, v2.36).
type dbmate struct{}

// The regular expressions of dbmate.
var (
	dbmateName = regexp.MustCompile(`^(\d+).*\.sql$`)
	dbmateUp   = regexp.MustCompile(`(?m)^--\s*migrate:up(\s*$|\s+\S+)`)
	dbmateDown = regexp.MustCompile(`(?m)^--\s*migrate:down(\s*$|\s+\S+)`)
)

func (dbmate) read(in files) (migrations []Migration, err error) {
	names, err := scripts(in)
	for _, name := range names {
		if match := dbmateName.FindStringSubmatch(name); match != nil {
			migrations = append(migrations, migrationAt(in, name, match[1]))
		}
	}
	return migrations, err
}

func (dbmate) parse(text string) (*Script, error) {
	line := func(at int) int { return 1 + strings.Count(text[:at], "\n") }
	ups := dbmateUp.FindAllStringIndex(text, 2)
	if len(ups) == 0 {
		return nil, broken(1, "dbmate wants a line %q", "-- migrate:up")
	}
	begin := ups[0][0]
	if len(ups) > 1 {
		// dbmate runs such a script, but cannot record one version twice.
		return nil, broken(line(ups[1][0]), "a second migrate:up, which dbmate cannot record")
	}
	downs := dbmateDown.FindAllStringIndex(text[begin:], 2)
	switch {
	case len(downs) == 0:
		return nil, broken(line(len(text)), "dbmate wants a line %q", "-- migrate:down")
	case len(downs) > 1:
		return nil, broken(line(begin+downs[1][0]), "a second migrate:down")
	}
	for i, before := range strings.Split(text[:begin], "\n") {
		if before = strings.TrimSpace(before); before != "" && !strings.HasPrefix(before, "--") {
			return nil, broken(i+1, "dbmate allows no statement before migrate:up")
		}
	}
	end := begin + downs[0][0]
	s := &Script{text: text, up: end, queries: []Query{{text[begin:end], line(begin)}},
		marks: upMarks}
	s.down = len(text)
	if i := strings.IndexByte(text[end:], '\n'); i >= 0 {
		s.down = end + i + 1
	}
	if s.transaction = !dbmateOption(text[begin:end], "transaction", "false"); !s.transaction {
		s.style = inTransaction
	}
	s.endStatement()
	return s, nil
}

// dbmateOption reports whether the mark at the beginning of part sets an option to a value. If the
// mark sets the option more than once, the last setting counts.
func dbmateOption(part, option, value string) (set bool) {
	first, _, _ := strings.Cut(part, "\n")
	for _, pair := range strings.Fields(first) {
		if key, v, ok := strings.Cut(pair, ":"); ok && key == option && !strings.Contains(v, ":") {
			set = v == value
		}
	}
	return set
}

func (dbmate) next(f Folder, name string, now time.Time) ([]File, error) {
	last, _ := f.last()
	name = timestampAfter(last.Version, now) + "_" + name + ".sql"
	return []File{{filepath.Join(f.Dir, name), []byte("-- migrate:up\n\n-- migrate:down\n")}}, nil
}

func (dbmate) applied(c *sqlite.Conn, m Migration) (bool, error) {
	return recorded(c, "schema_migrations", "SELECT 1 FROM schema_migrations WHERE version = ?",
		m.Version)
}
