package extract

import (
	"bytes"
	"errors"
	"io"
	"runtime"
	"strings"
	"testing"

	"github.com/seedkit/seedkit/internal/load"
	"github.com/seedkit/seedkit/internal/seed"
	"github.com/seedkit/seedkit/internal/tempfile"
	"github.com/seedkit/seedkit/internal/transcribe"
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

// TestTranscriptProofTakes proves the transcript of a dump that has other statements than those for
// tables and rows.
func TestTranscriptProofTakes(t *testing.T) {
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
	report, taken, err := Transcribe(t.Context(), &out, strings.NewReader(script), Options{})
	if !taken || err != nil || !report.Proven {
		t.Errorf("got %v, %v, %+v", taken, err, report)
	}
}

func TestTranscriptProofSees(t *testing.T) {
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
		{"another text", "'two'", "'2'", transcribe.ErrCannot},
		{"another real", "2.5", "2.25", transcribe.ErrCannot},
		{"another blob", "x'01'", "x'02'", transcribe.ErrCannot},
		{"another storage class", "'two', 2.5, NULL", "'two', 2.5, ''", transcribe.ErrCannot},
		{"a text for a blob", "x'01'", "'\x01'", transcribe.ErrCannot},
		{"another key", "VALUES (7, ", "VALUES (8, ", transcribe.ErrCannot},
		{"a row too few", `INSERT INTO "b" ("id", "a") VALUES (7, 1);`, "", transcribe.ErrCannot},
		{"a row too few of several",
			`INSERT INTO "a" ("id", "name", "score", "raw") VALUES (2, 'two', 2.5, NULL);`, "",
			transcribe.ErrCannot},
		{"a row too many", `VALUES (7, 1);`, `VALUES (7, 1), (8, 2);`, transcribe.ErrCannot},
		{"a row in a table without any", `VALUES (7, 1);`,
			`VALUES (7, 1); INSERT INTO c VALUES('x');`, transcribe.ErrCannot},
		{"a parent that is missing", "VALUES (7, 1)", "VALUES (7, 3)", transcribe.ErrCannot},
		{"what does not run", "VALUES (7, 1)", "VALUES (7, 1", transcribe.ErrCannot},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			file, err := tempfile.New()
			if err != nil {
				t.Fatal(err)
			}
			defer file.Close()
			r := &run{ctx: t.Context(), keys: naturalKeys{}}
			defer r.close()
			w := tamperer{file, test.old, test.new}
			refuseNone := func(string) (bool, error) { return false, nil }
			rows := transcribe.New(t.Context(), w, "", refuseNone)
			source := seed.Source{Path: "seed.sql", Script: strings.NewReader(script)}
			if _, err := r.transcribe(rows, w, source); err != nil {
				t.Fatal(err)
			}
			err = r.proveTranscript(rows, file, load.Script(strings.NewReader(script), "seed.sql"))
			if !errors.Is(err, test.want) {
				t.Errorf("got %v, want %v", err, test.want)
			}
		})
	}
}

// TestTranscriptProofLeaves checks that a comparison that stops in the middle of a table leaves no
// goroutine.
func TestTranscriptProofLeaves(t *testing.T) {
	const script = "CREATE TABLE t(n NUMERIC);\n" +
		"INSERT INTO t VALUES(1.0);\nINSERT INTO t VALUES(2);\n"
	before := runtime.NumGoroutine()
	for range 10 {
		_, taken, err := Transcribe(t.Context(), io.Discard, strings.NewReader(script), Options{})
		if taken || err != nil {
			t.Fatalf("got %v, %v, want a script that is left to the replay", taken, err)
		}
	}
	if after := runtime.NumGoroutine(); after >= before+10 {
		t.Errorf("%d goroutines are left of ten comparisons", after-before)
	}
}

// changeling is a script whose second reading gives another script.
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

func TestTranscriptProofOfAScriptThatChanges(t *testing.T) {
	const script = "CREATE TABLE t(a, b);\nINSERT INTO t VALUES(1, 2);\n"
	for _, other := range []string{
		strings.Replace(script, "(1, 2)", "(1)", 1),
		strings.Replace(script, "(1, 2)", "(1, 2, 3)", 1),
		script + "INSERT INTO t VALUES(3, 4);\n",
	} {
		var out bytes.Buffer
		_, taken, err := Transcribe(t.Context(), &out,
			&changeling{strings.NewReader(script), other}, Options{})
		if taken || err != nil || out.Len() > 0 {
			t.Errorf("%q: got %v, %v, and wrote %q", other, taken, err, out.Bytes())
		}
	}
}
