package scan_test

import (
	"bytes"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seedkit/seedkit/internal/scan"
	"github.com/seedkit/seedkit/internal/sqlite"
)

// open runs a script on a new database in a file.
func open(t testing.TB, script string) *sqlite.Conn {
	t.Helper()
	return reopen(t, filepath.Join(t.TempDir(), "test.db"), script)
}

func reopen(t testing.TB, path, script string) *sqlite.Conn {
	t.Helper()
	c, err := sqlite.Open(t.Context(), path, sqlite.Create)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	if err := c.ExecScript("PRAGMA synchronous = OFF;" + script); err != nil {
		t.Fatal(err)
	}
	return c
}

// numbers is a common table expression of the numbers from 1 to n.
func numbers(n int) string {
	return fmt.Sprintf(
		"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d)", n)
}

// describe formats a row: the storage class and the bytes of every value.
func describe(row []sqlite.Value) string {
	var text strings.Builder
	for _, v := range row {
		fmt.Fprintf(&text, "%s %d %g %q, ", v.Kind(), v.Int64(), v.Float64(), v.Data())
	}
	return text.String()
}

func copied(row []scan.Value) (values []sqlite.Value) {
	for i := range row {
		values = append(values, row[i].Copy())
	}
	return values
}

var methods = map[string]scan.Method{
	"decoding large ones": scan.DecodeLarge, "decoding": scan.Decode, "stepping": scan.Step,
}

func TestRowsAreSQLites(t *testing.T) {
	tests := []struct{ name, script, query string }{
		{"every kind of integer", `CREATE TABLE t(a, b, c); INSERT INTO t(rowid, a, b, c) VALUES
			(-9223372036854775808, NULL, 0, 1), (-1, -128, 32767, -8388608),
			(0, 2147483647, -140737488355328, 9223372036854775807),
			(9223372036854775807, 1.5, 'text', x'00ff'),
			(5, '', x'', 'a' || char(0) || 'b')`, "SELECT a, b, c FROM t"},
		{"reals stored as integers",
			"CREATE TABLE t(a REAL, b); INSERT INTO t " +
				"VALUES(1, 1), (1.5, 1.0), ('x', 2), (NULL, NULL), (-9007199254740993, 3)",
			"SELECT a, b FROM t"},
		{"an alias of the rowid",
			"CREATE TABLE t(a, id INTEGER PRIMARY KEY, b); " +
				"INSERT INTO t VALUES(1, 7, 2), (3, -5, 4)", "SELECT a, id, b FROM t"},
		{"the rowid", "CREATE TABLE t(a); INSERT INTO t(rowid, a) VALUES(7, 1), (9, 2)",
			"SELECT rowid, a FROM t"},
		{"some columns, in another order",
			"CREATE TABLE t(a, b, c, d); INSERT INTO t VALUES(1, 2, 3, 4)", "SELECT c, a FROM t"},
		{"a column twice", "CREATE TABLE t(a, b); INSERT INTO t VALUES(1, 2)",
			"SELECT a, b, a FROM t"},
		{"generated columns",
			"CREATE TABLE t(a, v AS (a + 1), s AS (a + 2) STORED, b REAL DEFAULT 7); " +
				"INSERT INTO t(a, b) VALUES(1, 2)", "SELECT a, b FROM t"},
		{"added columns",
			`CREATE TABLE t(a, v AS (a + 1)); INSERT INTO t(a) VALUES(1), (2); ALTER TABLE t ADD b;
				ALTER TABLE t ADD c REAL DEFAULT 3;
			ALTER TABLE t ADD d TEXT DEFAULT 12; ALTER TABLE t ADD e DEFAULT x'00';
			INSERT INTO t(a) VALUES(3)`, "SELECT a, b, c, d, e FROM t"},
		{"WITHOUT ROWID",
			"CREATE TABLE t(a PRIMARY KEY, b) WITHOUT ROWID; " +
				"INSERT INTO t VALUES('b', 1), ('a', 2.0)", "SELECT a, b FROM t"},
		{"UTF-16", "PRAGMA encoding = 'UTF-16le'; CREATE TABLE t(a); INSERT INTO t VALUES('é')",
			"SELECT a FROM t"},
		{"through an index",
			"CREATE TABLE t(a, b, c); CREATE INDEX i ON t(a); " +
				"INSERT INTO t VALUES('b', 1, 1), ('a', 2, 2)", "SELECT a FROM t"},
		{"no rows", "CREATE TABLE t(a)", "SELECT a FROM t"},
		{"many rows, some of them large",
			"CREATE TABLE t(a, b, c); " + numbers(5000) + ` INSERT INTO t
			SELECT i, printf('%.*c', i % 100, 'x'),
				CASE i WHEN 7 THEN zeroblob(1100000) WHEN 2008 THEN zeroblob(1200000)
				WHEN 3000 THEN zeroblob(5000) END FROM n`, "SELECT a, b, c FROM t"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			c := open(t, test.script)
			want := []string{}
			for row, err := range c.Query(test.query) {
				if err != nil {
					t.Fatal(err)
				}
				want = append(want, describe(row.Values()))
			}
			for name, method := range methods {
				got := []string{}
				for row, err := range scan.New(c, method).Rows(
					scan.Query{Table: "t", SQL: test.query},
				) {
					if err != nil {
						t.Fatal(err)
					}
					got = append(got, describe(copied(row)))
				}
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("%s (-want +got):\n%s", name, diff)
				}
			}
		})
	}
}

