package dump_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seedkit/seedkit/dump"
	"github.com/seedkit/seedkit/internal/authority"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/sqltext"
)

// d1Database has objects and values that D1 takes, and others that a script for D1 must leave out
// or write in another form.
var d1Database = `
CREATE TABLE child(id INTEGER PRIMARY KEY AUTOINCREMENT, up TEXT REFERENCES parent,
	twice INT AS (id * 2) STORED); -- before its parent
CREATE TABLE parent(id TEXT PRIMARY KEY, text, "and blob" BLOB) WITHOUT ROWID;
CREATE TABLE "select"(a REAL, b);
CREATE TABLE _cf_KV(key TEXT PRIMARY KEY, value);
CREATE TABLE empty(id INTEGER PRIMARY KEY AUTOINCREMENT);
CREATE INDEX on_up ON child(up) WHERE up <> ';' /* left open` + " *" + `/;
CREATE INDEX of_cf ON _cf_KV(value);
CREATE VIEW texts AS SELECT rowid AS n, b FROM "select" -- a view
;
CREATE VIRTUAL TABLE notes USING fts5(title, body);
CREATE VIRTUAL TABLE by_view USING fts5(b, content = 'texts', content_rowid = 'n');
CREATE VIRTUAL TABLE bare USING fts5(b, content = '');
CREATE VIRTUAL TABLE words USING fts5vocab(notes, row);
CREATE VIRTUAL TABLE box USING rtree(id, a, b);
INSERT INTO parent VALUES('p', '` + strings.Repeat("it''s ä\n", 30_000) + `', zeroblob(120000)),
	('q', 'BEGIN TRANSACTION; COMMIT;', x'00ff');
INSERT INTO child(id, up) VALUES(1, 'q'), (7, 'p'), (99, NULL);
DELETE FROM child WHERE id = 99;
INSERT INTO empty VALUES(5);
DELETE FROM empty;
INSERT INTO "select" VALUES(9e999, 'Inf'), (-0.0, x'6100'), (0.1, CAST(x'6100' AS TEXT)),
	(1e100, char(1, 2, 3) || ' tab	'), (NULL, CAST(x'ff' AS TEXT)), (3, 9223372036854775807),
	('COMMIT;', 'no key');
INSERT INTO notes(rowid, title, body) VALUES(3, 'three', 'it''s here'), (9, 'nine', NULL);
INSERT INTO by_view(by_view) VALUES('rebuild');
INSERT INTO box VALUES(1, 2, 3);
CREATE TRIGGER added AFTER INSERT ON child WHEN new.up = 'COMMIT' BEGIN
  INSERT INTO notes(title) VALUES (CASE WHEN new.id THEN 'a' ELSE 'b; END' END);
END;
ANALYZE;
`

func TestD1(t *testing.T) {
	path := build(t, d1Database)
	var out bytes.Buffer
	stats, err := dump.Write(t.Context(), &out, path, dump.Options{For: dump.D1})
	if err != nil {
		t.Fatal(err)
	}
	left := []dump.LeftOut{
		{Table: "bare", Why: "its index keeps no text"},
		{Table: "box", Why: "D1 has no module rtree"},
	}
	if diff := cmp.Diff(left, stats.LeftOut); diff != "" {
		t.Errorf("left out (-want +got)\n%s", diff)
	}
	script := out.String()
	if first := "PRAGMA defer_foreign_keys=ON;\n"; !strings.HasPrefix(script, first) {
		t.Errorf("the script begins with %.100s", script)
	}
	for statement, err := range sqltext.Statements(&out, "dump.sql") {
		if err != nil {
			t.Fatal(err)
		}
		if n := len(statement.Text); n > 100_000 {
			t.Errorf("%d bytes: %.100s", n, statement.Text)
		}
	}
	for _, word := range []string{
		"BEGIN TRANSACTION", "COMMIT;", "unistr(", "_cf_", "sqlite_stat", "writable_schema",
		"foreign_keys=OFF",
	} {
		if at := strings.Index(script, word); at >= 0 {
			t.Errorf("%s in %.200s", word, script[at:])
		}
	}
	loaded := build(t, "PRAGMA foreign_keys = ON; BEGIN;"+script+"COMMIT;")
	if diff := cmp.Diff(content(t, path), content(t, loaded)); diff != "" {
		t.Errorf("loaded (-want +got)\n%.2000s", diff)
	}
}

