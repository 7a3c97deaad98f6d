package extract

import (
	"bytes"
	"context"
	"errors"
	"io"
	"runtime"
	"strings"
	"testing"
)

// tamperer replaces text on its way to w.
type tamperer struct {
	w        io.Writer
	old, new string
}

func (t tamperer) Write(p []byte) (int, error) {
	_, err := t.w.Write(bytes.ReplaceAll(p, []byte(t.old), []byte(t.new)))
	return len(p), err
}

// TestStreamProofTakes holds that what a dump has beside tables and rows keeps
// none from being proven as it streams.
func TestStreamProofTakes(t *testing.T) {
	const script = `PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE _prisma_migrations(id TEXT PRIMARY KEY);
INSERT INTO _prisma_migrations VALUES('one');
CREATE TABLE a(id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT);
INSERT INTO a VALUES(1,'one');
CREATE TABLE w(name TEXT PRIMARY KEY, n INT) STRICT, WITHOUT ROWID;
INSERT INTO w VALUES('x',1);
PRAGMA writable_schema=ON;
CREATE TABLE IF NOT EXISTS sqlite_sequence(name,seq);
DELETE FROM sqlite_sequence;
INSERT INTO sqlite_sequence VALUES('a',1);
CREATE VIEW v AS SELECT * FROM a;
CREATE INDEX i ON a(name);
PRAGMA writable_schema=OFF;
COMMIT;
`
	var out bytes.Buffer
	report, taken, err := stream(t.Context(), &out, "seed.sql", Options{Script: strings.NewReader(script)})
	if !taken || err != nil || !report.Proven {
		t.Errorf("got %v, %v, %+v", taken, err, report)
	}
}

func TestStreamProofSees(t *testing.T) {
	const script = `CREATE TABLE a(id INTEGER PRIMARY KEY, name TEXT, score REAL, raw BLOB);
CREATE TABLE b(id INTEGER PRIMARY KEY, a REFERENCES a);
CREATE TABLE c(name TEXT);
INSERT INTO a VALUES(1,'one',1,x'01');
INSERT INTO a VALUES(2,'two',2.5,NULL);
INSERT INTO b VALUES(7,1);
`
	tests := []struct {
		name, old, new string
		want           error
	}{
		{"nothing, where nothing is wrong", "", "", nil},
		{"another text", "'two'", "'2'", errAskSQLite},
		{"another real", "2.5", "2.25", errAskSQLite},
		{"another blob", "x'01'", "x'02'", errAskSQLite},
		{"another storage class", "'two', 2.5, NULL", "'two', 2.5, ''", errAskSQLite},
		{"a text for a blob", "x'01'", "'\x01'", errAskSQLite},
		{"another key", "VALUES (7, ", "VALUES (8, ", errAskSQLite},
		{"a row too few", `INSERT INTO "b" ("id", "a") VALUES (7, 1);`, "", errAskSQLite},
		{"a row too few of several", `INSERT INTO "a" ("id", "name", "score", "raw") VALUES (2, 'two', 2.5, NULL);`, "", errAskSQLite},
		{"a row too many", `VALUES (7, 1);`, `VALUES (7, 1), (8, 2);`, errAskSQLite},
		{"a row in a table without any", `VALUES (7, 1);`, `VALUES (7, 1); INSERT INTO c VALUES('x');`, errAskSQLite},
		{"a parent that is missing", "VALUES (7, 1)", "VALUES (7, 3)", errAskSQLite},
		{"what does not run", "VALUES (7, 1)", "VALUES (7, 1", errAskSQLite},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			spool, err := newSpool()
			if err != nil {
				t.Fatal(err)
			}
			defer spool.discard()
			r := strings.NewReader(script)
			again := func() error { return seekStart(r) }
			var out bytes.Buffer
			d := &prover{straight: straight{tamperer{spool, test.old, test.new}}, spool: spool, w: &out, script: r, again: again}
			_, err = streamTo(context.Background(), d, "seed.sql", Options{Script: r})
			if !errors.Is(err, test.want) {
				t.Errorf("got %v, want %v", err, test.want)
			}
			if wrote := out.Len() > 0; wrote != (test.want == nil) {
				t.Errorf("wrote %q", out.Bytes())
			}
		})
	}
}

// TestStreamProofLeaves gives up a comparison in the middle of a table.
func TestStreamProofLeaves(t *testing.T) {
	const script = "CREATE TABLE t(n NUMERIC);\nINSERT INTO t VALUES(1.0);\nINSERT INTO t VALUES(2);\n"
	before := runtime.NumGoroutine()
	for range 10 {
		_, taken, err := stream(t.Context(), io.Discard, "seed.sql", Options{Script: strings.NewReader(script)})
		if taken || err != nil {
			t.Fatalf("got %v, %v, want a script that is left to the replay", taken, err)
		}
	}
	if after := runtime.NumGoroutine(); after >= before+10 {
		t.Errorf("%d goroutines are left of ten comparisons", after-before)
	}
}

// changeling is a script that is another one when it is read again.
type changeling struct {
	*strings.Reader
	other string
}

func (c *changeling) Seek(offset int64, whence int) (int64, error) {
	if whence == io.SeekStart {
		c.Reader = strings.NewReader(c.other)
	}
	return c.Reader.Seek(offset, whence)
}

func TestStreamProofOfAScriptThatChanges(t *testing.T) {
	const script = "CREATE TABLE t(a, b);\nINSERT INTO t VALUES(1, 2);\n"
	for _, other := range []string{
		strings.Replace(script, "(1, 2)", "(1)", 1),
		strings.Replace(script, "(1, 2)", "(1, 2, 3)", 1),
		script + "INSERT INTO t VALUES(3, 4);\n",
	} {
		var out bytes.Buffer
		_, taken, err := stream(t.Context(), &out, "seed.sql", Options{Script: &changeling{strings.NewReader(script), other}})
		if taken || err != nil || out.Len() > 0 {
			t.Errorf("%q: got %v, %v, and wrote %q", other, taken, err, out.Bytes())
		}
	}
}

func seekStart(r *strings.Reader) error {
	_, err := r.Seek(0, io.SeekStart)
	return err
}