var many = "CREATE TABLE t(a, b); " + numbers(20_000) +
	" INSERT INTO t SELECT i, printf('%.*c', 100, 'x') FROM n;"

var query = scan.Query{Table: "t", SQL: "SELECT a, b FROM t"}

// TestRowsLeaveTheConnection queries the table within the loop.
func TestRowsLeaveTheConnection(t *testing.T) {
	c := open(t, many)
	rows := 0
	for row, err := range scan.New(c, scan.Decode).Rows(query) {
		if err != nil {
			t.Fatal(err)
		}
		if rows++; rows%1000 != 0 {
			continue
		}
		a, err := c.Int64("SELECT a FROM t WHERE a = ?", row[0].Int64())
		if err != nil || a != row[0].Int64() {
			t.Fatalf("got %d, %v, want %d", a, err, row[0].Int64())
		}
	}
	if rows != 20_000 {
		t.Errorf("%d rows, want 20000", rows)
	}
}

// TestOneMoment changes later rows of the loop through another connection.
func TestOneMoment(t *testing.T) {
	for name, method := range methods {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "test.db")
			reader := reopen(t, path, "PRAGMA journal_mode = WAL;"+many)
			writer := reopen(t, path, "")
			changed := false
			for row, err := range scan.New(reader, method).Rows(query) {
				if err != nil {
					t.Fatal(err)
				}
				if !changed {
					changed = true
					err := writer.ExecScript("UPDATE t SET a = -1, b = NULL WHERE a > 1000")
					if err != nil {
						t.Fatal(err)
					}
				}
				if row[0].Int64() < 0 {
					t.Fatal("a row is of another moment")
				}
			}
		})
	}
}

func format(text *scan.Buffer, row []scan.Value) {
	text.Bytes = fmt.Appendf(text.Bytes, "%d ", row[0].Int64())
	text.AppendPieces(row[1].Data(), func(dst, piece []byte) []byte {
		return append(dst, piece...)
	})
	text.Bytes = append(text.Bytes, '\n')
}

func TestText(t *testing.T) {
	c := open(t, many+"UPDATE t SET b = printf('%.*c', 5000000, 'y') WHERE a IN (3, 4, 19000)")
	var want strings.Builder
	for row, err := range c.Query(query.SQL) {
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&want, "%d %s\n", row.Int64(0), row.Text(1))
	}
	for name, method := range methods {
		t.Run(name, func(t *testing.T) {
			const much = 1 << 20
			s := scan.New(c, method)
			for range 2 { // the second time with the jobs of the first
				var got strings.Builder
				rows, ends := 0, 0
				err := s.Text(query, format, func(text []byte, more int64) error {
					got.Write(text)
					ends += bytes.Count(text, []byte("\n"))
					if rows += int(more); rows > ends {
						t.Errorf("%d rows are counted before their ends", rows)
					}
					if len(text) > much {
						t.Errorf("got %d bytes at once, want %d at most", len(text), much)
					}
					return nil
				})
				if err != nil || rows != 20_000 {
					t.Errorf("%d rows, %v, want 20000", rows, err)
				}
				if got.String() != want.String() {
					t.Errorf("got %d bytes, want %d others", got.Len(), want.Len())
				}
			}
		})
	}
}

func TestTextEndsWithTheWritersError(t *testing.T) {
	c := open(t, many)
	broken := errors.New("broken")
	for name, method := range methods {
		s := scan.New(c, method)
		for range 2 {
			calls := 0
			err := s.Text(query, format, func([]byte, int64) error {
				calls++
				return broken
			})
			if !errors.Is(err, broken) || calls != 1 {
				t.Errorf("%s: got %v after %d calls, want %v after the first", name, err, calls,
					broken)
			}
		}
	}
}
