package extract_test

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seedkit/seedkit/extract"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/sqltext"
)

var (
	// everyByte holds every byte twice.
	everyByte = func() []byte {
		var all []byte
		for c := range 256 {
			all = append(all, byte(c), byte(c))
		}
		return all
	}()
	// letters is text that must be cut between letters.
	letters = strings.Repeat("aä€😀'\n\\n\t", 40)
)

// TestRowsInPieces has rows that are longer than the permitted statement, with keys and values of
// every kind. It also checks the result without the proof.
func TestRowsInPieces(t *testing.T) {
	text := func(s string) string { return string(sqltext.AppendText(nil, []byte(s))) }
	blob := string(sqltext.AppendBlob(nil, everyByte))
	tests := []struct{ name, tables, values string }{
		{"text", "CREATE TABLE t(id INTEGER PRIMARY KEY, a TEXT)", "7, " + text(letters)},
		{"a blob", "CREATE TABLE t(id INTEGER PRIMARY KEY, a BLOB)", "7, " + blob},
		{"a blob where text belongs", "CREATE TABLE t(id INTEGER PRIMARY KEY, a TEXT)",
			"7, " + blob},
		{"text with a NUL", "CREATE TABLE t(id INTEGER PRIMARY KEY, a TEXT)",
			"7, " + text("\x00"+letters+"\x00")},
		{"text that is not UTF-8", "CREATE TABLE t(id INTEGER PRIMARY KEY, a TEXT)",
			"7, CAST(" + blob + " AS TEXT)"},
		{"bytes that continue a letter alone", "CREATE TABLE t(id INTEGER PRIMARY KEY, a TEXT)",
			"7, CAST(x'" + strings.Repeat("80", 400) + "' AS TEXT)"},
		{"digits in a column for text", "CREATE TABLE t(id INTEGER PRIMARY KEY, a VARCHAR(9))",
			"7, " + text(strings.Repeat("0123456789", 50))},
		{"JSON in a column for numbers", "CREATE TABLE t(id INTEGER PRIMARY KEY, a JSON)",
			"7, " + text(`[`+strings.Repeat("12345,", 50)+`1]`)},
		{"columns without a type", "CREATE TABLE t(id PRIMARY KEY NOT NULL, a, b)",
			"'it''s', " + text(strings.Repeat("1", 300)) + ", " + blob},
		{"several", "CREATE TABLE t(id INTEGER PRIMARY KEY, a TEXT, b BLOB, c TEXT, d TEXT)",
			"7, " + text(letters) + ", " + blob + ", 'short', " + text(letters)},
		{"a key of two columns",
			"CREATE TABLE t(k TEXT, l REAL, a TEXT, PRIMARY KEY(k, l)) WITHOUT ROWID",
			"'x', 0.1, " + text(letters)},
		{"a key in any case", "CREATE TABLE t(k TEXT COLLATE NOCASE PRIMARY KEY NOT NULL, a TEXT)",
			"'Ab', " + text(letters)},
		{"a STRICT table", "CREATE TABLE t(id INT PRIMARY KEY NOT NULL, a TEXT, b BLOB) STRICT",
			"7, " + text(letters) + ", " + blob},
		{"a key that a case tells apart",
			"CREATE TABLE t(k TEXT NOT NULL COLLATE NOCASE, a TEXT); " +
				"CREATE UNIQUE INDEX u ON t(k COLLATE BINARY)",
			"'A', " + text(letters) + "), ('a', " + text(letters)},
	}
	for _, test := range tests {
		for _, most := range []int{300, 401, 1000} {
			t.Run(fmt.Sprint(test.name, " ", most), func(t *testing.T) {
				script := test.tables + "; INSERT INTO t VALUES(" + test.values + ");"
				got, report, err := write(t, script, extract.Options{MaxStatementBytes: most})
				if err != nil || !report.Proven {
					t.Fatalf("proven %v: %v", report.Proven, err)
				}
				for statement := range strings.Lines(got) {
					if len(statement)-len("\n") > most {
						t.Errorf("%d bytes: %s", len(statement)-1, statement)
					}
				}
				result := test.tables + ";" + got
				if diff := cmp.Diff(valuesAfter(t, script), valuesAfter(t, result)); diff != "" {
					t.Errorf("(-want +got)\n%s", diff)
				}
				again, _, err := write(t, result, extract.Options{MaxStatementBytes: most})
				if diff := cmp.Diff(got, again); err != nil || diff != "" {
					t.Errorf("read back: %v, (-want +got)\n%s", err, diff)
				}
				whole, _, _ := write(t, script, extract.Options{})
				again, _, err = write(t, result, extract.Options{})
				if diff := cmp.Diff(whole, again); err != nil || diff != "" {
					t.Errorf("read back and written whole: %v, (-want +got)\n%s", err, diff)
				}
			})
		}
	}
}

// valuesAfter returns the rows of table t after a script.
func valuesAfter(t *testing.T, script string) []string {
	t.Helper()
	c, err := sqlite.Open(t.Context(), ":memory:", sqlite.Create)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := c.ExecScript(script); err != nil {
		t.Fatal(err)
	}
	return valuesIn(t, c)
}

