package indexes_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/seedkit/seedkit/internal/indexes"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/testdb"
)

// fill inserts numbers from 1 to 3000 as i.
const fill = "; WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000) " +
	"INSERT INTO t SELECT "

// odd has values of all storage classes, and numbers with more than one encoding.
const odd = "CASE i % 9 WHEN 0 THEN NULL WHEN 1 THEN i WHEN 2 THEN i + 0.5 WHEN 3 THEN i + 0.0 " +
	"WHEN 4 THEN -i WHEN 5 THEN 'Text ' || i WHEN 6 THEN 'text ' || i " +
	"WHEN 7 THEN CAST(i AS BLOB) ELSE i % 2 END FROM n;"

// schemaEdit returns SQL that gives an index another definition, so that the index no longer agrees
// with its table.
func schemaEdit(sql string) string {
	return fmt.Sprintf("PRAGMA writable_schema = ON;"+
		"UPDATE sqlite_schema SET sql = '%s' WHERE name = 'i'; PRAGMA writable_schema = RESET", sql)
}

func build(t *testing.T, sql string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "test.db")
	c := testdb.Connect(t, path, sqlite.Create)
	testdb.Execute(t, c, sql)
	c.Close()
	return path
}

func TestAgree(t *testing.T) {
	const indexed = "CREATE TABLE t(a, b); CREATE INDEX i ON t(a)" + fill
	tests := []struct {
		title, sql string
		want       bool
	}{
		{"no index", "CREATE TABLE t(a)" + fill + odd, true},
		{"no rows", "CREATE TABLE t(a UNIQUE)", true},
		{"a page of rows", "CREATE TABLE t(a UNIQUE); INSERT INTO t VALUES(2), (1), ('x')", true},
		{"odd values", "CREATE TABLE t(a); CREATE INDEX i ON t(a)" + fill + odd, true},
		{"reals", "CREATE TABLE t(a REAL); CREATE INDEX i ON t(a)" + fill + odd, true},
		{"texts", "CREATE TABLE t(a TEXT); CREATE INDEX i ON t(a)" + fill + odd, true},
		{"descending", "CREATE TABLE t(a); CREATE INDEX i ON t(a DESC)" + fill + odd, true},
		{"NOCASE", "CREATE TABLE t(a COLLATE NOCASE); CREATE INDEX i ON t(a)" + fill + odd, true},
		{"several columns and indexes", "CREATE TABLE t(id INTEGER PRIMARY KEY, a, b);" +
			"CREATE INDEX j ON t(b, a); CREATE INDEX i ON t(a, b DESC)" + fill +
			"i, i % 5, " + odd, true},
		{"unique NULLs", "CREATE TABLE t(a UNIQUE)" + fill + "NULL FROM n", true},
		{"a text key", "CREATE TABLE t(a TEXT PRIMARY KEY)" + fill + "hex(randomblob(9)) FROM n",
			true},
		{"an added column", "CREATE TABLE t(a)" + fill + "i FROM n;" +
			"ALTER TABLE t ADD b TEXT DEFAULT 5; CREATE INDEX i ON t(b)", true},
		{"a generated column", "CREATE TABLE t(a, b AS (a % 7)); CREATE INDEX i ON t(b)" + fill +
			"i FROM n", true},
		{"another column", indexed + "i, -i FROM n;" + schemaEdit("CREATE INDEX i ON t(b)"), false},
		{"too few entries", "CREATE TABLE t(a); CREATE INDEX i ON t(a) WHERE a > 7" + fill +
			"i FROM n;" + schemaEdit("CREATE INDEX i ON t(a)"), false},
		{"a key twice", indexed + "i / 2, 1 FROM n;" + schemaEdit("CREATE UNIQUE INDEX i ON t(a)"),
			false},
		{"another order", indexed + "i, 1 FROM n;" + schemaEdit("CREATE INDEX i ON t(a DESC)"),
			false},
		{"another collation", "CREATE TABLE t(a); CREATE INDEX i ON t(a)" + fill + odd +
			schemaEdit("CREATE INDEX i ON t(a COLLATE NOCASE)"), false},
		{"not plain: partial", "CREATE TABLE t(a); CREATE INDEX i ON t(a) WHERE a" + fill + odd,
			false},
		{"not plain: an expression", "CREATE TABLE t(a); CREATE INDEX i ON t(a + 1)" + fill + odd,
			false},
		{"not plain: a collation", "CREATE TABLE t(a); CREATE INDEX i ON t(a COLLATE RTRIM)" +
			fill + odd, false},
		{"not plain: without rowid", "CREATE TABLE t(a PRIMARY KEY) WITHOUT ROWID", false},
		{"not plain: UTF-16", "PRAGMA encoding = 'UTF-16le'; CREATE TABLE t(a UNIQUE)" + fill +
			"i FROM n", false},
		{"not plain: long keys", "CREATE TABLE t(a UNIQUE); INSERT INTO t VALUES(zeroblob(9999))",
			false},
		{"not plain: zero bytes", "CREATE TABLE t(a COLLATE NOCASE); CREATE INDEX i ON t(a);" +
			"INSERT INTO t VALUES('a' || char(0) || 'b'), ('a' || char(0) || 'c')", false},
		{"not plain: a column rowid", "CREATE TABLE t(rowid UNIQUE); INSERT INTO t VALUES(5)",
			false},
	}
	for _, test := range tests {
		t.Run(test.title, func(t *testing.T) {
			path := build(t, test.sql)
			c := testdb.Connect(t, path, sqlite.ReadOnly)
			got, err := indexes.Agree(c, "t")
			if got != test.want {
				t.Errorf("got %v, %v, want %v", got, err, test.want)
			}
			if said := testdb.Text(t, c, "PRAGMA integrity_check"); got && said != "ok\n" {
				t.Errorf("integrity_check says %s", said)
			}
		})
	}
}

