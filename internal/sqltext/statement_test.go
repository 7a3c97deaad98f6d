package sqltext_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"github.com/seedkit/seedkit/internal/sqltext"
)

// split returns the statements of script as "line:column text", and the error. It fails if their
// concatenation differs from the script.
func split(t *testing.T, script string) (statements []string, err error) {
	t.Helper()
	var joined strings.Builder
	for statement, e := range sqltext.Statements(strings.NewReader(script), "a.sql") {
		if e != nil {
			err = e
			break
		}
		joined.Write(statement.Lead)
		joined.Write(statement.Text)
		statements = append(statements,
			fmt.Sprintf("%d:%d %s", statement.Line, statement.Column, statement.Text))
	}
	if got := joined.String(); err == nil && got != script {
		t.Errorf("joined statements are %q, want %q", got, script)
	}
	return statements, err
}

const auditTrigger = `CREATE TRIGGER audit AFTER UPDATE ON t WHEN CASE WHEN new.a THEN 1
	ELSE 0 END BEGIN
  INSERT INTO log VALUES('x;
INSERT INTO plain VALUES(1);
END;');
  UPDATE t SET a = CASE b WHEN 1 THEN 2 END;
  SELECT CASE 1 WHEN 2 THEN CASE 3 WHEN 4 THEN 5 END END; -- ;END;
  /* ;END; */ SELECT "end;" FROM [end;];
END;`

