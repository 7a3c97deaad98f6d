package dump_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seedkit/seedkit/dump"
	"github.com/seedkit/seedkit/internal/sqlite"
)

// manyRows creates a table whose dump takes several writes.
const manyRows = `CREATE TABLE many(id INTEGER PRIMARY KEY, x TEXT);
	WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)
	INSERT INTO many SELECT i, printf('%.*c', 100, 'x') FROM n;`

func TestRefuses(t *testing.T) {
	dir := t.TempDir()
	write := func(name, content string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(content), 0o666); err != nil {
			t.Fatal(err)
		}
		return path
	}
	truncated, err := os.ReadFile(build(t, manyRows))
	if err != nil {
		t.Fatal(err)
	}
	is := func(target error) func(error) bool {
		return func(err error) bool { return errors.Is(err, target) }
	}
	code := func(code sqlite.Code) func(error) bool {
		return func(err error) bool { return sqlite.Is(err, code) }
	}
	tests := []struct {
		name, path string
		opts       dump.Options
		want       func(error) bool
	}{
		{"missing", filepath.Join(dir, "none.db"), dump.Options{}, is(fs.ErrNotExist)},
		{"directory", dir, dump.Options{}, is(sqlite.ErrIsDirectory)},
		{"no database", write("notes.txt", strings.Repeat("these are my notes ", 100)),
			dump.Options{}, code(sqlite.NotADB)},
		{"truncated", write("half.db", string(truncated[:len(truncated)/2])), dump.Options{},
			code(sqlite.Corrupt)},
		{"neither data nor schema", build(t, manyRows),
			dump.Options{DataOnly: true, SchemaOnly: true}, is(dump.ErrNothingLeft)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var out bytes.Buffer
			_, err := dump.Write(t.Context(), &out, tt.path, tt.opts)
			if !tt.want(err) {
				t.Errorf("got %v", err)
			}
			if out.Len() > 0 {
				t.Errorf("wrote %q", out.String())
			}
		})
	}
}

func TestCorruptPageIsNamed(t *testing.T) {
	for method, write := range methods {
		t.Run(method, func(t *testing.T) {
			path := build(t,
				"PRAGMA page_size = 4096; CREATE TABLE whole(x); INSERT INTO whole VALUES(1);"+
					manyRows)
			f, err := os.OpenFile(path, os.O_RDWR, 0)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := f.WriteAt(bytes.Repeat([]byte{0xff}, 4096), 20*4096); err != nil {
				t.Fatal(err)
			}
			f.Close()
			var out bytes.Buffer
			_, err = write(t.Context(), &out, path, dump.Options{})
			if !sqlite.Is(err, sqlite.Corrupt) || !strings.Contains(err.Error(), "table many") ||
				!strings.Contains(err.Error(), "page 21") {
				t.Errorf("got %v, want an error that names the table and the page", err)
			}
			if strings.Contains(out.String(), "COMMIT") {
				t.Error("the script has a COMMIT")
			}
		})
	}
}

func TestSnapshotOfALiveDatabase(t *testing.T) {
	path := build(t, "PRAGMA journal_mode = WAL;"+manyRows)
	writer, err := sqlite.Open(t.Context(), path, sqlite.ReadWrite)
	if err != nil {
		t.Fatal(err)
	}
	defer writer.Close()
	writer.SetBusyTimeout(0)
	insert := func() {
		if err := writer.Exec("INSERT INTO many(x) VALUES('new')"); err != nil {
			t.Errorf("a writer is held up: %v", err)
		}
	}
	insert() // the row is in the -wal from now on
	calls := 0
	got := dumped(t, path, dump.Options{Progress: func(dump.Progress) { calls++; insert() }})
	if rows := strings.Count(got, "'new'"); rows != 1 || calls < 2 {
		t.Errorf("%d of the new rows are in the dump, want 1; %d were written meanwhile", rows,
			calls)
	}
	if rows := strings.Count(dumped(t, path, dump.Options{}), "'new'"); rows != calls+1 {
		t.Errorf("%d new rows are in the next dump, want %d", rows, calls+1)
	}
}

func TestStatsAndProgress(t *testing.T) {
	path := build(t,
		manyRows+
			"CREATE TABLE empty(x); CREATE TABLE counted(id INTEGER PRIMARY KEY AUTOINCREMENT);"+
			"INSERT INTO counted VALUES(1); CREATE VIEW v AS SELECT 1;")
	var reports []dump.Progress
	var out bytes.Buffer
	got, err := dump.Write(t.Context(), &out, path, dump.Options{
		Progress: func(p dump.Progress) { reports = append(reports, p) },
	})
	if err != nil {
		t.Fatal(err)
	}
	want := dump.Stats{Tables: 4, Rows: 3002, Bytes: int64(out.Len())}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("stats (-want +got):\n%s", diff)
	}
	amid := slices.IndexFunc(reports, func(p dump.Progress) bool { return p.Rows > 0 })
	first, last := reports[amid], reports[len(reports)-1]
	if first.Table != "many" || first.Of != 4 || first.Tables != 1 || first.Rows == 0 ||
		first.Rows >= 3000 || first.Bytes == 0 {
		t.Errorf("first report %+v, want one from amid the first of 4 tables", first)
	}
	if diff := cmp.Diff(dump.Progress{Of: 4, Stats: want}, last); diff != "" {
		t.Errorf("last report (-want +got):\n%s", diff)
	}
}

// brokenWriter accepts some bytes and then fails.
type brokenWriter struct{ left int }

func (w *brokenWriter) Write(p []byte) (int, error) {
	if len(p) > w.left {
		return w.left, io.ErrClosedPipe
	}
	w.left -= len(p)
	return len(p), nil
}

func TestStopsWhenTheWriterBreaks(t *testing.T) {
	path := build(t, manyRows)
	for _, left := range []int{0, 100_000} {
		stats, err := dump.Write(t.Context(), &brokenWriter{left}, path, dump.Options{})
		if !errors.Is(err, io.ErrClosedPipe) {
			t.Errorf("after %d bytes: got %v, want %v", left, err, io.ErrClosedPipe)
		}
		if stats.Bytes != int64(left) {
			t.Errorf("counted %d bytes, want %d", stats.Bytes, left)
		}
	}
}

func TestStopsWhenCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	_, err := dump.Write(ctx, io.Discard, build(t, manyRows),
		dump.Options{Progress: func(dump.Progress) { cancel() }})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want %v", err, context.Canceled)
	}
}
