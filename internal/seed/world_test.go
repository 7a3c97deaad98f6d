package seed_test

import "testing"

// TestScriptsDrawApart lets SQLite draw ids: the same ones on every run, for
// the rows that two scripts begin with, too, and others for others.
func TestScriptsDrawApart(t *testing.T) {
	const table = "CREATE TABLE t(id TEXT DEFAULT (hex(randomblob(16))) UNIQUE, x, at DEFAULT CURRENT_TIMESTAMP);"
	draw := func(script string) (ids []string) {
		s, err := open(t, script, table)
		if err != nil {
			t.Fatal(err)
		}
		for row, err := range s.Conn.Query("SELECT id || at FROM t ORDER BY rowid") {
			if err != nil {
				t.Fatal(err)
			}
			ids = append(ids, row.Text(0))
		}
		return ids
	}
	a := draw("INSERT INTO t(x) VALUES(1); INSERT INTO t(x) VALUES(1), (1);")
	b := draw("INSERT INTO t(x) VALUES(1); INSERT INTO t(x) VALUES(2);")
	c := draw("INSERT INTO t(x) VALUES(3);")
	if len(a) != 3 || len(b) != 2 || len(c) != 1 {
		t.Fatalf("got %v, %v, %v", a, b, c)
	}
	if a[0] != b[0] || a[1] == b[1] || c[0] == a[0] || c[0] == a[1] {
		t.Errorf("got %v, %v, %v", a, b, c)
	}
}
