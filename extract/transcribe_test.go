package extract_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"github.com/seedkit/seedkit/extract"
)

// replayed returns the result of a replay of a script. The limit on statements prevents a
// transcription.
func replayed(t *testing.T, script string) (string, extract.Report, error) {
	t.Helper()
	var out bytes.Buffer
	opts := extract.Options{
		Script: strings.NewReader(script), NoProof: true, MaxStatementBytes: 1 << 30,
	}
	report, err := extract.Write(t.Context(), &out, "test.sql", opts)
	return out.String(), report, err
}

// transcribed returns the result of a transcription, and whether a transcription was possible.
func transcribed(t *testing.T, script string) (string, extract.Report, bool) {
	t.Helper()
	var out bytes.Buffer
	report, taken, err := extract.Transcribe(t.Context(), &out, strings.NewReader(script),
		extract.Options{NoProof: true})
	if err != nil {
		t.Fatalf("%q: %v", script, err)
	}
	if !taken && out.Len() > 0 {
		t.Errorf("%q: not taken, but %q was written", script, out.String())
	}
	return out.String(), report, taken
}

// same checks that a transcription, if it is possible, gives the same result as a replay.
func same(t *testing.T, script string) (taken bool) {
	t.Helper()
	got, gotReport, taken := transcribed(t, script)
	if !taken {
		return false
	}
	want, wantReport, err := replayed(t, script)
	if err != nil {
		t.Errorf("%q: taken, but the replay says: %v", script, err)
		return true
	}
	if diff := cmp.Diff(want, got) + cmp.Diff(wantReport, gotReport); diff != "" {
		t.Errorf("%q: (-replay +transcript)\n%s", script, diff)
	}
	return true
}

const strict = "CREATE TABLE s(" +
	"id INTEGER PRIMARY KEY, i INT, r REAL, t TEXT, b BLOB, a ANY) STRICT;\n"

const notes = "CREATE TABLE u(" +
	"id INTEGER PRIMARY KEY, name TEXT NOT NULL, at DATETIME, score REAL, raw BLOB, any);\n"

// rowsOfEach returns three rows for each literal, for table n.
func rowsOfEach(literals ...string) string {
	var b strings.Builder
	for _, l := range literals {
		fmt.Fprintf(&b, "INSERT INTO n VALUES(%s,%s,%s);\n", l, l, l)
	}
	return b.String()
}

