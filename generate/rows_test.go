package generate_test

import (
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seedkit/seedkit/generate"
)

const shelf = `
	CREATE TABLE author(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE,
		boss INTEGER REFERENCES author(id));
	CREATE TABLE post(id TEXT PRIMARY KEY, author INTEGER NOT NULL REFERENCES author, title TEXT);
	CREATE TABLE profile(author INTEGER PRIMARY KEY REFERENCES author, bio TEXT);
	CREATE TABLE tag(id INTEGER PRIMARY KEY, name TEXT UNIQUE NOT NULL);
	CREATE TABLE post_tag(
		post TEXT REFERENCES post, tag INTEGER REFERENCES tag, PRIMARY KEY(post, tag));
	CREATE TABLE schema_migrations(version varchar(128) primary key);
	CREATE VIEW posts AS SELECT * FROM post;
	CREATE VIRTUAL TABLE search USING fts5(title);`

func TestRows(t *testing.T) {
	none := map[string]int64{}
	tests := []struct {
		name string
		rows []generate.Rows
		fill fill
		want map[string]int64 // the tables with rows
	}{
		{"a table", []generate.Rows{{Table: "TAG", N: 7}}, nil, map[string]int64{"tag": 7}},
		{"parents for few rows", []generate.Rows{{Table: "post", N: 3}}, nil,
			map[string]int64{"author": 3, "post": 3}},
		{"parents for many rows", []generate.Rows{{Table: "post", N: 40}}, nil,
			map[string]int64{"author": 10, "post": 40}},
		{"a parent for each row of a unique key", []generate.Rows{{Table: "profile", N: 12}}, nil,
			map[string]int64{"author": 12, "profile": 12}},
		{"parents of parents", []generate.Rows{{Table: "post_tag", N: 5}}, nil,
			map[string]int64{"author": 5, "post": 5, "tag": 5, "post_tag": 5}},
		{"parents that a fixture declares",
			[]generate.Rows{{Table: "post", N: 3}},
			func(s *generate.Fixtures) { s.Add("author", "a", nil) },
			map[string]int64{"author": 1, "post": 3}},
		{"the last pattern that matches",
			[]generate.Rows{
				{Table: "post", N: 9}, {Table: "*", N: 4}, {Table: "tag", N: 2},
				{Table: "pro*", N: 0},
			}, nil,
			map[string]int64{"author": 4, "post": 4, "tag": 2, "post_tag": 4}},
		{"tables of fixtures",
			[]generate.Rows{{Table: "*", N: 2}, {Table: "tag", N: 3}},
			func(s *generate.Fixtures) {
				s.Add("author", "a", nil, generate.Has("profile", nil))
				s.Add("tag", "t", nil)
			},
			map[string]int64{"author": 1, "profile": 1, "post": 2, "tag": 4, "post_tag": 2}},
		{"no rows", []generate.Rows{{Table: "post", N: 0}}, nil, none},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			opts := generate.Options{SchemaSQL: shelf, Rows: tt.rows}
			if tt.fill != nil {
				opts.Sets = options(shelf, tt.fill).Sets
			}
			d := write(t, opts)
			got := map[string]int64{}
			for _, table := range d.report.Tables {
				if table.Rows > 0 {
					got[table.Table] = table.Rows
				}
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("rows (-want +got):\n%s", diff)
			}
			if made := len(got) > 0; d.report.Sample != made {
				t.Errorf("sample is %v, want %v", d.report.Sample, made)
			}
		})
	}
}

func TestRowsLeftOut(t *testing.T) {
	d := write(t, generate.Options{SchemaSQL: shelf, Rows: []generate.Rows{{Table: "*", N: 2}}})
	want := []generate.LeftOut{
		{Table: "schema_migrations", Why: "dbmate or Rails keeps its record there"},
		{Table: "posts", Why: "a view has no rows of its own"},
		{Table: "search", Why: "a virtual table has no rows of its own"},
	}
	if diff := cmp.Diff(want, d.report.LeftOut); diff != "" {
		t.Errorf("left out (-want +got):\n%s", diff)
	}
}

// TestRowsStay raises a number and asks for more tables, which changes no row that was there.
func TestRowsStay(t *testing.T) {
	few := write(t, generate.Options{
		SchemaSQL: shelf, Rows: []generate.Rows{{Table: "post", N: 20}},
	})
	more := write(t, generate.Options{
		SchemaSQL: shelf, Rows: []generate.Rows{{Table: "post", N: 35}, {Table: "tag", N: 5}},
	})
	all := more.rows()
	for row := range few.rows() {
		if !all[row] {
			t.Errorf("%s changed", row)
		}
	}
	if got := len(all) - len(few.rows()); got != 20 {
		t.Errorf("%d further rows, want 20", got)
	}
}

