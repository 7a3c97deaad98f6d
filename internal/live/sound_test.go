package live

import (
	"path/filepath"
	"testing"

	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/testdb"
)

// TestIsSound holds that the fast checks can tell of usual databases that they are sound, and that
// they accept no database in which integrity_check finds a fault that quick_check does not find.
func TestIsSound(t *testing.T) {
	const edit = "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = "
	tests := []struct {
		title, sql string
		want       bool
	}{
		{"users", testdb.Users, true},
		{"a table named like a number", `CREATE TABLE "5"(a PRIMARY KEY) WITHOUT ROWID`, true},
		{"tables of every kind", `CREATE VIRTUAL TABLE f USING fts5(x);
			INSERT INTO f VALUES('words');
			CREATE TABLE w(a PRIMARY KEY, b UNIQUE) WITHOUT ROWID; INSERT INTO w VALUES(1, 2);
			CREATE TABLE p(a); CREATE INDEX i ON p(a + 1) WHERE a > 2; INSERT INTO p VALUES(3);
			CREATE VIEW v AS SELECT app(1)`, true},
		{"a stale index", "CREATE TABLE t(a, b); CREATE INDEX i ON t(a);" +
			"INSERT INTO t VALUES(1, 2);" +
			edit + "'CREATE INDEX i ON t(b)' WHERE name = 'i'", false},
		{"a stale index of a table WITHOUT ROWID",
			"CREATE TABLE t(a, b PRIMARY KEY) WITHOUT ROWID; CREATE INDEX i ON t(a);" +
				"INSERT INTO t VALUES(1, 2);" +
				edit + "'CREATE INDEX i ON t(b)' WHERE name = 'i'", false},
		{"a table WITHOUT ROWID in another order",
			"CREATE TABLE t(a PRIMARY KEY) WITHOUT ROWID; INSERT INTO t VALUES(1), (2);" +
				edit + "'CREATE TABLE t(a, PRIMARY KEY(a DESC)) WITHOUT ROWID' WHERE name = 't'",
			false},
		{"a full-text index without its text", "CREATE VIRTUAL TABLE f USING fts5(x);" +
			"INSERT INTO f VALUES('words'); DELETE FROM f_content", false},
		{"a row that breaks a CHECK", "CREATE TABLE t(a CHECK(a > 0));" +
			"PRAGMA ignore_check_constraints = ON; INSERT INTO t VALUES(-1)", false},
		{"a function of the app's", "CREATE TABLE t(a); INSERT INTO t VALUES(1);" +
			edit + "'CREATE TABLE t(a CHECK(app(a)))' WHERE name = 't'", false},
	}
	for _, test := range tests {
		t.Run(test.title, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "data.db")
			c := testdb.Connect(t, path, sqlite.Create)
			testdb.Execute(t, c, test.sql)
			c.Close()
			if got := isSound(t.Context(), path); got != test.want {
				t.Errorf("got %v, want %v", got, test.want)
			}
		})
	}
}
