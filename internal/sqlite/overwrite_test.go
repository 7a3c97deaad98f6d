package sqlite_test

import (
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seedkit/seedkit/internal/sqlite"
)

const (
	oldRows = "CREATE TABLE t(x); INSERT INTO t VALUES('old')"
	// manyPages makes 429 pages and frees 98 of them.
	manyPages = "CREATE TABLE t(x, y UNIQUE); CREATE TABLE gone(x); " +
		"WITH n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i < 200) " +
		"INSERT INTO t SELECT i, hex(zeroblob(1000)) || i FROM n; " +
		"INSERT INTO gone SELECT zeroblob(400000); DROP TABLE gone"
	fewChanges = manyPages + "; UPDATE t SET x = -1 WHERE x = 100; CREATE INDEX later ON t(x)"
)

// TestOverwrite overwrites a database whose app keeps a connection open, and compares the pages.
func TestOverwrite(t *testing.T) {
	contents := []string{oldRows, manyPages, fewChanges}
	for _, mode := range []string{"wal", "delete"} {
		for from, old := range contents {
			for to, restored := range contents {
				for vacuum := range 9 {
					title := fmt.Sprintf("%s %d-%d vacuum %d-%d",
						mode, from, to, vacuum/3, vacuum%3)
					t.Run(title, func(t *testing.T) {
						t.Parallel()
						testOverwrite(t, mode,
							fmt.Sprintf("PRAGMA auto_vacuum = %d; %s", vacuum/3, old),
							fmt.Sprintf("PRAGMA auto_vacuum = %d; %s", vacuum%3, restored))
					})
				}
			}
		}
	}
}

func testOverwrite(t *testing.T, mode, old, restored string) {
	dir := t.TempDir()
	path, copied := filepath.Join(dir, "live.db"), filepath.Join(dir, "copy.db")
	app := open(t, path, sqlite.Create)
	exec(t, app, "PRAGMA synchronous = OFF; "+old+"; PRAGMA journal_mode = "+mode)
	exec(t, app, "INSERT INTO t(x) SELECT 'the app has read the schema'")
	src := open(t, copied, sqlite.Create)
	exec(t, src, "PRAGMA synchronous = OFF; "+restored)
	before, after := pagesOf(t, path), pagesOf(t, copied)
	changed := func(yield func(int64) bool) {
		for i := range max(len(before), len(after)) {
			if i < len(before) && i < len(after) && before[i] == after[i] {
				continue
			}
			if !yield(int64(i + 1)) {
				return
			}
		}
	}

	for _, end := range []string{"ROLLBACK", "COMMIT"} {
		dst := open(t, path, sqlite.ReadWrite)
		exec(t, dst, "PRAGMA synchronous = OFF; BEGIN IMMEDIATE; SELECT * FROM t")
		if err := dst.Overwrite(src, changed, func(done, total int64) {}); err != nil {
			t.Fatal(err)
		}
		exec(t, dst, end)
		if err := dst.Close(); err != nil {
			t.Fatal(err)
		}
		want := before
		if end == "COMMIT" {
			want = after
		}
		if diff := cmp.Diff(want, pagesOf(t, path)); diff != "" {
			t.Fatalf("after %s: %s", end, diff)
		}
	}
	for _, sql := range []string{"PRAGMA integrity_check", "PRAGMA auto_vacuum",
		"SELECT group_concat(name) FROM sqlite_schema", "SELECT count(*) FROM t WHERE x = -1"} {
		want, err := src.Value(sql)
		if err != nil {
			t.Fatal(err)
		}
		got, err := app.Value(sql)
		if err != nil || got != want {
			t.Errorf("%s: %v, %v, want %v", sql, got.Any(), err, want.Any())
		}
	}
	exec(t, app, "INSERT INTO t(x) VALUES('the app goes on')")
	if err := app.Close(); err != nil {
		t.Fatal(err)
	}
	checkFile(t, path, mode)
}

// checkFile checks the journal mode and the size of the file.
func checkFile(t *testing.T, path, mode string) {
	t.Helper()
	c := open(t, path, sqlite.ReadWrite)
	if got, err := c.Value("PRAGMA journal_mode"); err != nil || got.Data() != mode {
		t.Errorf("journal mode %s, %v", got.Data(), err)
	}
	exec(t, c, "PRAGMA wal_checkpoint(TRUNCATE)")
	want, err := c.Int64("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size")
	if err != nil {
		t.Fatal(err)
	}
	file, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if file.Size() != want {
		t.Errorf("the file has %d bytes, its pages %d", file.Size(), want)
	}
}

