package starter_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

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
