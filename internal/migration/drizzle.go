package migration

import (
	"cmp"
	"errors"
	"fmt"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/sqltext"
)

// drizzle cuts a script at each breakpoint, even within a string, and gives the pieces to SQLite in
// a transaction (drizzle-orm, src/migrator.ts and the migrators, v0.45). If a piece has two
// statements, libSQL silently runs only the first, and better-sqlite3 refuses the piece. Both
// refuse a piece without a statement.
type drizzle struct {
	// rest says that the script lacks its block. Then pieces without a statement are skipped.
	rest bool
}

func (drizzle) read(in files) (migrations []Migration, err error) {
	if isDrizzle1(in) {
		return drizzle1{}.read(in)
	}
	journal, err := readJournal(in)
	if err != nil {
		return nil, err
	}
	for _, e := range journal.entries {
		m := migrationAt(in, e.Tag+".sql", strconv.FormatInt(e.When, 10))
		migrations = append(migrations, m)
	}
	return migrations, nil
}

func (d drizzle) parse(text string) (*Script, error) {
	s := &Script{text: text, up: len(text), transaction: true,
		style: style{between: breakpoint + "\n"}, marks: upMarks}
	line := 1
	for piece := range strings.SplitSeq(text, breakpoint) {
		err := checkSingle(piece, line)
		if !d.rest || !errors.Is(err, errNoStatement) {
			s.queries = append(s.queries, Query{piece, line})
			s.broken = cmp.Or(s.broken, err)
		}
		line += strings.Count(piece, "\n")
	}
	pieces := strings.Split(s.beforeBlock(), breakpoint)
	if lastStatement(pieces[len(pieces)-1]) != "" {
		s.style.before = breakpoint + "\n"
	}
	return s.wantUTF8(), nil
}

// checkSingle returns an error unless a piece between breakpoints has exactly one statement.
func checkSingle(piece string, line int) error {
	n := 0
	for statement, err := range sqltext.Statements(strings.NewReader(piece), "") {
		if err != nil {
			return broken(line, "%w", err)
		}
		if len(statement.Text) == 0 {
			continue
		}
		if n++; n > 1 {
			return broken(line+statement.Line-1,
				"a second statement without %q before it: drizzle would run the first one only",
				breakpoint)
		}
	}
	if n == 0 {
		return broken(line, "%w", errNoStatement)
	}
	return nil
}

var errNoStatement = errors.New("no statement between two breakpoints: drizzle wants one")

// next makes the same files as `drizzle-kit generate --custom`: the script, its entry in the
// journal, and a snapshot of the schema, which is a copy of the last snapshot. Without a last
// snapshot it makes none.
func (drizzle) next(f Folder, name string, now time.Time) ([]File, error) {
	if isDrizzle1(f.files()) {
		return drizzle1{}.next(f, name, now)
	}
	journal, err := readJournal(f.files())
	if err != nil {
		return nil, err
	}
	e := journalEntry{Version: "6", When: now.UnixMilli(), Breakpoints: true}
	prefix := "0000"
	if n := len(journal.entries); n > 0 {
		last := journal.entries[n-1]
		e.Idx, e.Version = last.Idx+1, last.Version
		// The migrator skips every migration that is not later than the last that it ran.
		e.When = max(e.When, last.When+1)
		prefix = drizzlePrefix(last, now)
	}
	e.Tag = prefix + "_" + name
	files := []File{{Path: filepath.Join(f.Dir, e.Tag+".sql")}}
	text, err := journal.with(e)
	if err != nil {
		return nil, err
	}
	files = append(files, File{f.files().path(journalPath), text})
	snapshot, err := nextSnapshot(f.files(), e.Tag)
	if err != nil {
		return nil, err
	}
	if snapshot != nil {
		files = append(files, File{filepath.Join(f.Dir, "meta", prefix+"_snapshot.json"), snapshot})
	}
	return files, nil
}

// unixPrefix matches a tag that drizzle-kit numbered by seconds since 1970.
var unixPrefix = regexp.MustCompile(`^\d{10}_`)

// drizzlePrefix numbers a tag in the way of the tag before it: by index, by one of two kinds of
// timestamps, or not at all (drizzle-kit, prepareMigrationMetadata).
func drizzlePrefix(last journalEntry, now time.Time) string {
	number := digits(last.Tag)
	switch {
	case isTimestamp(number):
		return timestampAfter(number, now)
	case unixPrefix.MatchString(last.Tag):
		n, _ := strconv.ParseInt(number, 10, 64)
		return strconv.FormatInt(max(now.Unix(), n+1), 10)
	case number == "":
		return ""
	}
	return fmt.Sprintf("%04d", last.Idx+1)
}

// applied compares the timestamps in the journal, as the migrator does: a migration that is not
// later than the newest recorded one never runs. Wrangler, which may run the same files, compares
// their names.
func (drizzle) applied(c *sqlite.Conn, m Migration) (bool, error) {
	when, err := strconv.ParseInt(m.Version, 10, 64)
	if err != nil {
		return drizzle1{}.applied(c, m)
	}
	found, err := recorded(c, "__drizzle_migrations",
		"SELECT max(created_at) >= ? FROM __drizzle_migrations", when)
	if found || err != nil {
		return found, err
	}
	return d1{}.applied(c, Migration{Version: m.Name + ".sql"})
}
