package rowdiff_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seedkit/seedkit/internal/rowdiff"
	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/sqlite"
)

func memory(t *testing.T, sql string) (*sqlite.Conn, *schema.Schema) {
	t.Helper()
	c, err := sqlite.Open(t.Context(), sqlite.Memory, sqlite.ReadWrite)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	if err := c.ExecScript(sql); err != nil {
		t.Fatal(err)
	}
	s, err := schema.Read(c)
	if err != nil {
		t.Fatal(err)
	}
	return c, s
}

// describe formats a row's class and, for a clash, the key and the columns that differ: "in
// conflict email: id".
func describe(row rowdiff.Row) string {
	out := row.Class.String()
	if row.Clash == nil {
		return out
	}
	out += " " + strings.Join(row.Clash.Columns, "+") + ":"
	for _, d := range row.Clash.Differ {
		out += " " + d.Column
	}
	return out
}

func TestRows(t *testing.T) {
	const users = "CREATE TABLE u(id INTEGER PRIMARY KEY, email TEXT COLLATE NOCASE UNIQUE, n);"
	tests := []struct {
		name, seed, other string
		want              []string
	}{
		{"new", users + "INSERT INTO u VALUES(1,'a',1)", users + "INSERT INTO u VALUES(2,'b',1)",
			[]string{"new"}},
		{"identical", users + "INSERT INTO u VALUES(1,'a',1)",
			users + "INSERT INTO u VALUES(1,'a',1)", []string{"identical"}},
		{"a value of another class", users + "INSERT INTO u VALUES(1,'a',1)",
			users + "INSERT INTO u VALUES(1,'a',1.0)", []string{"in conflict id: n"}},
		{"primary key taken", users + "INSERT INTO u VALUES(1,'a',1)",
			users + "INSERT INTO u VALUES(1,'b',1)", []string{"in conflict id: email"}},
		{"unique key taken, by its collation", users + "INSERT INTO u VALUES(1,'a',1)",
			users + "INSERT INTO u VALUES(2,'A',1)", []string{"in conflict email: id email"}},
		{"a NULL in each key: as many as there are",
			"CREATE TABLE u(x UNIQUE, y); INSERT INTO u VALUES(NULL,1),(NULL,1),(NULL,2)",
			"CREATE TABLE u(x UNIQUE, y); INSERT INTO u VALUES(NULL,1),(1,1)",
			[]string{"identical", "new", "new"}},
		{"NULL is never taken", users + "INSERT INTO u VALUES(1,NULL,1)",
			users + "INSERT INTO u VALUES(2,NULL,1)", []string{"new"}},
		{"columns in another order, and one more", users + "INSERT INTO u VALUES(1,'a',1)",
			"CREATE TABLE u(more DEFAULT 5, n, email, id INTEGER PRIMARY KEY); " +
				"INSERT INTO u(n,email,id) VALUES(1,'a',1)", []string{"identical"}},
		{"no key: as many as there are", "CREATE TABLE u(x); INSERT INTO u VALUES(1),(1),(2)",
			"CREATE TABLE u(x); INSERT INTO u VALUES(1),(3)",
			[]string{"identical", "new", "new"}},
		{"generated columns are not compared",
			"CREATE TABLE u(id PRIMARY KEY, g AS (id+1)); INSERT INTO u VALUES(1)",
			"CREATE TABLE u(id PRIMARY KEY, g AS (id+2)); INSERT INTO u VALUES(1)",
			[]string{"identical"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			seed, from := memory(t, test.seed)
			other, there := memory(t, test.other)
			var got []string
			for row, err := range rowdiff.Rows(seed, from.Table("u"), other, there.Table("u")) {
				if err != nil {
					t.Fatal(err)
				}
				got = append(got, describe(row))
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestRowsNeedsTheColumns(t *testing.T) {
	seed, from := memory(t, "CREATE TABLE u(id PRIMARY KEY, name); INSERT INTO u VALUES(1,'a')")
	other, there := memory(t, "CREATE TABLE u(id PRIMARY KEY)")
	for _, err := range rowdiff.Rows(seed, from.Table("u"), other, there.Table("u")) {
		if err != nil {
			return
		}
	}
	t.Error("no error for a column that is missing")
}

func TestSameRows(t *testing.T) {
	const rows = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000) " +
		"INSERT INTO u(id, name) SELECT i, 'n' || i FROM n;"
	const table = "CREATE TABLE u(id INTEGER PRIMARY KEY, name TEXT);" + rows
	tests := []struct {
		name, seed, other string
		want              bool
	}{
		{"the same", table, table, true},
		{"a value", table, table + "UPDATE u SET name = 'x' WHERE id = 1999", false},
		{"a row more", table, table + "INSERT INTO u VALUES(3000, NULL)", false},
		{"a row less", table, table + "DELETE FROM u WHERE id = 2000", false},
		{"columns in another order, and one more", table,
			"CREATE TABLE u(more DEFAULT 5, name, id INTEGER PRIMARY KEY);" + rows, true},
		{"a generated column", table,
			"CREATE TABLE u(id INTEGER PRIMARY KEY, twice AS (id * 2), name TEXT);" + rows, true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			seed, from := memory(t, test.seed)
			other, there := memory(t, test.other)
			got, err := rowdiff.SameRows(seed, from.Table("u"), other, there.Table("u"))
			if got != test.want || err != nil {
				t.Errorf("got %v, %v, want %v", got, err, test.want)
			}
		})
	}
}

func TestSameRowsNeedsTheColumns(t *testing.T) {
	seed, from := memory(t, "CREATE TABLE u(id PRIMARY KEY, name)")
	other, there := memory(t, "CREATE TABLE u(id PRIMARY KEY)")
	if _, err := rowdiff.SameRows(seed, from.Table("u"), other, there.Table("u")); err == nil {
		t.Error("no error for a column that is missing")
	}
}

func TestClashSame(t *testing.T) {
	const table = "CREATE TABLE u(id INTEGER PRIMARY KEY, email TEXT COLLATE NOCASE UNIQUE, " +
		"org, n, UNIQUE(org, n));"
	tests := []struct {
		name, seed, other string
		want              bool
	}{
		{"by every key", "1,'a','o',1", "1,'A','o',1", true},
		{"by the only key that both have", "1,'a',NULL,1", "1,NULL,'o',1", true},
		{"another email", "1,'a','o',1", "1,'b','o',1", false},
		{"another id", "1,'a','o',1", "2,'a','o',1", false},
		{"another composite key", "1,'a','o',1", "1,'a','o',2", false},
		{"an email that a third row has", "1,'a',NULL,0", "1,'b',NULL,0), (2,'a',NULL,0", false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			seed, from := memory(t, table+"INSERT INTO u VALUES("+test.seed+")")
			other, there := memory(t, table+"INSERT INTO u VALUES("+test.other+")")
			for row, err := range rowdiff.Rows(seed, from.Table("u"), other, there.Table("u")) {
				if err != nil || row.Class != rowdiff.Conflict || row.Clash.Same != test.want {
					t.Errorf("got %+v of %+v, %v, want Same %v", row, row.Clash, err, test.want)
				}
			}
		})
	}
}

func TestClashSameByTheOnlyKey(t *testing.T) {
	const table = "CREATE TABLE u(id INTEGER PRIMARY KEY, n);"
	seed, from := memory(t, table+"INSERT INTO u VALUES(1, 1)")
	other, there := memory(t, table+"INSERT INTO u VALUES(1, 2)")
	for row, err := range rowdiff.Rows(seed, from.Table("u"), other, there.Table("u")) {
		if err != nil || row.Clash == nil || !row.Clash.Same {
			t.Errorf("got %+v, %v", row.Clash, err)
		}
	}
}
