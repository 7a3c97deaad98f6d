package migration

import (
	"fmt"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/sqltext"
)

// diesel gives up.sql to SQLite as a whole, in a transaction unless metadata.toml beside it says
// otherwise (diesel_migrations/src/file_based_migrations.rs and migration_harness.rs, v2.3).
type diesel struct{}

// dieselUp is the script that diesel reads in a migration's folder, and dieselDown the script that
// reverses it.
const (
	dieselUp   = "up.sql"
	dieselDown = "down.sql"
)

// ofDiesel reports whether a folder has the layout of diesel. Versions begin with digits, but for
// those that a developer has chosen.
func ofDiesel(in files) bool { return len(in.glob("[0-9]*/"+dieselUp)) > 0 }

// read sorts by the version, which is the folder's name up to the first underscore, without
// hyphens.
func (diesel) read(in files) (migrations []Migration, err error) {
	for _, script := range in.glob("*/" + dieselUp) {
		name := path.Dir(script)
		if strings.HasPrefix(name, ".") {
			continue
		}
		version, _, _ := strings.Cut(name, "_")
		migrations = append(migrations, Migration{
			Name: name, Version: strings.ReplaceAll(version, "-", ""), Path: in.path(script),
		})
	}
	slices.SortStableFunc(migrations,
		func(a, b Migration) int { return strings.Compare(a.Version, b.Version) })
	for i := 1; i < len(migrations); i++ {
		if a, b := migrations[i-1], migrations[i]; a.Version == b.Version {
			return nil, fmt.Errorf("%s and %s have the same version %s", a.Path, b.Path, a.Version)
		}
	}
	return migrations, nil
}

// parse takes a script with statements that SQLite refuses in a transaction for one that
// metadata.toml exempts from it: diesel could not run the script otherwise.
func (diesel) parse(text string) (*Script, error) {
	s := whole(text)
	s.transaction = !leavesTransaction(text)
	if !s.transaction {
		s.style = inTransaction
	}
	s.endStatement()
	return s.wantUTF8(), nil
}

// leavesTransaction reports whether a script has a statement that SQLite refuses in a transaction.
func leavesTransaction(text string) bool {
	for s, err := range sqltext.Statements(strings.NewReader(text), "") {
		if err != nil {
			return false
		}
		first, _, _ := strings.Cut(strings.ToUpper(strings.TrimSpace(string(s.Text))), " ")
		switch strings.TrimRight(first, ";") {
		case "BEGIN", "VACUUM":
			return true
		}
	}
	return false
}

// next names the folder as `diesel migration generate` does.
func (diesel) next(f Folder, name string, now time.Time) ([]File, error) {
	last, _ := f.last()
	before := last.Version[:min(len(last.Version), len(timestamp))]
	at, err := time.Parse(timestamp, timestampAfter(before, now))
	if err != nil {
		at = now
	}
	version := at.Format("2006-01-02-150405") + "-0000"
	if strings.ReplaceAll(version, "-", "") <= last.Version {
		return nil, fmt.Errorf("%s_%s %w %s, which it has to follow", version, name, ErrOrder,
			last.Path)
	}
	dir := filepath.Join(f.Dir, version+"_"+name)
	return []File{
		{Path: filepath.Join(dir, dieselUp)}, {Path: filepath.Join(dir, dieselDown)},
	}, nil
}

func (diesel) applied(c *sqlite.Conn, m Migration) (bool, error) {
	return recorded(c, "__diesel_schema_migrations",
		"SELECT 1 FROM __diesel_schema_migrations WHERE version = ?", m.Version)
}

func (diesel) recordOf(f Folder, now time.Time) toolRecord {
	r := toolRecord{
		table: "__diesel_schema_migrations",
		create: `CREATE TABLE IF NOT EXISTS __diesel_schema_migrations (
       version VARCHAR(50) PRIMARY KEY NOT NULL,
       run_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP
)`,
		insert: "INSERT INTO __diesel_schema_migrations (version, run_on) VALUES (?, ?)",
	}
	for _, m := range f.Migrations {
		r.rows = append(r.rows, []any{m.Version, now.Format(second)})
	}
	return r
}