func TestTranscribeTakes(t *testing.T) {
	tests := []struct{ name, script string }{
		{"no rows", notes},
		{"a dump", "PRAGMA foreign_keys=OFF;\nBEGIN TRANSACTION;\n" + notes +
			"INSERT INTO u VALUES(1,'it''s','2025-01-01T00:00:00.000+00:00',0.5,x'00ff',NULL);\n" +
			"INSERT INTO u VALUES(2,'b',1735689600000,1.0,NULL,-7);\nCOMMIT;\n"},
		{"rows that share an INSERT",
			notes + "INSERT INTO u VALUES (1, 'a', NULL, NULL, NULL, NULL),\n" +
				"\t(3, 'b', NULL, NULL, NULL, NULL) , (4,'c',NULL,NULL,NULL,NULL) ;"},
		{"a list of columns",
			notes + "INSERT INTO u(id,name,at,score,raw,any) VALUES(1,'a',NULL,NULL,NULL,NULL);"},
		{"no semicolon at the end", notes + "INSERT INTO u VALUES(1,'a',NULL,NULL,NULL,NULL)"},
		{"comments between and in statements",
			notes + "-- one\nINSERT INTO u VALUES(1,'a',NULL,NULL,NULL,NULL) -- two\n; " +
				"/* three */ INSERT INTO u VALUES(2/*;*/,'a',NULL,NULL,NULL,NULL);"},
		{"the words for one thing", notes + "insert into U values(1,'a',null,TRUE,false,+1);"},
		{"numbers in every column", notes + "INSERT INTO u VALUES(1,2,3,4,5,6); " +
			"INSERT INTO u VALUES(2,2.5,3.5,4.5,5.5,6.5); " +
			"INSERT INTO u VALUES(3,2.0,3.0,4.0,5.0,6.0);" +
			"INSERT INTO u VALUES(4,1e3,1e3,1e3,1e3,1e3); " +
			"INSERT INTO u VALUES(5,-0,-0,-0,-0,-0); " +
			"INSERT INTO u VALUES(6,-0.0,-0.0,-0.0,-0.0,-0.0);" +
			"INSERT INTO u VALUES(7,0x10,0x10,0x10,0x10,007); " +
			"INSERT INTO u VALUES(8,1e999,-1e999,1e999,9.0e+999,-9.0e+999); " +
			"INSERT INTO u VALUES(9,9223372036854775807,9223372036854775807,9223372036854775807," +
			"9223372036854775808,-9223372036854775808);" +
			"INSERT INTO u VALUES(10,1_000,.5,5.,0.1e-7,123456789012345678901234567890);"},
		{"reals to copy, or not", "CREATE TABLE n(r REAL, n, d DECIMAL);" +
			rowsOfEach("0.5", "0.0", "-0.5", "-0.0", "1.0", "12.50", "00.5", "0.05", "0.0001",
				"0.00001", "68.95", "-7.25", "8.1", "0.9", "90144030020.2007", "1234567.890123",
				"1234567.8901234", "0.1234567890123", "0.26509753061593866",
				"7999999999999.0", "79999999999990.0", "1.", ".5", "1.5e3", "1.5 ", "1.5\n")},
		{"blobs to copy, or not", "CREATE TABLE n(r REAL, n, d TEXT);" +
			rowsOfEach("x''", "x'0123456789abcdef'", "x'0123456789ABCDEF'", "X'ab'",
				"x'00112233445566778899aabbccddeeff0f'", "x'00112233445566778899aabbccddeeFF0f'",
				"x'ab' ", "x'ab'/**/")},
		{"text that looks like a number", notes + "INSERT INTO u VALUES(1,'1','1','1','1','1'); " +
			"INSERT INTO u VALUES(2,' 1 ',' 1.50 ','-1e3','+.5','1'); " +
			"INSERT INTO u VALUES(3,'','','','','');" +
			"INSERT INTO u VALUES(8,'',CAST(x'3100' AS TEXT)," +
			"CAST(x'310061' AS TEXT),CAST(x'00' AS TEXT),1); " +
			"INSERT INTO u VALUES(9,'2025-01-01','2025-01-01','1e','e1','1'); " +
			"INSERT INTO u VALUES(10,'','0x10','inf','-','1'); " +
			"INSERT INTO u VALUES(11,'','1''','1a','.','1'); " +
			"INSERT INTO u VALUES(12,'',' ','1 1','1e5 ','1');"},
		{"text that a dump writes in other words",
			notes + "INSERT INTO u VALUES(1,unistr('a\\u000ab'),replace('a\\nb','\\n',char(10))," +
				"CAST(x'31' AS TEXT),X'ABCDEF',CAST(x'6100ff' AS TEXT));"},
		{"text with control characters",
			notes + "INSERT INTO u VALUES(1,'a\nb','a\r\nb','\x01','\t','\xff'); " +
				"INSERT INTO u VALUES(2,'caf\u00e9','\u2028',NULL,NULL,'\x7f');"},
		{"bookkeeping", notes + "CREATE TABLE _prisma_migrations(id); " +
			"INSERT INTO u VALUES(1,'a',NULL,NULL,NULL,NULL); " +
			"INSERT INTO _prisma_migrations VALUES('a'),('b'); " +
			"INSERT INTO u VALUES(2,'a',NULL,NULL,NULL,NULL);"},
		{"an AUTOINCREMENT counter", "CREATE TABLE a(id INTEGER PRIMARY KEY AUTOINCREMENT); " +
			"CREATE TABLE b(id INTEGER PRIMARY KEY AUTOINCREMENT); INSERT INTO a VALUES(3); " +
			"INSERT INTO a VALUES(5); INSERT INTO b VALUES(1);"},
		{"the counters of a dump", "CREATE TABLE a(id INTEGER PRIMARY KEY AUTOINCREMENT); " +
			"INSERT INTO a VALUES(3); INSERT INTO a VALUES(5);" +
			"PRAGMA writable_schema=ON;\nCREATE TABLE IF NOT EXISTS sqlite_sequence(name,seq);\n" +
			"DELETE FROM sqlite_sequence;\nINSERT INTO sqlite_sequence VALUES('a',9);\n" +
			"INSERT INTO sqlite_sequence VALUES('gone',9);\nPRAGMA writable_schema=OFF;\n"},
		{"counters, and rows after them",
			"CREATE TABLE a(id INTEGER PRIMARY KEY AUTOINCREMENT); INSERT INTO a VALUES(3); " +
				"DELETE FROM sqlite_sequence; INSERT INTO a VALUES(5);"},
		{"counters that were raised", "CREATE TABLE a(id INTEGER PRIMARY KEY AUTOINCREMENT); " +
			"CREATE TABLE b(id INTEGER PRIMARY KEY AUTOINCREMENT); INSERT INTO a VALUES(3);\n" +
			raised("a", 9) + raised("b", 7) + "INSERT INTO a VALUES(5);"},
		{"counters that the rows after them reach",
			"CREATE TABLE a(id INTEGER PRIMARY KEY AUTOINCREMENT);\n" + raised("a", 5) +
				"INSERT INTO a VALUES(-3); INSERT INTO a VALUES(5);"},
		{"counters of tables without rows",
			"CREATE TABLE a(id INTEGER PRIMARY KEY AUTOINCREMENT, up REFERENCES a);\n" +
				"-- seedkit: sample rows\n" + raised("a", 5)},
		{"rows without a key", "CREATE TABLE t(a, b); INSERT INTO t VALUES(2, 'x'), (1, 'y'); " +
			"INSERT INTO t VALUES(2, 'x');"},
		{"an index that covers a table", "CREATE TABLE t(a TEXT); CREATE INDEX i ON t(a); " +
			"INSERT INTO t VALUES('b'); INSERT INTO t VALUES('a');"},
		{"triggers after the rows", "CREATE TABLE t(a); INSERT INTO t VALUES(1); " +
			"CREATE TRIGGER tr AFTER INSERT ON t BEGIN DELETE FROM t; END;"},
		{"statistics", "CREATE TABLE t(a); CREATE INDEX i ON t(a); INSERT INTO t VALUES(1); " +
			"ANALYZE sqlite_schema; INSERT INTO sqlite_stat1 VALUES('t','i','1 1');"},
		{"STRICT", strict + "INSERT INTO s VALUES(1,2,3.5,'a',x'ff',NULL); " +
			"INSERT INTO s VALUES(2,NULL,3,'1',x'',4.0); " +
			"INSERT INTO s VALUES(3,-1,1e300,'',NULL,'5'); " +
			"INSERT INTO s VALUES(4,0,9007199254740993,'',X'AB','x');"},
		{"STRICT, values to convert", strict + "INSERT INTO s VALUES(1,'2','3.5',4,x'ff',NULL); " +
			"INSERT INTO s VALUES(2,2.0,'3',4.5,NULL,x'00');"},
		{"WITHOUT ROWID",
			"CREATE TABLE w(a TEXT PRIMARY KEY, b) WITHOUT ROWID; INSERT INTO w VALUES('',1); " +
				"INSERT INTO w VALUES('a',1); INSERT INTO w VALUES('a!',1),('a''',1); " +
				"INSERT INTO w VALUES('a''!',1); INSERT INTO w VALUES('a''''',1); " +
				"INSERT INTO w VALUES('a(',1); INSERT INTO w VALUES('é',1);"},
		{"WITHOUT ROWID, keys of all types",
			"CREATE TABLE w(k INTEGER PRIMARY KEY, b) WITHOUT ROWID; " +
				"INSERT INTO w VALUES(-9223372036854775808,1); INSERT INTO w VALUES(-1,1); " +
				"INSERT INTO w VALUES(0,1),('7',1); INSERT INTO w VALUES('a',x''); " +
				"INSERT INTO w VALUES(x'',1),(x'00',1),(x'000a',1),(x'0F',1);"},
		{"WITHOUT ROWID, a key of several columns",
			"CREATE TABLE w(a, b, c, PRIMARY KEY(c, a)) WITHOUT ROWID; " +
				"INSERT INTO w VALUES(2,'x','a'); INSERT INTO w VALUES(3,'w','a'); " +
				"INSERT INTO w VALUES(1,'v','ab'); INSERT INTO w VALUES(0,'u','b');"},
		{"WITHOUT ROWID, rows that SQLite puts into order",
			"CREATE TABLE w(k TEXT PRIMARY KEY) WITHOUT ROWID; INSERT INTO w VALUES('b'),('a');"},
		{"generated columns", "CREATE TABLE g(a AS (b + c), b INT, c INT, " +
			"d AS (b * c) STORED NOT NULL, id INTEGER PRIMARY KEY); INSERT INTO g VALUES(1,2,3); " +
			"INSERT INTO g(b,c,id) VALUES(1,TRUE,4); INSERT INTO g VALUES('5',6,7);"},
		{"a CHECK", "CREATE TABLE c(a CHECK (a > 0), CONSTRAINT even CHECK (a % 2 = 0)); " +
			"INSERT INTO c VALUES(2); INSERT INTO c VALUES(1e1);"},
		{"what an app's dump ends with",
			"BEGIN; CREATE TABLE p(id INTEGER PRIMARY KEY AUTOINCREMENT, x); " +
				"INSERT INTO p VALUES(1,'a'); CREATE TABLE c(p REFERENCES p ON DELETE CASCADE); " +
				"INSERT INTO c VALUES(1); ANALYZE sqlite_schema; " +
				"INSERT INTO sqlite_stat1 VALUES('p','px','1 1');" +
				"PRAGMA writable_schema=ON; " +
				"CREATE TABLE IF NOT EXISTS sqlite_sequence(name,seq); " +
				"DELETE FROM sqlite_sequence; INSERT INTO sqlite_sequence VALUES('p',1); " +
				"CREATE VIEW v AS SELECT * FROM p; " +
				"CREATE TRIGGER tr AFTER INSERT ON p BEGIN INSERT INTO c VALUES(new.id); END;" +
				"CREATE UNIQUE INDEX px ON p(x) WHERE x > ''; CREATE INDEX pl ON p(lower(x)); " +
				"PRAGMA writable_schema=OFF; COMMIT;"},
		{"names that need quotes", "CREATE TABLE \"we\nird\"\"q\"(\"a;b\", [c d], `e``f`); " +
			"INSERT INTO \"we\nird\"\"q\" VALUES(1,2,3); " +
			"INSERT INTO \"we\nird\"\"q\"(\"a;b\", [c d], `e``f`) VALUES(1,2,3);"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if !same(t, test.script) {
				t.Error("left to the replay")
			}
		})
	}
}