// pagesOf returns the pages that a new connection sees, without what SQLite writes into page 1 at
// each commit, and without the journal mode.
func pagesOf(t *testing.T, path string) []string {
	t.Helper()
	c, err := sqlite.Open(t.Context(), path, sqlite.ReadWrite)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	var pages []string
	const data = "SELECT iif(pgno = 1, substr(data, 1, 17) || substr(data, 21, 4) || " +
		"substr(data, 29, 12) || substr(data, 45, 48) || substr(data, 101), data) " +
		"FROM sqlite_dbpage"
	for row, err := range c.Query(data) {
		if err != nil {
			t.Fatal(err)
		}
		pages = append(pages, row.Value(0).Data())
	}
	return pages
}

// TestOverwriteFillsInTheNumberOfPages overwrites with a database as SQLite before 3.7.0 writes
// it: the number of pages in its header is invalid (https://sqlite.org/fileformat2.html, section
// 1.3.8). The commit makes a header valid.
func TestOverwriteFillsInTheNumberOfPages(t *testing.T) {
	for _, mode := range []string{"wal", "delete"} {
		dir := t.TempDir()
		path, copied := filepath.Join(dir, "live.db"), filepath.Join(dir, "copy.db")
		exec(t, open(t, path, sqlite.Create), "PRAGMA journal_mode = "+mode+"; "+oldRows)
		old := open(t, copied, sqlite.Create)
		exec(t, old, manyPages)
		if err := old.Close(); err != nil {
			t.Fatal(err)
		}
		leaveStaleNumberOfPages(t, copied)

		dst, src := open(t, path, sqlite.ReadWrite), open(t, copied, sqlite.ReadWrite)
		exec(t, dst, "BEGIN IMMEDIATE")
		if err := dst.Overwrite(src, allPages, func(done, total int64) {}); err != nil {
			t.Fatal(err)
		}
		exec(t, dst, "COMMIT")
		c := open(t, path, sqlite.ReadWrite)
		for _, sql := range []string{"PRAGMA integrity_check", "PRAGMA page_count"} {
			want, err := src.Value(sql)
			if err != nil {
				t.Fatal(err)
			}
			if got, err := c.Value(sql); err != nil || got != want {
				t.Errorf("%s: %s: %v, %v, want %v", mode, sql, got.Any(), err, want.Any())
			}
		}
	}
}

// leaveStaleNumberOfPages does to the header what SQLite before 3.7.0 does when it writes: it
// increments the change counter, and neither the number of pages nor the change counter for which
// that number is valid.
func leaveStaleNumberOfPages(t *testing.T, path string) {
	t.Helper()
	file, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	binary.BigEndian.PutUint32(file[28:], 2)
	counter := file[24:28]
	binary.BigEndian.PutUint32(counter, binary.BigEndian.Uint32(counter)+1)
	if err := os.WriteFile(path, file, 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestOverwriteWhileReading overwrites a database that somebody reads in a rollback-journal mode.
// Overwrite finds that out before the pages fill SQLite's cache.
func TestOverwriteWhileReading(t *testing.T) {
	dir := t.TempDir()
	path, copied := filepath.Join(dir, "live.db"), filepath.Join(dir, "copy.db")
	reader, src := open(t, path, sqlite.Create), open(t, copied, sqlite.Create)
	exec(t, reader, oldRows+"; BEGIN; SELECT * FROM t")
	exec(t, src, manyPages)
	dst := open(t, path, sqlite.ReadWrite)
	dst.SetBusyTimeout(0)
	exec(t, dst, "BEGIN IMMEDIATE")
	err := dst.Overwrite(src, allPages, func(done, total int64) {})
	if !sqlite.Is(err, sqlite.Busy) {
		t.Errorf("Overwrite: %v, want busy", err)
	}
	dst.Rollback()
	exec(t, reader, "COMMIT; INSERT INTO t VALUES('the app goes on')")
}

// allPages yields the number of each page that a database can have. Overwrite ignores those that
// src lacks.
func allPages(yield func(int64) bool) {
	for number := int64(1); number < 1000 && yield(number); number++ {
	}
}