// TestD1Refuses checks the errors for content that no statement for D1 can carry.
func TestD1Refuses(t *testing.T) {
	for name, sql := range map[string]string{
		"a reference to no row": "CREATE TABLE p(id INTEGER PRIMARY KEY); " +
			"CREATE TABLE t(p REFERENCES p); INSERT INTO t VALUES(7);",
		"a reference to no key": "CREATE TABLE p(id); CREATE TABLE t(p REFERENCES p(id)); " +
			"INSERT INTO t VALUES(7);",
		"a long row without a key":    "CREATE TABLE t(a); INSERT INTO t VALUES(zeroblob(60000));",
		"a name with Wrangler's mark": `CREATE TABLE "BEGIN TRANSACTION"(a);`,
		"a long statement": "CREATE TABLE t(a CHECK(a <> '" + strings.Repeat("x", 100_000) +
			"'));",
	} {
		opts := dump.Options{For: dump.D1}
		_, err := dump.Write(t.Context(), &bytes.Buffer{}, build(t, sql), opts)
		if err == nil || !strings.Contains(err.Error(), "table ") {
			t.Errorf("%s: got %v, want an error that names the table", name, err)
		}
		var long *dump.TooLongError
		if want := strings.Contains(name, "long"); errors.As(err, &long) != want {
			t.Errorf("%s: got %v, a TooLongError: %v", name, err, want)
		}
	}
}

// TestD1Executes loads dumps with the real Wrangler, and compares the loaded databases with the
// dumped ones.
func TestD1Executes(t *testing.T) {
	tools := authority.Migrators(t)
	databases := map[string]string{"of all kinds": build(t, d1Database)}
	for _, path := range []string{
		"../fixtures/epicstack/testdata/seed.sql", "testdata/comments.sql", "testdata/fts5.sql",
		"testdata/generated.sql", "testdata/names.sql", "testdata/strict.sql",
		"testdata/without_rowid.sql", "testdata/zero_byte.sql",
	} {
		sql, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		databases[filepath.Base(path)] = build(t, string(sql))
	}
	for name, path := range databases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			script, loaded := filepath.Join(dir, "dump.sql"), filepath.Join(dir, "loaded.db")
			text := written(t, dump.Write, path, dump.Options{For: dump.D1})
			if err := os.WriteFile(script, []byte(text), 0o666); err != nil {
				t.Fatal(err)
			}
			if output, err := tools.D1Execute(t.Context(), script, loaded); err != nil {
				t.Fatalf("%v\n%s", err, output)
			}
			if diff := cmp.Diff(content(t, path), content(t, loaded)); diff != "" {
				t.Errorf("(-want +got)\n%.3000s", diff)
			}
		})
	}
}

// content returns the counters of a database, and the schema and the rows that D1 takes.
func content(t *testing.T, path string) (lines []string) {
	t.Helper()
	c, err := sqlite.OpenSnapshot(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	const tables = `SELECT s.name, coalesce(s.sql, ''), s.type, l.type = 'virtual'
		FROM sqlite_schema s
		LEFT JOIN pragma_table_list l ON l.name = s.name AND l.schema = 'main'
		WHERE s.tbl_name NOT LIKE '\_cf\_%' ESCAPE '\' AND s.sql NOT NULL
		AND s.name NOT LIKE 'sqlite\_stat_' ESCAPE '\' AND s.name NOT IN ('box', 'bare', 'd''2')
		AND coalesce(l.type, '') <> 'shadow' ORDER BY s.type, s.name`
	for row, err := range c.Query(tables) {
		if err != nil {
			t.Fatal(err)
		}
		name, sql := row.Text(0), row.Text(1)
		if name != "sqlite_sequence" {
			lines = append(lines, fmt.Sprintf("%s %s: %s", row.Text(2), name, withoutComments(sql)))
		}
		if row.Text(2) == "table" {
			lines = append(lines, rowsIn(t, c, name, row.Bool(3))...)
		}
	}
	return lines
}

// withoutComments returns the tokens of a statement without its comments, which Wrangler removes.
func withoutComments(sql string) string {
	var tokens []string
	for text := []byte(sql); len(text) > 0; {
		kind, n := sqltext.NextToken(text)
		if kind != sqltext.TokSpace && kind != sqltext.TokComment {
			tokens = append(tokens, string(text[:n]))
		}
		text = text[n:]
	}
	return strings.Join(tokens, " ")
}

func rowsIn(t *testing.T, c *sqlite.Conn, table string, virtual bool) (lines []string) {
	t.Helper()
	columns := "*"
	if virtual && table != "words" {
		columns = "rowid, *"
	}
	query := fmt.Sprintf(`SELECT %s FROM "%s"`, columns, strings.ReplaceAll(table, `"`, `""`))
	if table == "sqlite_sequence" {
		query += " WHERE seq > 0 ORDER BY name"
	}
	for row, err := range c.Query(query) {
		if err != nil {
			t.Fatal(table, err)
		}
		var key []byte
		for _, v := range row.Values() {
			key = v.AppendKey(key)
		}
		lines = append(lines, fmt.Sprintf("%s %x", table, key))
	}
	return lines
}