func TestTranscribeLeavesToTheReplay(t *testing.T) {
	const table = "CREATE TABLE t(id INTEGER PRIMARY KEY, x); INSERT INTO t VALUES(5,'a'); "
	tests := []struct{ name, script string }{
		{"an upsert", table + "INSERT INTO t VALUES(5,'b') ON CONFLICT DO UPDATE SET x = 1;"},
		{"INSERT OR IGNORE", table + "INSERT OR IGNORE INTO t VALUES(5,'b');"},
		{"REPLACE", table + "REPLACE INTO t VALUES(5,'b');"},
		{"rows out of order", table + "INSERT INTO t VALUES(4,'b');"},
		{"rows out of order in an INSERT that SQLite reads",
			table + "INSERT INTO t VALUES(4,TRUE);"},
		{"a rowid for SQLite to choose", table + "INSERT INTO t VALUES(NULL,'b');"},
		{"a default", table + "INSERT INTO t(id) VALUES(7);"},
		{"columns in another order", table + "INSERT INTO t(x, id) VALUES('b', 7);"},
		{"another schema's name", table + "INSERT INTO main.t VALUES(7,'b');"},
		{"a rowid without a column", "CREATE TABLE t(x); INSERT INTO t(rowid, x) VALUES(2,'a'); " +
			"INSERT INTO t(rowid, x) VALUES(1,'b');"},
		{"triggers",
			"CREATE TABLE t(x); CREATE TRIGGER tr AFTER INSERT ON t BEGIN DELETE FROM t; END; " +
				"INSERT INTO t VALUES(1);"},
		{"a temporary table in front",
			"CREATE TABLE t(x); CREATE TEMP TABLE t(x); INSERT INTO t VALUES(1);"},
		{"a view", "CREATE TABLE t(x); CREATE VIEW v AS SELECT * FROM t; " +
			"CREATE TRIGGER tr INSTEAD OF INSERT ON v BEGIN INSERT INTO t VALUES(new.x); END; " +
			"INSERT INTO v VALUES(1);"},
		{"a table that holds what another does", table + "CREATE TABLE copy AS SELECT * FROM t;"},
		{"statistics of rows", table + "CREATE INDEX i ON t(x); ANALYZE;"},
		{"a virtual table", "CREATE VIRTUAL TABLE ft USING fts5(x); INSERT INTO ft VALUES('a');"},
		{"a virtual table of a dump", "CREATE TABLE t(x); PRAGMA writable_schema=ON; " +
			"INSERT INTO sqlite_schema(type,name,tbl_name,rootpage,sql) " +
			"VALUES('table','ft','ft',0,'CREATE VIRTUAL TABLE ft USING fts5(x)');"},
		{"WITHOUT ROWID, rows out of order", "CREATE TABLE t(x PRIMARY KEY) WITHOUT ROWID; " +
			"INSERT INTO t VALUES(2); INSERT INTO t VALUES(1);"},
		{"WITHOUT ROWID, text before a number", "CREATE TABLE t(x PRIMARY KEY) WITHOUT ROWID; " +
			"INSERT INTO t VALUES('a'); INSERT INTO t VALUES(1);"},
		{"WITHOUT ROWID, real keys", "CREATE TABLE t(x PRIMARY KEY) WITHOUT ROWID; " +
			"INSERT INTO t VALUES(1); INSERT INTO t VALUES(1.5);"},
		{"WITHOUT ROWID, a key in another order than the columns",
			"CREATE TABLE t(a, b, PRIMARY KEY(b, a)) WITHOUT ROWID; INSERT INTO t VALUES(1,2); " +
				"INSERT INTO t VALUES(2,1);"},
		{"WITHOUT ROWID, another collation",
			"CREATE TABLE t(x TEXT COLLATE NOCASE PRIMARY KEY) WITHOUT ROWID; " +
				"INSERT INTO t VALUES('B'); INSERT INTO t VALUES('a');"},
		{"WITHOUT ROWID, from the highest on",
			"CREATE TABLE t(x, PRIMARY KEY(x DESC)) WITHOUT ROWID; INSERT INTO t VALUES(1); " +
				"INSERT INTO t VALUES(2);"},
		{"columns in another order, and a generated one",
			"CREATE TABLE t(x, y AS (x), z); INSERT INTO t(z, x) VALUES(1, 2);"},
		{"tables that take turns",
			"CREATE TABLE a(x); CREATE TABLE b(x); INSERT INTO a VALUES(1); " +
				"INSERT INTO b VALUES(2); INSERT INTO a VALUES(3); INSERT INTO b VALUES(4);"},
		{"children first",
			"CREATE TABLE c(x REFERENCES p); CREATE TABLE p(id INTEGER PRIMARY KEY); " +
				"INSERT INTO c VALUES(1); INSERT INTO p VALUES(1);"},
		{"a row that refers to its table",
			"CREATE TABLE t(id INTEGER PRIMARY KEY, up REFERENCES t); INSERT INTO t VALUES(1,2); " +
				"INSERT INTO t VALUES(2,NULL);"},
		{"samples",
			notes + "-- seedkit: sample rows\nINSERT INTO u VALUES(1,'a',NULL,NULL,NULL,NULL);"},
		{"samples, said late",
			notes + "INSERT INTO u VALUES(1,'a',NULL,NULL,NULL,NULL);-- seedkit: sample rows"},
		{"a conflict clause", "CREATE TABLE t(x UNIQUE ON CONFLICT IGNORE); " +
			"INSERT INTO t VALUES(1); INSERT INTO t VALUES(1);"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if _, _, taken := transcribed(t, test.script); taken {
				t.Error("transcribed")
			}
			if _, _, err := replayed(t, test.script); err != nil {
				t.Errorf("the replay does not take it either: %v", err)
			}
		})
	}
}