func TestRowsRefuses(t *testing.T) {
	tests := []struct {
		rows generate.Rows
		want string
	}{
		{generate.Rows{Table: "psot", N: 1}, "no table matches psot (did you mean post?)"},
		{generate.Rows{Table: "posts", N: 1}, "rows of posts: a view has no rows of its own"},
		{generate.Rows{Table: "search", N: 1},
			"rows of search: a virtual table has no rows of its own"},
		{generate.Rows{Table: "schema_migrations", N: 1},
			"rows of schema_migrations: dbmate or Rails keeps its record there"},
		{generate.Rows{Table: "post", N: -1}, "rows of post: -1 rows cannot be"},
		{generate.Rows{Table: "post,tag", N: 1}, "rows of post,tag: want one table or pattern"},
	}
	for _, tt := range tests {
		path := filepath.Join(t.TempDir(), "seed.db")
		_, err := generate.Write(t.Context(), path,
			generate.Options{SchemaSQL: shelf, Rows: []generate.Rows{tt.rows}})
		if err == nil || err.Error() != tt.want {
			t.Errorf("%v: error %v, want %s", tt.rows, err, tt.want)
		}
	}
}

// TestRowsOfSmallTables asks for rows of all tables, some of which hold only a few. They get as
// many as they hold, and the report says why.
func TestRowsOfSmallTables(t *testing.T) {
	const limit = " must differ from row to row, so the table holds at most "
	for _, test := range []struct{ name, schema, want, why string }{
		{"an id that must be 1",
			"CREATE TABLE t(id INTEGER PRIMARY KEY CHECK (id = 1), title TEXT)",
			"1", `column "id"` + limit + "1 row"},
		{"a text that must be one",
			"CREATE TABLE t(id TEXT PRIMARY KEY DEFAULT 'only' CHECK (id = 'only'), title TEXT)",
			"1", `column "id"` + limit + "1 row"},
		{"a flag that must be true",
			"CREATE TABLE t(only BOOLEAN NOT NULL UNIQUE DEFAULT TRUE CHECK (only), title TEXT)",
			"1", `column "only"` + limit + "1 row"},
		{"a row that is there",
			"CREATE TABLE t(id INTEGER PRIMARY KEY CHECK (id = 1), title TEXT); " +
				"INSERT INTO t VALUES (1, 'x')", "1", `column "id"` + limit + "1 row"},
		{"an index of a constant", "CREATE TABLE t(title TEXT); CREATE UNIQUE INDEX one ON t((1))",
			"1", "the table holds at most 1 row"},
		{"a few kinds", "CREATE TABLE t(kind TEXT NOT NULL UNIQUE CHECK (kind IN ('a', 'b', 'a')))",
			"2", `column "kind"` + limit + "2 rows"},
		{"pairs", "CREATE TABLE t(kind TEXT CHECK (kind IN ('a', 'b')), on_ BOOLEAN NOT NULL, " +
			"PRIMARY KEY (kind, on_))", "4", `columns "kind" and "on_"` + limit + "4 rows"},
		{"a kind with a default",
			"CREATE TABLE t(kind TEXT NOT NULL UNIQUE DEFAULT 'a' CHECK (kind IN ('a', 'b')))",
			"2", `column "kind"` + limit + "2 rows"},
		{"a kind that may be NULL", "CREATE TABLE t(kind TEXT UNIQUE CHECK (kind IN ('a', 'b')))",
			"30", ""},
		{"room enough", "CREATE TABLE t(n INTEGER PRIMARY KEY CHECK (n BETWEEN 1 AND 30))",
			"30", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			d := write(t, generate.Options{
				SchemaSQL: test.schema, Rows: []generate.Rows{{Table: "*", N: 30}},
			})
			why := ""
			for _, left := range d.report.LeftOut {
				why += left.Why
			}
			got := [2]string{d.one("SELECT count(*) FROM t"), why}
			if diff := cmp.Diff([2]string{test.want, test.why}, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestRowsOfFewPairs asks for rows of all tables, where fixtures declare the parents of a table:
// the table gets as many rows as there are pairs, and the report says why.
func TestRowsOfFewPairs(t *testing.T) {
	const schema = `CREATE TABLE a(id INTEGER PRIMARY KEY); CREATE TABLE b(id INTEGER PRIMARY KEY);
		CREATE TABLE ab(a INT NOT NULL REFERENCES a(id), b INT NOT NULL REFERENCES b(id),
			PRIMARY KEY (a, b))`
	opts := options(schema, func(s *generate.Fixtures) {
		s.Many("a", "a", 2, nil)
		s.Many("b", "b", 3, nil)
	})
	opts.Rows = []generate.Rows{{Table: "*", N: 20}}
	path := filepath.Join(t.TempDir(), "seed.db")
	report, err := generate.Write(t.Context(), path, opts)
	if err != nil {
		t.Fatal(err)
	}
	want := []generate.LeftOut{{
		Table: "ab", Rows: 14,
		Why: `columns "a" and "b" must differ from row to row: 20 rows, 6 possible`,
	}}
	for i := range report.LeftOut {
		report.LeftOut[i].Path = ""
	}
	if diff := cmp.Diff(want, report.LeftOut); diff != "" {
		t.Error(diff)
	}
	opts.Rows = []generate.Rows{{Table: "ab", N: 20}}
	if _, err := generate.Write(t.Context(), path, opts); err == nil {
		t.Error("20 rows that the command line names are no mistake")
	}
}
