package seed_test

import (
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"github.com/seedkit/seedkit/internal/seed"
)

// TestScriptsDrawApart checks that SQLite draws the same ids on every run, and different ids for
// different rows of any scripts.
func TestScriptsDrawApart(t *testing.T) {
	const table = "CREATE TABLE t(id TEXT DEFAULT (hex(randomblob(16))) UNIQUE, x, at DEFAULT " +
		"CURRENT_TIMESTAMP);"
	draw := func(script io.Reader) (ids []string) {
		s, err := seed.Open(t.Context(), seed.Source{
			Path: "test.sql", Script: script,
			Schema: func() (string, error) { return table, nil },
		})
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		for row, err := range s.Conn.Query("SELECT id || at FROM t ORDER BY rowid") {
			if err != nil {
				t.Fatal(err)
			}
			ids = append(ids, row.Text(0))
		}
		return ids
	}
	scripts := []string{
		"INSERT INTO t(x) VALUES(1); INSERT INTO t(x) VALUES(1), (1);",
		"INSERT INTO t(x) VALUES(1); INSERT INTO t(x) VALUES(1), ('1');",
		"INSERT INTO t(x) VALUES('a'); /* */ INSERT INTO t(x) VALUES('a');",
		"INSERT INTO t(x) VALUES('b');",
		"INSERT INTO main.t(x) VALUES(1);",
		strings.Repeat("INSERT INTO t(x) VALUES(7);\n", 1000),
	}
	drawn := map[string]string{}
	for _, script := range scripts {
		ids := draw(strings.NewReader(script))
		again := draw(iotest.OneByteReader(strings.NewReader(script)))
		if diff := cmp.Diff(ids, again); diff != "" || len(ids) == 0 {
			t.Errorf("%s: drew %v, and then\n%s", script, ids, diff)
		}
		for _, id := range ids {
			if other, ok := drawn[id]; ok || !strings.HasSuffix(id, "2025-01-01 00:00:00") {
				t.Errorf("%s: drew %s, as %s did", script, id, other)
			}
			drawn[id] = script
		}
	}
}
