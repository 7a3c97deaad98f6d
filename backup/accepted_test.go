package backup_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seedkit/seedkit/backup"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/testdb"
)

// A kind is a kind of database. Each statement of sql runs on a connection of its own, on which the
// functions and collations that SQLite lacks have stand-ins. A line of integrity begins a fault
// that the manifest must record. unchecked is a part of why integrity_check cannot end.
type kind struct{ title, sql, integrity, unchecked string }

// schemaEdit returns SQL that puts a row into sqlite_schema, as PRAGMA writable_schema allows.
func schemaEdit(set, name string) string {
	return fmt.Sprintf("PRAGMA writable_schema = ON;"+
		"UPDATE sqlite_schema SET %s WHERE name = '%s'; PRAGMA writable_schema = RESET", set, name)
}

var kinds = []kind{
	{title: "users", sql: testdb.Users},
	{title: "no table", sql: "PRAGMA user_version = 3"},
	{title: "WAL mode", sql: "PRAGMA journal_mode = WAL;" + testdb.Users},
	{title: "small pages", sql: "PRAGMA page_size = 512;" + testdb.Users},
	{title: "large pages", sql: "PRAGMA page_size = 65536;" + testdb.Users},
	{title: "UTF-16", sql: "PRAGMA encoding = 'UTF-16be';" + testdb.Users},
	{title: "auto_vacuum", sql: "PRAGMA auto_vacuum = FULL;" + testdb.Users},
	{title: "incremental vacuum", sql: "PRAGMA auto_vacuum = INCREMENTAL;" + testdb.Users +
		"DELETE FROM Note"},
	{title: "free pages", sql: testdb.Users + "DELETE FROM Note WHERE id > 2"},
	{title: "negative numbers", sql: "CREATE TABLE t(a); PRAGMA user_version = -1;" +
		"PRAGMA application_id = -2147483648"},
	{title: "statistics", sql: testdb.Users + "ANALYZE"},
	{title: "odd values", sql: `CREATE TABLE "a ""b"" c"("x y", "select" ANY);
		INSERT INTO "a ""b"" c" VALUES(char(0) || 'x', 9e999), (CAST(x'ff' AS TEXT), NULL)`},
	{title: "without rowid", sql: "CREATE TABLE t(a, b, PRIMARY KEY(b, a)) WITHOUT ROWID;" +
		"INSERT INTO t VALUES(1, 2)"},
	{title: "full text", sql: "CREATE VIRTUAL TABLE f USING fts5(x);" +
		"INSERT INTO f VALUES('some words')"},
	{title: "full text with a tokenizer of the app's", unchecked: "SQL logic error",
		sql: "CREATE VIRTUAL TABLE f USING fts5(x); INSERT INTO f VALUES('some words');" +
			schemaEdit("sql = 'CREATE VIRTUAL TABLE f USING fts5(x, tokenize = app)'", "f")},
	{title: "R-Tree", sql: "CREATE VIRTUAL TABLE r USING rtree(id, a, b);" +
		"INSERT INTO r VALUES(1, 2, 3)"},
	{title: "references dangle", sql: testdb.Users +
		"INSERT INTO Note(owner) VALUES('nobody')"},
	{title: "a reference to no key", sql: "CREATE TABLE p(a); CREATE TABLE c(a REFERENCES p(a));" +
		"INSERT INTO c VALUES(1)"},
	{title: "views and triggers of the app's functions", sql: `CREATE TABLE t(a);
		CREATE VIEW v AS SELECT app(a) FROM t;
		CREATE TRIGGER g AFTER INSERT ON t BEGIN SELECT app(1); END`},
	{title: "a CHECK with an app's function", unchecked: "function regexp",
		sql: "CREATE TABLE t(a CHECK(a REGEXP '^a')); INSERT INTO t VALUES('abc')"},
	{title: "an index with an app's function", unchecked: "function slug",
		sql: "CREATE TABLE t(a); CREATE INDEX i ON t(slug(a)); INSERT INTO t VALUES('abc')"},
	{title: "a partial index with an app's function", unchecked: "function slug",
		sql: "CREATE TABLE t(a); CREATE INDEX i ON t(a) WHERE slug(a);" +
			"INSERT INTO t VALUES('abc')"},
	{title: "a generated column with an app's function", unchecked: "function slug",
		sql: "CREATE TABLE t(a, b NOT NULL DEFAULT 1, c AS (slug(a)) CHECK(c <> 'x'));" +
			"INSERT INTO t VALUES('abc', 2)"},
	{title: "a stored column with an app's function", unchecked: "",
		sql: "CREATE TABLE t(a, c AS (slug(a)) STORED); INSERT INTO t VALUES('abc')"},
	{title: "a column with an app's collation", unchecked: "collation LOCALIZED",
		sql: "CREATE TABLE t(a TEXT COLLATE LOCALIZED UNIQUE); INSERT INTO t VALUES('a'), ('b')"},
	{title: "a key with an app's collation", unchecked: "collation LOCALIZED",
		sql: "CREATE TABLE t(a TEXT COLLATE LOCALIZED PRIMARY KEY, b) WITHOUT ROWID;" +
			"INSERT INTO t VALUES('a', 1), ('b', 2)"},
	{title: "a reference with an app's collation", unchecked: "collation LOCALIZED",
		sql: "CREATE TABLE p(a TEXT COLLATE LOCALIZED PRIMARY KEY);" +
			"CREATE TABLE c(a REFERENCES p(a)); INSERT INTO c VALUES('x')"},
	{title: "a module of the app's", sql: "CREATE TABLE v_data(a); INSERT INTO v_data VALUES(1);" +
		"PRAGMA writable_schema = ON; INSERT INTO sqlite_schema VALUES('table', 'v', 'v', 0, " +
		"'CREATE VIRTUAL TABLE v USING vec(a)')"},
	{title: "an index that is stale", integrity: "row 1 missing from index",
		sql: "CREATE TABLE u(id INTEGER PRIMARY KEY, a, b); CREATE INDEX i ON u(a);" +
			"INSERT INTO u VALUES(1, 'a', 'x'), (2, 'b', 'y');" +
			schemaEdit("sql = 'CREATE INDEX i ON u(b)'", "i")},
	{title: "an index without its rows", integrity: "wrong # of entries in index i",
		sql: "CREATE TABLE u(a); CREATE INDEX i ON u(a) WHERE a > 5;" +
			"INSERT INTO u VALUES(1), (2);" +
			schemaEdit("sql = 'CREATE INDEX i ON u(a)'", "i")},
	{title: "a row that breaks a CHECK", integrity: "CHECK constraint failed in n",
		sql: "CREATE TABLE n(b CHECK(b > 0)); PRAGMA ignore_check_constraints = ON;" +
			"INSERT INTO n VALUES(-1)"},
	{title: "a NULL where none may be", integrity: "NULL value in n.b",
		sql: "CREATE TABLE n(b); INSERT INTO n VALUES(NULL);" +
			schemaEdit("sql = 'CREATE TABLE n(b NOT NULL)'", "n")},
	{title: "a text in a strict column", integrity: "non-INT value in n.b",
		sql: "CREATE TABLE n(b TEXT); INSERT INTO n VALUES('x');" +
			schemaEdit("sql = 'CREATE TABLE n(b INT) STRICT'", "n")},
	{title: "a value twice in a unique index", integrity: "non-unique entry in index",
		sql: "CREATE TABLE n(b); CREATE INDEX i ON n(b); INSERT INTO n VALUES(1), (1);" +
			schemaEdit("sql = 'CREATE UNIQUE INDEX i ON n(b)'", "i")},
	{title: "a CHECK that fails", unchecked: "malformed JSON",
		sql: "CREATE TABLE n(b); INSERT INTO n VALUES('{');" +
			schemaEdit("sql = 'CREATE TABLE n(b CHECK(json_extract(b, ''$.a'') > 0))'", "n")},
}