func TestStatements(t *testing.T) {
	for _, test := range []struct {
		name, script string
		want         []string
	}{
		{"empty", "", nil},
		{"one", "SELECT 1;", []string{"1:1 SELECT 1;"}},
		{"no semicolon at the end", "SELECT 1;\n SELECT 2\n",
			[]string{"1:1 SELECT 1;", "2:2 SELECT 2\n"}},
		{"trailing line end", "SELECT 1;\n", []string{"1:1 SELECT 1;", "2:1 "}},
		{"comments belong to what follows", "-- a;\nSELECT 1; /* b;\n*/ SELECT 2; -- c",
			[]string{"2:1 SELECT 1;", "3:4 SELECT 2;", "3:18 "}},
		{"empty statements", ";; SELECT 1;;", []string{"1:4 SELECT 1;", "1:14 "}},
		{"two on a line", "SELECT 1;SELECT é;SELECT 3;",
			[]string{"1:1 SELECT 1;", "1:10 SELECT é;", "1:20 SELECT 3;"}},
		{"line ends", "SELECT\r\n1;\r\n\fSELECT 2;", []string{"1:1 SELECT\r\n1;", "3:2 SELECT 2;"}},
		{"byte order mark", "\ufeffSELECT 1;\ufeff", []string{"1:4 SELECT 1;", "1:16 "}},
		{"rows in a string", "INSERT INTO t VALUES('a\nINSERT INTO plain VALUES(1);\n');SELECT 1;",
			[]string{
				"1:1 INSERT INTO t VALUES('a\nINSERT INTO plain VALUES(1);\n');", "3:4 SELECT 1;",
			}},
		{"injection in a string",
			`INSERT INTO t VALUES('a); INSERT INTO "User" VALUES(99,''evil''');`,
			[]string{`1:1 INSERT INTO t VALUES('a); INSERT INTO "User" VALUES(99,''evil''');`}},
		{"table with a line end and a quote", "INSERT INTO \"we\nird\"\";\" VALUES(1);",
			[]string{"1:1 INSERT INTO \"we\nird\"\";\" VALUES(1);"}},
		{"other quotes", "SELECT `;``;`, [;']; SELECT 2;",
			[]string{"1:1 SELECT `;``;`, [;'];", "1:22 SELECT 2;"}},
		{"markers of other tools",
			"INSERT INTO t VALUES('COMMIT;\n--> statement-breakpoint\n-- migrate:down\n" +
				"-- +goose Down\n;\n');",
			[]string{
				"1:1 INSERT INTO t VALUES('COMMIT;\n--> statement-breakpoint\n-- migrate:down\n" +
					"-- +goose Down\n;\n');",
			}},
		{"comment before the semicolon", "SELECT 1 -- it's;\n; SELECT 2 /* \"; */;",
			[]string{"1:1 SELECT 1 -- it's;\n;", "2:3 SELECT 2 /* \"; */;"}},
		{"comment without an end", "SELECT 1; SELECT 2 /* it's;",
			[]string{"1:1 SELECT 1;", "1:11 SELECT 2 /* it's;"}},
		{"minus and division are no comments", "SELECT 1-'-;'/'*;'- -1;SELECT 2->'-;';",
			[]string{"1:1 SELECT 1-'-;'/'*;'- -1;", "1:24 SELECT 2->'-;';"}},
		{"Tcl variable", "SELECT $a(;'),x$a(1),:b::c(;);SELECT 2;",
			[]string{"1:1 SELECT $a(;'),x$a(1),:b::c(;);", "1:31 SELECT 2;"}},
		{"invalid UTF-8", "SELECT '\xff\xfe;\xc3';SELECT 2;",
			[]string{"1:1 SELECT '\xff\xfe;\xc3';", "1:15 SELECT 2;"}},
		{"trigger", auditTrigger + "SELECT 1;", []string{"1:1 " + auditTrigger, "9:5 SELECT 1;"}},
		{"temporary trigger",
			"create /**/ temp\ntrigger t delete on u begin select 1; end ; SELECT 1;",
			[]string{
				"1:1 create /**/ temp\ntrigger t delete on u begin select 1; end ;",
				"2:45 SELECT 1;",
			}},
		{"trigger explained",
			"EXPLAIN QUERY PLAN CREATE TEMPORARY TRIGGER t DELETE ON u BEGIN SELECT 1; END; " +
				"SELECT 1;",
			[]string{
				"1:1 EXPLAIN QUERY PLAN CREATE TEMPORARY TRIGGER t DELETE ON u BEGIN SELECT 1; " +
					"END;", "1:80 SELECT 1;",
			}},
		{"trigger at the end of the text", "CREATE TRIGGER t DELETE ON u BEGIN SELECT 1; END --",
			[]string{"1:1 CREATE TRIGGER t DELETE ON u BEGIN SELECT 1; END --"}},
		{"no trigger",
			"CREATE TABLE trigger(a); EXPLAIN SELECT 1; SELECT 'CREATE TRIGGER'; END; COMMIT;",
			[]string{
				"1:1 CREATE TABLE trigger(a);", "1:26 EXPLAIN SELECT 1;",
				"1:44 SELECT 'CREATE TRIGGER';", "1:69 END;", "1:74 COMMIT;",
			}},
		{"quoted words in a trigger",
			`CREATE TRIGGER "end;" DELETE ON u BEGIN SELECT "end"; SELECT end FROM u; END;`,
			[]string{
				`1:1 CREATE TRIGGER "end;" DELETE ON u BEGIN SELECT "end"; SELECT end FROM u; END;`,
			}},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, err := split(t, test.script)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func TestStatementsErrors(t *testing.T) {
	for _, test := range []struct {
		script     string
		statements int
		want       string
	}{
		{"SELECT 1;\nSELECT 'a''b;\n", 1, "a.sql:2:8: string without its closing quote"},
		{"SELECT 'a', \"b;", 0, "a.sql:1:13: quoted name without its closing quote"},
		{"SELECT `b``;", 0, "a.sql:1:8: quoted name without its closing quote"},
		{"SELECT [b;", 0, "a.sql:1:8: quoted name without its closing quote"},
		{"SELECT x'00;", 0, "a.sql:1:8: blob without its closing quote"},
		{"SELECT 1;\n\n CREATE TRIGGER t DELETE ON u BEGIN SELECT 1; END\nSELECT 2;", 1,
			"a.sql:3:2: CREATE TRIGGER without its closing END;"},
		{"CREATE TRIGGER t DELETE ON u BEGIN SELECT 'a; END;", 0,
			"a.sql:1:43: string without its closing quote"},
		{".open a.db\nSELECT 1;", 0,
			`a.sql:1:1: ".open" is no SQL: commands of the sqlite3 shell cannot be run here`},
		{"SELECT 1;\n-- c\n.read b.sql\n", 1,
			`a.sql:3:1: ".read" is no SQL: commands of the sqlite3 shell cannot be run here`},
		{"SELECT 1;\nSELECT '\x00';", 1, "a.sql:2:9: NUL byte: SQLite would read no further"},
		{"SELECT 1;\n\x00SELECT 2;", 2, "a.sql:2:1: NUL byte: SQLite would read no further"},
		{"CREATE TRIGGER t\x00", 0, "a.sql:1:17: NUL byte: SQLite would read no further"},
	} {
		statements, err := split(t, test.script)
		if err == nil || err.Error() != test.want {
			t.Errorf("splitting %q: got error %v, want %s", test.script, err, test.want)
		}
		if !errors.As(err, new(*sqltext.SyntaxError)) {
			t.Errorf("splitting %q: got a %T", test.script, err)
		}
		if got, want := len(statements), test.statements; got != want {
			t.Errorf("splitting %q: got %d statements before the error, want %d", test.script, got,
				want)
		}
	}
}

func TestStatementsReadError(t *testing.T) {
	broken := errors.New("broken")
	r := io.MultiReader(strings.NewReader("SELECT 1; SELECT 'a"), iotest.ErrReader(broken))
	var got []string
	var err error
	for statement, e := range sqltext.Statements(r, "a.sql") {
		if err = e; e == nil {
			got = append(got, string(statement.Text))
		}
	}
	if diff := cmp.Diff([]string{"SELECT 1;"}, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if !errors.Is(err, broken) || err.Error() != "read a.sql: broken" {
		t.Errorf("got error %v", err)
	}
}

// Every script of this test must be split with every small buffer as with a large one.
func TestStatementsBufferBoundaries(t *testing.T) {
	script := "\ufeff-- c\r\nSELECT 'a''b', x'00' /* c; */ -- '\n, 1e-5, $a(;), b$a, a->>'c;'; " +
		auditTrigger +
		" ;; EXPLAIN CREATE TEMP TRIGGER t DELETE ON u BEGIN SELECT 1; END; " +
		"SELECT \"a\"\";\", `;`, [;], ?1; /* open"
	want, err := split(t, script)
	if err != nil {
		t.Fatal(err)
	}
	for size := 1; size < len(script); size++ {
		// A reader that can seek measures long statements before it reads them.
		for _, r := range []io.Reader{
			iotest.HalfReader(strings.NewReader(script)), strings.NewReader(script),
		} {
			var got []string
			for statement, err := range sqltext.StatementsBuffered(r, "a.sql", size) {
				if err != nil {
					t.Fatal(err)
				}
				got = append(got,
					fmt.Sprintf("%d:%d %s", statement.Line, statement.Column, statement.Text))
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Fatalf("from a %T, with a buffer of %d bytes (-want +got):\n%s", r, size, diff)
			}
		}
	}
}

// TestStatementsMeasured has statements that are longer than the buffer for measuring.
func TestStatementsMeasured(t *testing.T) {
	for _, long := range []string{
		"'%s'", "/*%s*/ 1", "1 --%s\n", `"%s"`, "[%s]", "x'ab', '%s', $a(;)", "'a', %s",
	} {
		long = fmt.Sprintf(long, strings.Repeat("ab;cd''", 100))
		for _, after := range []string{";", "", " ;'", "\x00;"} {
			script := "SELECT 1;\n SELECT " + long + after + " SELECT 2;"
			want, wantErr := split(t, script)
			var got []string
			var gotErr error
			for statement, err := range sqltext.StatementsBuffered(strings.NewReader(script),
				"a.sql", 16) {
				if gotErr = err; err == nil {
					got = append(got,
						fmt.Sprintf("%d:%d %s", statement.Line, statement.Column, statement.Text))
				}
			}
			if diff := cmp.Diff(want, got); diff != "" ||
				fmt.Sprint(gotErr) != fmt.Sprint(wantErr) {
				t.Errorf("%s: got error %v, want %v (-want +got):\n%s", script, gotErr, wantErr,
					diff)
			}
		}
	}
}

// stuck is a reader that can tell its offset but cannot seek back.
type stuck struct{ *strings.Reader }

var errStuck = errors.New("stuck")

func (s stuck) Seek(offset int64, whence int) (int64, error) {
	if whence == io.SeekCurrent {
		return s.Reader.Seek(offset, whence)
	}
	return 0, errStuck
}

func TestStatementsCannotGoBack(t *testing.T) {
	r := stuck{strings.NewReader("SELECT '" + strings.Repeat("a", 1000) + "'; SELECT 2")}
	for statement, err := range sqltext.StatementsBuffered(r, "a.sql", 16) {
		if !errors.Is(err, errStuck) {
			t.Errorf("got %s, %v", statement.Text, err)
		}
	}
}

func TestStatementsLongerThanBuffer(t *testing.T) {
	text := bytes.Repeat([]byte("it''s; -- /*\n"), 1<<17)
	script := fmt.Appendf(nil, "SELECT 1;INSERT INTO t VALUES('%s');/*%s*/SELECT 2;", text, text)
	var got []int
	for statement, err := range sqltext.Statements(bytes.NewReader(script), "a.sql") {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, len(statement.Lead), len(statement.Text))
	}
	want := []int{0, 9, 0, len(text) + 25, len(text) + 4, 9}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("lengths (-want +got):\n%s", diff)
	}
}

func TestPositionAt(t *testing.T) {
	for statement, err := range sqltext.Statements(strings.NewReader("SELECT 1;\n  SELECT\n é2;"),
		"a.sql") {
		if err != nil {
			t.Fatal(err)
		}
		end := len(statement.Text)
		got := []string{
			statement.PositionAt(0).String(), statement.PositionAt(6).String(),
			statement.PositionAt(end).String(),
		}
		want := []string{"a.sql:1:1", "a.sql:1:7", "a.sql:1:10"}
		if statement.Line == 2 {
			want = []string{"a.sql:2:3", "a.sql:2:9", "a.sql:3:6"}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("-want +got:\n%s", diff)
		}
	}
}