// TestAgreeFindsWhatIntegrityCheckFinds spoils one byte after the other. If indexes agree and
// quick_check finds nothing, integrity_check must find nothing either.
func TestAgreeFindsWhatIntegrityCheckFinds(t *testing.T) {
	path := build(t, `PRAGMA page_size = 512; CREATE TABLE t(a UNIQUE, b, c REAL);
		CREATE INDEX i ON t(b COLLATE NOCASE DESC, c);
		WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60)
		INSERT INTO t
		SELECT nullif(i * 7919 % 101, 50), char(65 + i % 50) || i % 4, i / 2.0 FROM n`)
	sound, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	step := 3
	if testing.Short() {
		step = 17
	}
	agreed, found := 0, 0
	for offset := 512; offset < len(sound); offset += step {
		spoiled := slices.Clone(sound)
		spoiled[offset] ^= 1 << (offset / step % 8)
		if err := os.WriteFile(path, spoiled, 0o600); err != nil {
			t.Fatal(err)
		}
		c := testdb.Connect(t, path, sqlite.ReadOnly)
		agree, err := indexes.Agree(c, "t")
		quick := check(c, "PRAGMA quick_check")
		all := check(c, "PRAGMA integrity_check")
		c.Close()
		if agree && quick == "ok" && all != "ok" {
			t.Errorf("byte %d: %v, but integrity_check says %s", offset, err, all)
		}
		if agree {
			agreed++
		}
		if quick == "ok" && all != "ok" {
			found++
		}
	}
	if agreed == 0 || found == 0 {
		t.Errorf("indexes agreed %d times, and quick_check missed a fault %d times", agreed, found)
	}
}

// check returns the first thing that a check says.
func check(c *sqlite.Conn, pragma string) string {
	said, err := c.Value(pragma)
	if err != nil {
		return err.Error()
	}
	return said.Data()
}