func (k kind) make(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "data.db")
	c := testdb.Connect(t, path, sqlite.Create)
	if err := c.StandInForCollations(); err != nil {
		t.Fatal(err)
	}
	c.StandInForFunctions()
	testdb.Execute(t, c, k.sql)
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestWhatIsBackedUpIsRestored backs up databases of many kinds. What Make accepts, Verify and
// Restore must accept, and Restore must bring back every page.
func TestWhatIsBackedUpIsRestored(t *testing.T) {
	for _, k := range kinds {
		t.Run(k.title, func(t *testing.T) {
			db := k.make(t)
			m := backUp(t, db, backup.Options{Dir: t.TempDir()})
			if !strings.HasPrefix(strings.Join(m.Integrity.Faults, "\n"), k.integrity) ||
				k.integrity == "" && m.Integrity.Faults != nil {
				t.Errorf("faults: got %q, want %q", m.Integrity.Faults, k.integrity)
			}
			if !strings.Contains(m.Integrity.Unchecked, k.unchecked) ||
				k.unchecked == "" && m.Integrity.Unchecked != "" {
				t.Errorf("unchecked: got %q, want %q", m.Integrity.Unchecked, k.unchecked)
			}
			restoresEverything(t, m, db)
		})
	}
}

// restoresEverything verifies the backup, and restores it over its database after a change and to a
// path without a database.
func restoresEverything(t *testing.T, m backup.Manifest, db string) {
	t.Helper()
	if _, err := backup.Verify(t.Context(), m.Path, backup.VerifyOptions{Against: db}); err != nil {
		t.Errorf("verify: %v", err)
	}
	testdb.Change(t, db, "CREATE TABLE seedkit_later(x); PRAGMA user_version = 77")
	for _, to := range []string{db, filepath.Join(t.TempDir(), "new.db")} {
		opts := backup.RestoreOptions{BackupDir: t.TempDir(), Now: testdb.Now, Create: true}
		if err := restore(t, m.Path, to, opts); err != nil {
			t.Errorf("restore: %v", err)
			continue
		}
		if diff := cmp.Diff(pages(t, m.Path), pages(t, to)); diff != "" {
			t.Errorf("the pages of %s differ from the backup's", to)
		}
	}
}

