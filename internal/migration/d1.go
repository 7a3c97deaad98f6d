package migration

import (
	"cmp"
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/seedkit/seedkit/internal/sqlite"
)

// d1 is Cloudflare's Wrangler. It removes the text of a transaction from a script, even from within
// data. It cuts the rest into statements and runs them as one batch, which is a transaction
// (workers-sdk, packages/wrangler/src/d1/trimmer.ts, splitter.ts and migrations/helpers.ts, v4.86
// and v4.164).
type d1 struct{}

const (
	wranglerBegin  = "BEGIN TRANSACTION"
	wranglerCommit = "COMMIT;"
)

func (d1) read(in files) (migrations []Migration, err error) {
	names, err := scripts(in)
	for _, name := range names {
		migrations = append(migrations, migrationAt(in, name, name))
	}
	slices.SortStableFunc(migrations,
		func(a, b Migration) int { return cmp.Compare(number(a.Name), number(b.Name)) })
	return migrations, err
}

// number returns the number at the beginning of a file's name. A name without one gets the highest
// number, so that it comes last.
func number(name string) uint64 {
	n, err := strconv.ParseUint(digits(name), 10, 64)
	if err != nil {
		return 1<<64 - 1
	}
	return n
}

func (d1) parse(text string) (*Script, error) {
	s := whole(text)
	s.transaction = true
	trimmed := text
	if strings.Contains(text, wranglerBegin) {
		trimmed = strings.Replace(text, wranglerBegin+";", "", 1)
		trimmed = strings.Replace(trimmed, wranglerCommit, "", 1)
	}
	s.queries = []Query{{trimmed, 1}}
	s.endStatement()
	if at := strings.Index(trimmed, wranglerBegin); at >= 0 {
		s.broken = broken(1+strings.Count(trimmed[:at], "\n"),
			"a second %q, which Wrangler refuses anywhere in a script", wranglerBegin)
	} else if last := lastStatement(trimmed); last != "" && !strings.HasSuffix(last, ";") {
		s.broken = broken(1+strings.Count(text, "\n"),
			"no semicolon at the end, where Wrangler adds a statement of its own")
	}
	return s.wantUTF8(), nil
}

func (d1) next(f Folder, name string, now time.Time) ([]File, error) {
	highest := uint64(0)
	for _, m := range f.Migrations {
		if digits(m.Name) != "" {
			highest = max(highest, number(m.Name))
		}
	}
	version := fmt.Sprintf("%04d", highest+1)
	path := filepath.Join(f.Dir, version+"_"+name+".sql")
	comment := fmt.Sprintf("-- Migration number: %s \t %s\n", version,
		now.Format("2006-01-02T15:04:05.000Z"))
	return []File{{path, []byte(comment)}}, nil
}

func (d1) applied(c *sqlite.Conn, m Migration) (bool, error) {
	return recorded(c, "d1_migrations", "SELECT 1 FROM d1_migrations WHERE name = ?", m.Version)
}
