// Package testdb makes small databases for the tests of other packages.
package testdb

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/seedkit/seedkit/internal/sqlite"
)

// Now is the fixed time that tests use as the present.
var Now = time.Date(2025, 1, 2, 3, 4, 5, 0, time.UTC)

// Users is SQL that makes a small schema and fills it.
const Users = `
	CREATE TABLE User(id TEXT PRIMARY KEY, email TEXT NOT NULL UNIQUE, name TEXT);
	CREATE TABLE Note(id INTEGER PRIMARY KEY AUTOINCREMENT, owner TEXT REFERENCES User(id),
		body BLOB);
	CREATE TABLE log(line TEXT);
	CREATE INDEX Note_owner ON Note(owner);
	INSERT INTO User VALUES('a', 'ann@example.com', 'Ann'), ('b', 'bob@example.com', NULL);
	INSERT INTO Note(owner, body) SELECT 'a', randomblob(600)
		FROM json_each(json_array(1, 2, 3, 4, 5, 6, 7, 8));
	INSERT INTO log VALUES('twice'), ('twice'), ('once');
	PRAGMA user_version = 7; PRAGMA application_id = 99;`

// Make makes a database in the given journal mode and returns its path.
func Make(t testing.TB, mode, sql string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "data.db")
	c := Connect(t, path, sqlite.Create)
	Execute(t, c, "PRAGMA journal_mode = "+mode+"; PRAGMA synchronous = OFF;"+sql)
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

func Connect(t testing.TB, path string, mode sqlite.Mode) *sqlite.Conn {
	t.Helper()
	c, err := sqlite.Open(t.Context(), path, mode)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

func Execute(t testing.TB, c *sqlite.Conn, sql string) {
	t.Helper()
	if err := c.ExecScript(sql); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
}

// Change runs statements on a new connection.
func Change(t testing.TB, path, sql string) {
	t.Helper()
	c := Connect(t, path, sqlite.ReadWrite)
	Execute(t, c, "PRAGMA synchronous = OFF;"+sql)
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
}

// Text returns the first column of each row of a query, one row per line.
func Text(t testing.TB, c *sqlite.Conn, sql string) string {
	t.Helper()
	var b strings.Builder
	for row, err := range c.Query(sql) {
		if err != nil {
			t.Fatalf("%s: %v", sql, err)
		}
		b.WriteString(row.Text(0) + "\n")
	}
	return b.String()
}

// Everything is a query for all that a user can put into the database of [Users].
const Everything = `
	SELECT quote(id) || quote(email) || quote(name) FROM User
	UNION ALL SELECT quote(id) || quote(owner) || quote(body) FROM Note
	UNION ALL SELECT quote(line) FROM log
	UNION ALL SELECT quote(name) || quote(seq) FROM sqlite_sequence
	UNION ALL SELECT quote(sql) FROM sqlite_schema
	UNION ALL SELECT user_version FROM pragma_user_version
	UNION ALL SELECT journal_mode FROM pragma_journal_mode
	ORDER BY 1`

// Content returns the result of the query [Everything].
func Content(t testing.TB, path string) string {
	t.Helper()
	c := Connect(t, path, sqlite.ReadWrite)
	defer c.Close()
	return Text(t, c, Everything)
}

// Files returns the names in a folder.
func Files(t testing.TB, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	names := []string{}
	for _, entry := range entries {
		names = append(names, entry.Name())
	}
	return names
}

// FlipBit changes one bit of the file.
func FlipBit(t testing.TB, path string, offset int64) {
	t.Helper()
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	b := make([]byte, 1)
	if _, err := f.ReadAt(b, offset); err != nil {
		t.Fatal(err)
	}
	b[0] ^= 1 << (offset % 8)
	if _, err := f.WriteAt(b, offset); err != nil {
		t.Fatal(err)
	}
}
