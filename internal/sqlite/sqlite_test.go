package sqlite_test

import (
	"context"
	"errors"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seedkit/seedkit/internal/sqlite"
)

func open(t *testing.T, path string, mode sqlite.Mode) *sqlite.Conn {
	t.Helper()
	c, err := sqlite.Open(t.Context(), path, mode)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

func exec(t *testing.T, c *sqlite.Conn, sql string) {
	t.Helper()
	if err := c.ExecScript(sql); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
}

func TestValuesKeepClassAndBytes(t *testing.T) {
	c := open(t, sqlite.Memory, sqlite.ReadWrite)
	exec(t, c, "CREATE TABLE v(x)")
	values := []sqlite.Value{
		{}, sqlite.Int(0), sqlite.Int(math.MinInt64), sqlite.Float(0.1), sqlite.Float(math.Inf(-1)),
		sqlite.String(""), sqlite.String("a\x00b"), sqlite.String("\xff\xfe"), sqlite.Bytes(nil),
		sqlite.Bytes([]byte{0, 1, 255}),
	}
	insert, err := c.PrepareOne("INSERT INTO v VALUES(?)")
	if err != nil {
		t.Fatal(err)
	}
	defer insert.Close()
	for _, v := range values {
		if err := insert.Exec(v); err != nil {
			t.Fatal(err)
		}
	}
	var got []sqlite.Value
	for row, err := range c.Query("SELECT x FROM v ORDER BY rowid") {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, row.Value(0))
	}
	if diff := cmp.Diff(values, got,
		cmp.Comparer(func(a, b sqlite.Value) bool { return a == b })); diff != "" {
		t.Error(diff)
	}
}

func TestKeysTellValuesApart(t *testing.T) {
	values := []sqlite.Value{
		{}, sqlite.Int(1), sqlite.Float(1), sqlite.String("1"), sqlite.Bytes([]byte("1")),
		sqlite.String(""), sqlite.Bytes(nil),
	}
	seen := map[string]sqlite.Value{}
	for _, v := range values {
		key := string(v.AppendKey(nil))
		if other, ok := seen[key]; ok {
			t.Errorf("%v and %v have the same key", v, other)
		}
		seen[key] = v
	}
}

func TestOpenRefuses(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		return path
	}
	tests := []struct {
		name, path string
		want       func(error) bool
	}{
		{"missing", filepath.Join(dir, "none.db"), func(err error) bool {
			return errors.Is(err, fs.ErrNotExist)
		}},
		{"directory", dir, func(err error) bool { return errors.Is(err, sqlite.ErrIsDirectory) }},
		{"empty", write("empty.db", ""), func(err error) bool {
			return errors.Is(err, sqlite.ErrEmpty)
		}},
		{"text", write("notes.txt", "these are my notes, they are no database"),
			func(err error) bool { return sqlite.Is(err, sqlite.NotADB) }},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			c, err := sqlite.Open(t.Context(), test.path, sqlite.ReadOnly)
			if err == nil {
				err = c.Check()
				c.Close()
			}
			if !test.want(err) {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestCancelInterruptsARunningStatement(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	c, err := sqlite.Open(ctx, sqlite.Memory, sqlite.ReadWrite)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	exec(t, c, "CREATE TABLE t(x); BEGIN; INSERT INTO t VALUES(1)")
	for _, err = range c.Query("WITH RECURSIVE n(i) AS (SELECT 1 " +
		"UNION ALL SELECT i+1 FROM n) SELECT i FROM n") {
		cancel()
		if err != nil {
			break
		}
	}
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want context.Canceled", err)
	}
	c.Rollback()
	if c.InTransaction() {
		t.Error("the transaction is still open after Rollback")
	}
}

func TestBackupHoldsToItsSnapshot(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "live.db")
	writer := open(t, path, sqlite.Create)
	exec(t, writer, "PRAGMA journal_mode=WAL; CREATE TABLE t(x); INSERT INTO t VALUES(1)")
	src := open(t, path, sqlite.ReadOnly)
	exec(t, src, "BEGIN; SELECT * FROM t")
	exec(t, writer, "INSERT INTO t VALUES(2)")
	dst := open(t, filepath.Join(dir, "copy.db"), sqlite.Create)
	if err := sqlite.Backup(dst, src, nil); err != nil {
		t.Fatal(err)
	}
	got, err := dst.Int64("SELECT count(*) FROM t")
	if err != nil || got != 1 {
		t.Errorf("the copy has %d rows (%v), want the snapshot's 1", got, err)
	}
}

func TestForbidAttach(t *testing.T) {
	c := open(t, sqlite.Memory, sqlite.ReadWrite)
	c.ForbidAttach()
	path := filepath.Join(t.TempDir(), "other.db")
	for _, sql := range []string{"ATTACH '" + path + "' AS o", "VACUUM INTO '" + path + "'"} {
		if err := c.Exec(sql); err == nil {
			t.Errorf("%s succeeded", sql)
		}
	}
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the file was made: %v", err)
	}
}

func TestQuotedNameOfNoColumnIsAnError(t *testing.T) {
	c := open(t, sqlite.Memory, sqlite.ReadWrite)
	exec(t, c, "CREATE TABLE t(x); INSERT INTO t VALUES(1)")
	if v, err := c.Value(`SELECT "name" FROM t`); err == nil {
		t.Errorf("got %q, want an error", v.Data())
	}
}
