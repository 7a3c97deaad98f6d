package sqlite_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/seedkit/seedkit/internal/sqlite"
)

// overlayOn opens a database at path and an overlay on a snapshot of the database.
func overlayOn(t *testing.T, path string) *sqlite.Conn {
	t.Helper()
	base := openFile(t, path, sqlite.ReadWrite)
	if err := base.ExecScript("BEGIN; SELECT count(*) FROM sqlite_schema"); err != nil {
		t.Fatal(err)
	}
	c, err := sqlite.OpenOverlay(base)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

func openFile(t *testing.T, path string, mode sqlite.Mode) *sqlite.Conn {
	t.Helper()
	c, err := sqlite.Open(t.Context(), path, mode)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

func mustRun(t *testing.T, c *sqlite.Conn, sql string) {
	t.Helper()
	if err := c.ExecScript(sql); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
}

func mustCount(t *testing.T, c *sqlite.Conn, sql string, want int64) {
	t.Helper()
	if got, err := c.Int64(sql); err != nil || got != want {
		t.Fatalf("%s: got %d, %v, want %d", sql, got, err, want)
	}
}

// TestOverlay writes more than the overlay's cache holds.
func TestOverlay(t *testing.T) {
	for _, mode := range []string{"wal", "delete"} {
		t.Run(mode, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "data.db")
			app := openFile(t, path, sqlite.Create)
			mustRun(t, app, "PRAGMA synchronous = OFF; PRAGMA journal_mode = "+mode+
				"; CREATE TABLE t(id INTEGER PRIMARY KEY, name TEXT UNIQUE, body BLOB); "+
				"INSERT INTO t(id, name) VALUES(-1, 'a')")
			before, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			c := overlayOn(t, path)
			const rows = `WITH RECURSIVE
				n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 9000)
				INSERT INTO t SELECT i, 'n' || i, zeroblob(2000) FROM n;`
			mustRun(t, c, "BEGIN IMMEDIATE;"+rows)
			if err := c.Exec("INSERT INTO t(id, name) VALUES(50000, 'a')"); !sqlite.IsUnique(err) {
				t.Errorf("got %v, want a UNIQUE constraint", err)
			}
			mustCount(t, c, "SELECT count(*) FROM t WHERE id = 50000", 0)
			mustCount(t, c, "SELECT sum(length(body)) FROM t", 9000*2000)
			mustRun(t, c, "ROLLBACK")
			mustCount(t, c, "SELECT count(*) FROM t", 1)
			mustRun(t, c, "BEGIN;"+rows+"COMMIT")
			mustCount(t, c, "SELECT count(*) FROM t", 9001)
			mustCount(t, c,
				"SELECT count(*) FROM pragma_integrity_check WHERE integrity_check <> 'ok'", 0)

			if mode == "wal" {
				// The overlay does not block the app.
				mustRun(t, app, "INSERT INTO t(id, name) VALUES(-2, 'b')")
			}
			mustCount(t, c, "SELECT count(*) FROM t WHERE id = -2", 0)
			if after, err := os.ReadFile(path); err != nil || string(after) != string(before) {
				t.Errorf("the database was written to: %v", err)
			}
			entries, err := os.ReadDir(filepath.Dir(path))
			want := map[string]int{"wal": 3, "delete": 1}[mode]
			if err != nil || len(entries) != want {
				t.Errorf("the folder holds %v, %v, want %d files", entries, err, want)
			}
		})
	}
}

func TestOverlayOfWhatIsInTheWAL(t *testing.T) {
	path := filepath.Join(t.TempDir(), "data.db")
	app := openFile(t, path, sqlite.Create)
	mustRun(t, app, "PRAGMA journal_mode = wal; CREATE TABLE t(x); INSERT INTO t VALUES(1)")
	c := overlayOn(t, path)
	mustRun(t, app, "INSERT INTO t VALUES(2)")
	mustRun(t, c, "INSERT INTO t VALUES(3)")
	mustCount(t, c, "SELECT sum(x) FROM t", 4)
	mustCount(t, app, "SELECT sum(x) FROM t", 3)
}

func TestOverlayOfOtherPages(t *testing.T) {
	for _, settings := range []string{
		"page_size = 512", "page_size = 65536", "auto_vacuum = FULL", "encoding = 'UTF-16le'",
	} {
		t.Run(settings, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "data.db")
			app := openFile(t, path, sqlite.Create)
			mustRun(t, app, "PRAGMA "+settings+
				"; CREATE TABLE t(id INTEGER PRIMARY KEY, name TEXT UNIQUE);"+
				"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500) "+
				"INSERT INTO t SELECT i, 'é' || i FROM n")
			c := overlayOn(t, path)
			mustRun(t, c, "BEGIN; DELETE FROM t WHERE id > 100; "+
				"INSERT INTO t SELECT -id, 'ü' || id FROM t; COMMIT")
			mustCount(t, c, "SELECT count(*) FROM t WHERE name GLOB 'ü*' OR id > 0", 200)
			mustCount(t, c,
				"SELECT count(*) FROM pragma_integrity_check WHERE integrity_check <> 'ok'", 0)
			mustCount(t, app, "SELECT count(*) FROM t", 500)
		})
	}
}

// TestOverlayInterrupted ends the context while an overlay reads pages of its base. The error is
// the context's, whichever of the two connections hears of it first.
func TestOverlayInterrupted(t *testing.T) {
	path := filepath.Join(t.TempDir(), "data.db")
	mustRun(t, openFile(t, path, sqlite.Create), `PRAGMA synchronous = OFF; CREATE TABLE t(body);
		WITH RECURSIVE n(i) AS (VALUES(1) UNION ALL SELECT i+1 FROM n WHERE i < 5000)
		INSERT INTO t SELECT zeroblob(5000) FROM n`)
	for range 20 {
		ctx, cancel := context.WithCancel(t.Context())
		base, err := sqlite.Open(ctx, path, sqlite.ReadOnly)
		if err != nil {
			t.Fatal(err)
		}
		mustRun(t, base, "BEGIN; SELECT count(*) FROM sqlite_schema")
		c, err := sqlite.OpenOverlay(base)
		if err != nil {
			t.Fatal(err)
		}
		go cancel()
		for err == nil {
			_, err = c.Int64("SELECT sum(length(substr(body, 4900))) FROM t")
		}
		c.Close()
		base.Close()
		if !errors.Is(err, context.Canceled) {
			t.Fatalf("got %v, want %v", err, context.Canceled)
		}
	}
}