func TestTranscribeLeavesErrorsToTheReplay(t *testing.T) {
	const table = "CREATE TABLE t(id INTEGER PRIMARY KEY, x NOT NULL); " +
		"INSERT INTO t VALUES(5,'a');\n"
	for _, script := range []string{
		table + "UPDATE t SET x = 1;",
		table + "INSERT INTO t VALUES(6,NULL);",
		table + "INSERT INTO t VALUES(6);",
		table + "INSERT INTO t VALUES(5,1);",
		table + "INSERT INTO t VALUES('a',1);",
		table + "INSERT INTO t VALUES(6,'a",
		table + "INSERT INTO t VALUES(6,random());",
		strict + "INSERT INTO s VALUES(1,'a',1,'',x'',1);",
		strict + "INSERT INTO s VALUES(1,1.5,1,'',x'',1);",
		strict + "INSERT INTO s VALUES(1,1,'a','',x'',1);",
		strict + "INSERT INTO s VALUES(1,1,1,x'',x'',1);",
		strict + "INSERT INTO s VALUES(1,1,1,'','',1);",
		"CREATE TABLE w(x PRIMARY KEY) WITHOUT ROWID; INSERT INTO w VALUES(NULL);",
		"CREATE TABLE w(x PRIMARY KEY) WITHOUT ROWID; " +
			"INSERT INTO w VALUES('a'); INSERT INTO w VALUES('a');",
		"CREATE TABLE g(x, y AS (x)); INSERT INTO g VALUES(1,2);",
		"",
		"-- no rows\n",
		"INSERT INTO t VALUES(1);",
		table + "INSERT INTO nowhere VALUES(1);",
		table + "COMMIT; ROLLBACK;",
		table + "INSERT INTO t VALUES(6,'\x00');",
	} {
		if _, _, taken := transcribed(t, script); taken {
			t.Errorf("%q: transcribed", script)
		}
		if _, _, err := replayed(t, script); err == nil {
			t.Errorf("%q: the replay finds no fault", script)
		}
	}
}