// pages returns the pages of a database, without the fields of the header that SQLite itself
// writes: the journal mode, the change counter, the schema cookie and the version.
func pages(t *testing.T, db string) [][]byte {
	t.Helper()
	c := testdb.Connect(t, db, sqlite.ReadOnly)
	defer c.Close()
	var all [][]byte
	for row, err := range c.Query("SELECT data FROM sqlite_dbpage ORDER BY pgno") {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, slices.Clone(row.View(0)))
	}
	for _, field := range [][2]int{{18, 20}, {24, 28}, {40, 44}, {92, 100}} {
		clear(all[0][field[0]:field[1]])
	}
	return all
}

// TestDamageIsRefusedOrRestored flips bits of a database, one after the other. Make either refuses
// the database as damaged, or makes a backup that Verify and Restore accept.
func TestDamageIsRefusedOrRestored(t *testing.T) {
	sound, err := os.ReadFile(kind{sql: "PRAGMA page_size = 512;" + testdb.Users}.make(t))
	if err != nil {
		t.Fatal(err)
	}
	step := 487
	if testing.Short() {
		step = 1999
	}
	accepted := 0
	for offset := 100; offset < len(sound); offset += step {
		dir := t.TempDir()
		db := filepath.Join(dir, "data.db")
		spoiled := slices.Clone(sound)
		spoiled[offset] ^= 1 << (offset % 8)
		if err := os.WriteFile(db, spoiled, 0o600); err != nil {
			t.Fatal(err)
		}
		m, err := backup.Make(t.Context(), db, backup.Options{Dir: dir, Now: testdb.Now})
		if err != nil {
			if !isA[*backup.DamagedError](err) && !sqlite.Is(err, sqlite.Corrupt) {
				t.Errorf("byte %d: %v", offset, err)
			}
			continue
		}
		accepted++
		if err := verify(t, m.Path, backup.VerifyOptions{}); err != nil {
			t.Errorf("byte %d: verify: %v", offset, err)
		}
		opts := backup.RestoreOptions{BackupDir: dir, Now: testdb.Now}
		if err := restore(t, m.Path, db, opts); err != nil {
			t.Errorf("byte %d: restore: %v", offset, err)
		}
	}
	if accepted == 0 {
		t.Error("no database was accepted")
	}
}

// TestDamageBesideFunctionsOfTheApp holds that a database is damaged even if integrity_check cannot
// run for want of a function.
func TestDamageBesideFunctionsOfTheApp(t *testing.T) {
	db := kind{sql: testdb.Users + "CREATE TABLE t(a CHECK(a REGEXP '^a'))"}.make(t)
	c := testdb.Connect(t, db, sqlite.ReadOnly)
	root, err := c.Int64("SELECT rootpage FROM sqlite_schema WHERE name = 'Note_owner'")
	if err != nil {
		t.Fatal(err)
	}
	c.Close()
	testdb.FlipBit(t, db, (root-1)*4096)
	_, err = backup.Make(t.Context(), db, backup.Options{})
	if damaged, ok := errors.AsType[*backup.DamagedError](err); !ok || damaged.Path != db {
		t.Errorf("got %v", err)
	}
}
