package starter_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/seedkit/seedkit/generate"
	"github.com/seedkit/seedkit/internal/portable"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/starter"
	"github.com/seedkit/seedkit/internal/testdb"
)

const blog = `
	CREATE TABLE Role (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
	CREATE TABLE User (
		id TEXT PRIMARY KEY, email TEXT NOT NULL UNIQUE, name TEXT, active BOOLEAN NOT NULL,
		score REAL, avatar BLOB, passwordHash TEXT, bossId TEXT REFERENCES User(id),
		createdAt DATETIME NOT NULL);
	CREATE TABLE RoleUser (
		roleId INTEGER NOT NULL REFERENCES Role(id), userId TEXT NOT NULL REFERENCES User(id),
		PRIMARY KEY (roleId, userId));
	CREATE TABLE Follow (
		a TEXT NOT NULL REFERENCES User(id), b TEXT NOT NULL REFERENCES User(id),
		PRIMARY KEY (a, b));
	CREATE TABLE Post (
		id INTEGER PRIMARY KEY AUTOINCREMENT, authorId TEXT NOT NULL REFERENCES User(id),
		title TEXT NOT NULL, body, twice AS (title || title));`

// made generates a database from the files of a start, and returns its path.
func made(t *testing.T, schema string, start starter.Start, like string) string {
	t.Helper()
	dir := t.TempDir()
	for _, file := range start.Files {
		path := filepath.Join(dir, file.Name)
		if err := os.WriteFile(path, []byte(file.Text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	sets, err := generate.ReadSets(dir)
	if err != nil {
		t.Fatal(err)
	}
	db := filepath.Join(dir, "seed.db")
	_, err = generate.Write(t.Context(), db, generate.Options{
		SchemaPath: schema, Sets: sets, Like: like, Now: generate.DefaultNow,
	})
	if err != nil {
		t.Fatalf("%v\n%s\n%s", err, start.Files[0].Text, start.Files[1].Text)
	}
	return db
}

func makeStart(t *testing.T, o starter.Options) starter.Start {
	t.Helper()
	start, err := starter.Make(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	return start
}

// rowsOf returns the rows of a query, as literals.
func rowsOf(t *testing.T, db, query string) (rows []string) {
	t.Helper()
	c := testdb.Connect(t, db, sqlite.ReadOnly)
	defer c.Close()
	for row, err := range c.Query(query) {
		if err != nil {
			t.Fatal(err)
		}
		rows = append(rows, string(portable.AppendList(nil, row.Values())))
	}
	return rows
}

// TestFrom checks that the fixtures of a database's rows generate the same rows.
func TestFrom(t *testing.T) {
	db := testdb.Make(t, "wal", blog+`
		INSERT INTO Role VALUES (7, 'admin'), (8, 'it''s: # a "role"');
		INSERT INTO User VALUES
			('u1', 'a@example.com', 'Ann', 1, 1.0, x'00ff', 'secret', NULL, 1735689600000),
			('u2', 'b@example.com', NULL, 0, -2e300, NULL, NULL, 'u1', 1735689600001),
			('u3', 'B@example.com', '', 0, 9e999, x'', NULL, 'u2', 1735689600002);
		INSERT INTO RoleUser VALUES (7, 'u1'), (8, 'u1'), (8, 'u3');
		INSERT INTO Follow VALUES ('u1', 'u2'), ('u2', 'u1');
		INSERT INTO Post(id, authorId, title, body) VALUES
			(5, 'u1', 'true', '5'), (6, 'u1', 'true', 5), (9, 'u3', '$email', '${x} $$ $'),
			(10, 'u3', 'null', 1e3), (11, 'u2', '007', x'00'), (12, 'u2', ' - a', 'a * 3');`)
	path := filepath.Join(t.TempDir(), "schema.sql")
	if err := os.WriteFile(path, []byte(blog), 0o666); err != nil {
		t.Fatal(err)
	}
	start := makeStart(t, starter.Options{Schema: path, From: db, Take: 20})
	got := made(t, path, start, db)
	for _, query := range []string{
		"SELECT * FROM Role", "SELECT * FROM RoleUser", "SELECT * FROM Follow",
		"SELECT * FROM Post",
		"SELECT id, email, name, active, score, avatar, bossId, createdAt FROM User",
	} {
		if diff := cmp.Diff(rowsOf(t, db, query), rowsOf(t, got, query)); diff != "" {
			t.Errorf("%s: %s", query, diff)
		}
	}
	if diff := cmp.Diff([]string{"User.passwordHash"}, start.Secrets); diff != "" {
		t.Error(diff)
	}
	for _, file := range start.Files {
		if strings.Contains(file.Text, "secret") {
			t.Errorf("%s has the secret:\n%s", file.Name, file.Text)
		}
	}
}

// TestFromAnyText takes random texts, whose characters mean something in YAML or in fixtures.
func TestFromAnyText(t *testing.T) {
	const schema = "CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, b);"
	db := testdb.Make(t, "wal", schema)
	c := testdb.Connect(t, db, sqlite.ReadWrite)
	letters := []rune("aZ019 .,:;-_#$${}[]()'\"\\\n\r\t\x00\x1b\x7f\u0085\u2028\ufeffé日😀" +
		"%@&*!|>?=~`")
	random := rand.New(rand.NewPCG(1, 2))
	for i := range 1000 {
		text := func() string {
			var out []rune
			for range random.IntN(12) {
				out = append(out, letters[random.IntN(len(letters))])
			}
			return string(out)
		}
		err := c.Exec("INSERT INTO t VALUES (?, ?, ?)", i, fmt.Sprint(text(), i), text())
		if err != nil {
			t.Fatal(err)
		}
	}
	c.Close()
	start := makeStart(t, starter.Options{Schema: db, From: db, Take: 1000})
	const all = "SELECT * FROM t"
	if diff := cmp.Diff(rowsOf(t, db, all), rowsOf(t, made(t, db, start, ""), all)); diff != "" {
		t.Error(diff)
	}
}

// TestFromPart takes a part of the rows: never one without the rows to which it refers.
func TestFromPart(t *testing.T) {
	db := testdb.Make(t, "wal", blog+`
		INSERT INTO Role VALUES (1, 'admin');
		INSERT INTO User(id, email, active, createdAt, bossId) VALUES
			('u1', 'a', 1, 0, NULL), ('u2', 'b', 1, 0, 'u9'), ('u3', 'c', 1, 0, 'u1'),
			('u9', 'd', 1, 0, NULL);
		INSERT INTO RoleUser VALUES (1, 'u1'), (1, 'u9');
		INSERT INTO Post(id, authorId, title, body) VALUES
			(1, 'u9', '', ''), (2, 'u3', '', ''), (3, 'u1', '', ''), (4, 'u1', '', '');`)
	start := makeStart(t, starter.Options{Schema: db, From: db, Take: 2})
	want := []starter.Taken{{"Role", 1}, {"User", 2}, {"RoleUser", 1}, {"Post", 2}}
	if diff := cmp.Diff(want, start.Taken); diff != "" {
		t.Error(diff)
	}
	got := made(t, db, start, "")
	posts := []string{"2, 'u3'", "3, 'u1'"}
	if diff := cmp.Diff(posts, rowsOf(t, got, "SELECT id, authorId FROM Post")); diff != "" {
		t.Error(diff)
	}
}

// TestFromOwnTable takes rows that refer to themselves, and to rows that come later.
func TestFromOwnTable(t *testing.T) {
	db := testdb.Make(t, "wal", `
		CREATE TABLE Page (id INTEGER PRIMARY KEY, up INTEGER NOT NULL REFERENCES Page(id));
		INSERT INTO Page VALUES (1, 5), (2, 2), (3, 2), (4, 9), (5, 3);
		PRAGMA foreign_keys = OFF;`)
	start := makeStart(t, starter.Options{Schema: db, From: db, Take: 20})
	got := rowsOf(t, made(t, db, start, ""), "SELECT id, up FROM Page")
	if diff := cmp.Diff([]string{"1, 5", "2, 2", "3, 2", "5, 3"}, got); diff != "" {
		t.Error(diff)
	}
	missing := []starter.PassedOver{{"Page", 1, starter.ParentMissing, "Page"}}
	if diff := cmp.Diff(missing, start.PassedOver); diff != "" {
		t.Error(diff)
	}
}

// TestFromRing takes rows of tables that refer to each other.
func TestFromRing(t *testing.T) {
	const three = `
		CREATE TABLE A (id INTEGER PRIMARY KEY, b INTEGER NOT NULL REFERENCES B(id));
		CREATE TABLE B (id INTEGER PRIMARY KEY, c INTEGER NOT NULL REFERENCES C(id));
		CREATE TABLE C (id INTEGER PRIMARY KEY, a INTEGER NOT NULL REFERENCES A(id));`
	const nullable = `
		CREATE TABLE User (id INTEGER PRIMARY KEY, best INTEGER REFERENCES Post(id));
		CREATE TABLE Post (id INTEGER PRIMARY KEY, author INTEGER NOT NULL REFERENCES User(id));`
	const composite = `
		CREATE TABLE User (org INTEGER NOT NULL, id INTEGER NOT NULL, best INTEGER,
			PRIMARY KEY (org, id), FOREIGN KEY (org, best) REFERENCES Post(org, id));
		CREATE TABLE Post (org INTEGER NOT NULL, id INTEGER NOT NULL, author INTEGER NOT NULL,
			up INTEGER, PRIMARY KEY (org, id), FOREIGN KEY (org, author) REFERENCES User(org, id),
			FOREIGN KEY (org, up) REFERENCES Post(org, id));`
	missing := func(table string, rows int64, parent string) starter.PassedOver {
		return starter.PassedOver{table, rows, starter.ParentMissing, parent}
	}
	leftOut := func(table string, rows int64, parent string) starter.PassedOver {
		return starter.PassedOver{table, rows, starter.ParentLeftOut, parent}
	}
	for _, test := range []struct {
		title, schema, rows string
		take                int
		want                map[string][]string
		passed              []starter.PassedOver
		emptied             map[string]int64
	}{
		{"three tables", three, `INSERT INTO A VALUES (1, 1), (2, 2), (3, 9), (4, 1);
			INSERT INTO B VALUES (1, 1), (2, 2); INSERT INTO C VALUES (1, 2), (2, 1), (3, 3);`, 20,
			map[string][]string{"A": {"1, 1", "2, 2", "4, 1"}, "B": {"1, 1", "2, 2"},
				"C": {"1, 2", "2, 1"}},
			[]starter.PassedOver{missing("A", 1, "B"), leftOut("C", 1, "A")}, nil},
		{"three tables and a limit", three, `
			INSERT INTO A VALUES (1, 1), (2, 2), (3, 3);
			INSERT INTO B VALUES (1, 1), (2, 2), (3, 3);
			INSERT INTO C VALUES (1, 2), (2, 1), (3, 3);`, 1,
			map[string][]string{"A": {"3, 3"}, "B": {"3, 3"}, "C": {"3, 3"}}, nil, nil},
		{"a side that may be NULL", nullable, `
			INSERT INTO User VALUES (1, 7), (2, 8), (3, NULL);
			INSERT INTO Post VALUES (7, 2), (8, 1);`,
			20, map[string][]string{"User": {"1, 7", "2, 8", "3, NULL"}, "Post": {"7, 2", "8, 1"}},
			nil, nil},
		{"a chain beyond the limit", nullable, `
			INSERT INTO User VALUES (1, 11), (2, 12), (3, 13), (4, 14);
			INSERT INTO Post VALUES (11, 2), (12, 3), (13, 4), (14, 1);`, 2,
			map[string][]string{"User": {"1, 11", "2, NULL"}, "Post": {"11, 2", "14, 1"}},
			nil, map[string]int64{"User.best": 1}},
		{"a reference to no row", nullable, `INSERT INTO User VALUES (1, 9);`, 20,
			map[string][]string{"User": {"1, NULL"}}, nil, map[string]int64{"User.best": 1}},
		{"several columns", composite, `
			INSERT INTO User VALUES (1, 1, 1), (1, 2, 9), (2, 1, NULL);
			INSERT INTO Post VALUES (1, 1, 2, 2), (1, 2, 1, 1), (2, 1, 1, 3), (2, 2, 1, NULL);`, 20,
			map[string][]string{"User": {"1, 1, 1", "1, 2, NULL", "2, 1, NULL"},
				"Post": {"1, 1, 2, 2", "1, 2, 1, 1", "2, 2, 1, NULL"}},
			[]starter.PassedOver{missing("Post", 1, "Post")}, map[string]int64{"User.best": 1}},
	} {
		t.Run(test.title, func(t *testing.T) {
			db := testdb.Make(t, "wal", test.schema+test.rows)
			start := makeStart(t, starter.Options{Schema: db, From: db, Take: test.take})
			got := made(t, db, start, "")
			for table, want := range test.want {
				rows := rowsOf(t, got, "SELECT * FROM "+table+" ORDER BY 1, 2")
				if diff := cmp.Diff(want, rows); diff != "" {
					t.Errorf("%s: %s", table, diff)
				}
			}
			if diff := cmp.Diff(test.passed, start.PassedOver, cmpopts.EquateEmpty()); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(test.emptied, start.Emptied, cmpopts.EquateEmpty()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestDollar takes and makes up rows of tables whose names begin with a dollar.
func TestDollar(t *testing.T) {
	db := testdb.Make(t, "wal", `
		CREATE TABLE "$sample" (id INTEGER PRIMARY KEY, "$link" TEXT, "$$a" TEXT);
		CREATE TABLE "$note" (id INTEGER PRIMARY KEY, "of" INTEGER NOT NULL REFERENCES "$sample");
		CREATE TABLE "$tag" (id INTEGER PRIMARY KEY, title TEXT);
		CREATE TABLE "$tagged" (a INTEGER NOT NULL REFERENCES "$sample",
			b INTEGER NOT NULL REFERENCES "$tag", PRIMARY KEY (a, b));
		INSERT INTO "$sample" VALUES (1, '$x', 'y'); INSERT INTO "$note" VALUES (3, 1);
		INSERT INTO "$tag" VALUES (1, 'red'); INSERT INTO "$tagged" VALUES (1, 1);`)
	got := made(t, db, makeStart(t, starter.Options{Schema: db, From: db, Take: 9}), "")
	for _, table := range []string{`"$sample"`, `"$note"`, `"$tag"`, `"$tagged"`} {
		query := "SELECT * FROM " + table
		if diff := cmp.Diff(rowsOf(t, db, query), rowsOf(t, got, query)); diff != "" {
			t.Errorf("%s: %s", table, diff)
		}
	}
	got = made(t, db, makeStart(t, starter.Options{Schema: db}), "")
	for _, table := range []string{`"$sample"`, `"$note"`, `"$tag"`, `"$tagged"`} {
		if len(rowsOf(t, got, "SELECT * FROM "+table)) == 0 {
			t.Errorf("%s is empty", table)
		}
	}
}

// TestMadeUp checks that the fixtures for a schema without rows fill its tables.
func TestMadeUp(t *testing.T) {
	path := filepath.Join(t.TempDir(), "schema.sql")
	sql := blog + "INSERT INTO Role VALUES (1, 'admin'), (2, 'user');" +
		"CREATE TABLE Profile (userId TEXT PRIMARY KEY REFERENCES User(id), bio TEXT);" +
		"CREATE TABLE Setting (id INTEGER PRIMARY KEY CHECK (id = 1), theme TEXT NOT NULL);"
	if err := os.WriteFile(path, []byte(sql), 0o666); err != nil {
		t.Fatal(err)
	}
	got := made(t, path, makeStart(t, starter.Options{Schema: path}), "")
	for table, want := range map[string]string{
		"Role": "2", "User": "5", "RoleUser": "5", "Profile": "5", "Setting": "1",
	} {
		rows := rowsOf(t, got, "SELECT count(*) FROM "+table)
		if diff := cmp.Diff([]string{want}, rows); diff != "" {
			t.Errorf("%s: %s", table, diff)
		}
	}
}

// TestMadeUpLinks checks that made-up rows are linked to a row that the schema's scripts insert.
func TestMadeUpLinks(t *testing.T) {
	path := filepath.Join(t.TempDir(), "schema.sql")
	sql := blog + "INSERT INTO Role VALUES (1, 'admin'), (2, 'user');"
	if err := os.WriteFile(path, []byte(sql), 0o666); err != nil {
		t.Fatal(err)
	}
	start := makeStart(t, starter.Options{Schema: path})
	if text := start.Files[1].Text; !strings.Contains(text, "\n    Role: user\n") {
		t.Errorf("no line Role: user in\n%s", text)
	}
	roles := rowsOf(t, made(t, path, start, ""), "SELECT DISTINCT roleId FROM RoleUser")
	if diff := cmp.Diff([]string{"2"}, roles); diff != "" {
		t.Error(diff)
	}
}

// TestFromSharedColumns takes rows with a column that belongs to several foreign keys.
func TestFromSharedColumns(t *testing.T) {
	db := testdb.Make(t, "wal", `
		CREATE TABLE user (id TEXT PRIMARY KEY);
		CREATE TABLE tag (id TEXT PRIMARY KEY, userId TEXT NOT NULL REFERENCES user(id),
			UNIQUE (userId, id));
		CREATE TABLE rule (id TEXT PRIMARY KEY, userId TEXT NOT NULL REFERENCES user(id),
			tagId TEXT, FOREIGN KEY (userId, tagId) REFERENCES tag(userId, id));
		INSERT INTO user VALUES ('u1'), ('u2'); INSERT INTO tag VALUES ('t1', 'u1'), ('t2', 'u2');
		INSERT INTO rule VALUES ('r1', 'u1', 't1'), ('r2', 'u2', NULL), ('r3', 'u2', 't2');`)
	got := made(t, db, makeStart(t, starter.Options{Schema: db, From: db, Take: 9}), "")
	const rules = "SELECT * FROM rule ORDER BY id"
	if diff := cmp.Diff(rowsOf(t, db, rules), rowsOf(t, got, rules)); diff != "" {
		t.Error(diff)
	}
}

// TestFromUndeclared takes rows that refer to missing rows by the names of columns alone.
func TestFromUndeclared(t *testing.T) {
	db := testdb.Make(t, "wal", `
		CREATE TABLE user (id INTEGER PRIMARY KEY);
		CREATE TABLE memo (id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL);
		INSERT INTO user VALUES (1); INSERT INTO memo VALUES (1, 1), (2, 99);`)
	got := made(t, db, makeStart(t, starter.Options{Schema: db, From: db, Take: 9}), "")
	memos := rowsOf(t, got, "SELECT * FROM memo")
	if diff := cmp.Diff([]string{"1, 1", "2, 99"}, memos); diff != "" {
		t.Error(diff)
	}
}