// TestTranscribeLong transcribes more text than all buffers hold, with a statement that is longer
// than any buffer, and statements that cross the buffers' edges.
func TestTranscribeLong(t *testing.T) {
	var script strings.Builder
	script.WriteString("CREATE TABLE t(id INTEGER PRIMARY KEY, x TEXT);\n")
	for i := range 10_000 {
		fmt.Fprintf(&script, "INSERT INTO t VALUES(%d,'%s');\n", i, strings.Repeat("a;b", i%50))
	}
	fmt.Fprintf(&script, "INSERT INTO t VALUES(10000,'%s'),(10001,NULL);\n"+
		"CREATE TABLE later(x);\nINSERT INTO later VALUES(1);\n", strings.Repeat("long ", 200_000))
	if !same(t, script.String()) {
		t.Error("left to the replay")
	}
}

// TestTranscribeOnce checks that a script gives the same result if it can be read only once, and
// one byte at a time. A transcription and a replay must both give that result.
func TestTranscribeOnce(t *testing.T) {
	for name, script := range map[string]string{
		"in order": "CREATE TABLE a(id INTEGER PRIMARY KEY); CREATE TABLE b(x); " +
			"INSERT INTO a VALUES(1); INSERT INTO b VALUES(2);",
		"children first": "CREATE TABLE c(x REFERENCES p); " +
			"CREATE TABLE p(id INTEGER PRIMARY KEY); INSERT INTO c VALUES(1); " +
			"INSERT INTO p VALUES(1);",
		"replayed": "CREATE TABLE a(id INTEGER PRIMARY KEY); INSERT INTO a VALUES(2); " +
			"INSERT INTO a VALUES(1); INSERT INTO a VALUES(NULL);",
	} {
		t.Run(name, func(t *testing.T) {
			want, wantReport, err := replayed(t, script)
			if err != nil {
				t.Fatal(err)
			}
			for _, name := range []string{"TMPDIR", "TMP"} {
				t.Setenv(name, t.TempDir())
			}
			var out bytes.Buffer
			once := iotest.OneByteReader(strings.NewReader(script))
			report, err := extract.Write(t.Context(), &out, "test.sql",
				extract.Options{Script: once, NoProof: true})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, out.String()) + cmp.Diff(wantReport, report); diff != "" {
				t.Error(diff)
			}
			if left, err := os.ReadDir(os.TempDir()); err != nil || len(left) > 0 {
				t.Errorf("files remain: %v, %v", left, err)
			}
		})
	}
}

// TestTranscribeOnceBreaks checks that extract returns the error of such a script's reader, and
// writes nothing.
func TestTranscribeOnceBreaks(t *testing.T) {
	broken := errors.New("broken")
	once := io.MultiReader(strings.NewReader("CREATE TABLE t(x); INSERT INTO t VALUES(1); "),
		iotest.ErrReader(broken))
	var out bytes.Buffer
	_, err := extract.Write(t.Context(), &out, "test.sql",
		extract.Options{Script: once, NoProof: true})
	if !errors.Is(err, broken) || out.Len() > 0 {
		t.Errorf("got %v, and %q was written", err, out.String())
	}
}
