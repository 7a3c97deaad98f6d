package scan_test

import (
	"testing"

	"github.com/seedkit/seedkit/internal/scan"
)

func TestSame(t *testing.T) {
	fill := func(columns, values string) string {
		return "CREATE TABLE t(" + columns + "); " + numbers(3000) + " INSERT INTO t SELECT " +
			values + " FROM n;"
	}
	plain := fill("a, b", "i, printf('%.*c', i % 200, 'x')")
	tests := []struct {
		name, script, other string
		want                bool
	}{
		{"the same", plain, plain, true},
		{"none", "CREATE TABLE t(a, b)", "CREATE TABLE t(a, b)", true},
		{"other rowids", plain,
			plain + "UPDATE t SET rowid = -rowid; UPDATE t SET rowid = rowid + 10000;", false},
		{"the same order of other rowids", plain, plain + "UPDATE t SET rowid = rowid + 10000;",
			true},
		{"another alias of the rowid", fill("a INTEGER PRIMARY KEY, b", "i, 1"),
			fill("a INTEGER PRIMARY KEY, b", "i + 1, 1"), false},
		{"a value", plain, plain + "UPDATE t SET b = b || 'x' WHERE a = 2900", false},
		{"a storage class", plain, plain + "UPDATE t SET b = CAST(b AS BLOB) WHERE a = 2900",
			false},
		{"1 and 1.0", plain, plain + "UPDATE t SET a = a + 0.0 WHERE a = 2900", false},
		{"one more", plain, plain + "INSERT INTO t VALUES(1, 1)", false},
		{"one less", plain, plain + "DELETE FROM t WHERE a = 3000", false},
		{"columns in another order", plain,
			fill("b, c DEFAULT 1, a", "printf('%.*c', i % 200, 'x'), 1, i"), true},
		{"a column that was added", fill("a, x", "i, i") + "ALTER TABLE t ADD b DEFAULT 'd'",
			fill("a, b", "i, 'd'"), true},
		{"a column that was added with another default",
			fill("a", "i") + "ALTER TABLE t ADD b DEFAULT 'd'",
			fill("a", "i") + "ALTER TABLE t ADD b DEFAULT 'e'", false},
		{"one that SQLite has to read", plain,
			fill("a PRIMARY KEY, b", "i, printf('%.*c', i % 200, 'x')") +
				"CREATE TABLE w(a PRIMARY KEY, b) WITHOUT ROWID; INSERT INTO w SELECT * FROM t; " +
				"DROP TABLE t; ALTER TABLE w RENAME TO t", true},
		{"one of a single page", plain, "CREATE TABLE t(a, b); INSERT INTO t VALUES(1, 'x')",
			false},
		{"large rows", plain + "UPDATE t SET b = zeroblob(3000000) WHERE a % 1000 = 0",
			plain + "UPDATE t SET b = zeroblob(3000000) WHERE a % 1000 = 0", true},
		{"large rows that differ", plain + "UPDATE t SET b = zeroblob(3000000) WHERE a = 7",
			plain + "UPDATE t SET b = zeroblob(3000001) WHERE a = 7", false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			c, other := open(t, test.script), open(t, test.other)
			for name, method := range methods {
				got, err := scan.New(c, method).Same(query, scan.New(other, method), query)
				if got != test.want || err != nil {
					t.Errorf("%s: got %v, %v, want %v", name, got, err, test.want)
				}
			}
		})
	}
}