func valuesIn(t *testing.T, c *sqlite.Conn) (rows []string) {
	t.Helper()
	for row, err := range c.Query("SELECT * FROM t") {
		if err != nil {
			t.Fatal(err)
		}
		var key []byte
		for _, v := range row.Values() {
			key = v.AppendKey(key)
		}
		rows = append(rows, fmt.Sprintf("%q", key))
	}
	return rows
}

func TestRowInPieces(t *testing.T) {
	const script = `CREATE TABLE note(id INTEGER PRIMARY KEY, text TEXT);
		INSERT INTO note VALUES(1, 'It was a dark and stormy night; ` +
		`the rain fell in torrents, except at occasional intervals, ` +
		`when it was checked by a violent gust of wind.'), (2, 'short');`
	got, _, err := write(t, script, extract.Options{MaxStatementBytes: 130})
	want := `INSERT INTO "note" ("id", "text") VALUES (1, 'It was a dark and stormy night; ` +
		`the rain fell in torrents, except at occasional i');
UPDATE "note" SET "text" = "text" || 'ntervals, ` +
		`when it was checked by a violent gust of wind.' WHERE "id" = 1;
INSERT INTO "note" ("id", "text") VALUES (2, 'short');
`
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%v, (-want +got)\n%s", err, diff)
	}
}

// TestRowNotInPieces has rows that are longer than the permitted statement. An UPDATE cannot add
// text to such a row, or it would also add text to another row.
func TestRowNotInPieces(t *testing.T) {
	long := strings.Repeat("x", 300)
	tests := []struct {
		name, script string
		opts         extract.Options
		want         string
	}{
		{"without a key", "CREATE TABLE t(a); INSERT INTO t VALUES('" + long + "');",
			extract.Options{}, "no key"},
		{"with NULL in the key", "CREATE TABLE t(k TEXT PRIMARY KEY, a); " +
			"INSERT INTO t VALUES(NULL, '" + long + "');", extract.Options{}, "no key"},
		{"in the key", "CREATE TABLE t(k TEXT PRIMARY KEY); INSERT INTO t VALUES('" + long + "');",
			extract.Options{}, "part of the key"},
		{"beside a long key", "CREATE TABLE t(k TEXT PRIMARY KEY, a); INSERT INTO t VALUES('" +
			long[:180] + "', '" + long + "');", extract.Options{}, "no room in an UPDATE"},
		{"a part is a number", "CREATE TABLE t(id INTEGER PRIMARY KEY, a NUMERIC); " +
			"INSERT INTO t VALUES(1, '" + strings.Repeat("1", 250) + long + "');",
			extract.Options{}, "for a number"},
		{"where the row may be another's",
			"CREATE TABLE t(id INTEGER PRIMARY KEY, a); INSERT INTO t VALUES(1, '" + long + "');",
			extract.Options{OnConflict: extract.Skip}, "in pieces"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			test.opts.MaxStatementBytes = 250
			out, _, err := write(t, test.script, test.opts)
			var tooLong *extract.TooLongError
			if !errors.As(err, &tooLong) || !strings.Contains(err.Error(), test.want) || out != "" {
				t.Errorf("got %v and %q, want a TooLongError that says %q", err, out, test.want)
			}
		})
	}
}

// TestRowInPiecesUpdates runs the result twice.
func TestRowInPiecesUpdates(t *testing.T) {
	const tables = "CREATE TABLE t(id INTEGER PRIMARY KEY, a TEXT);"
	script := tables + "INSERT INTO t VALUES(1, '" + strings.Repeat("abc", 200) + "');"
	got, _, err := write(t, script,
		extract.Options{MaxStatementBytes: 250, OnConflict: extract.Update})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(valuesAfter(t, script), valuesAfter(t, tables+got+got)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestRowInPiecesByNaturalKey has a row whose key is a reference that is written as a natural key.
func TestRowInPiecesByNaturalKey(t *testing.T) {
	script := `CREATE TABLE u(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
		CREATE TABLE p(u INTEGER PRIMARY KEY REFERENCES u, a TEXT);
		INSERT INTO u VALUES(7, 'kody');
		INSERT INTO p VALUES(7, '` + strings.Repeat("abc", 200) + "');"
	got, report, err := write(t, script,
		extract.Options{MaxStatementBytes: 250, Keys: extract.Natural})
	const want = `WHERE "u" = (SELECT "id" FROM "u" WHERE "name" = 'kody');`
	if err != nil || !report.Proven || !strings.Contains(got, want) {
		t.Errorf("got %v\n%s\nwant %s in it", err, got, want)
	}
}

// TestRowInPiecesWithAMarkOfTheTool cuts text that contains a mark of Wrangler.
func TestRowInPiecesWithAMarkOfTheTool(t *testing.T) {
	dir := t.TempDir()
	put(t, dir+"/0001_init.sql", "CREATE TABLE t(id INTEGER PRIMARY KEY, a TEXT);\n")
	script := "INSERT INTO t VALUES(1, '" +
		strings.Repeat("BEGIN TRANSACTION;COMMIT;", 6000) + "');"
	edit, err := extract.New(t.Context(), "seed", dir, "test.sql",
		extract.Options{Script: strings.NewReader(script), Format: "d1"})
	if err != nil || !edit.Report.Proven {
		t.Fatal(err)
	}
	for statement := range bytes.Lines(edit.New) {
		if len(statement)-len("\n") > 100_000 {
			t.Errorf("%d bytes: %.100s", len(statement)-1, statement)
		}
	}
}
