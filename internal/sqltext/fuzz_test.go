package sqltext_test

import (
	"bytes"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/seedkit/seedkit/internal/sqltext"
)

// FuzzStatements checks that the statements of a script, joined, are the script, for any size of
// the buffer, and that every statement except a trigger ends with its first semicolon token.
func FuzzStatements(f *testing.F) {
	for _, seed := range []string{
		"", ";", "SELECT 1;\n", auditTrigger, "'a''b;';\"a;\";`;`;[;];x';", "--;\n/*;*/;/*;",
		"$a(;);x$a(;);1.$a(;);1e-5$a(;);",
		"->>$a(;);:a::b(;);#;", "\ufeff;\xef;\x00;", "EXPLAIN QUERY PLAN CREATE TEMP TRIGGER;END;",
		"1e+;0x;x'0';'", "/",
	} {
		f.Add([]byte(seed), 3)
	}
	f.Fuzz(func(t *testing.T, script []byte, size int) {
		var joined []byte
		for statement, err := range sqltext.StatementsBuffered(bytes.NewReader(script), "a.sql",
			1+size&0x3f) {
			if err != nil {
				break
			}
			joined = append(append(joined, statement.Lead...), statement.Text...)
			ended := endsWithFirstSemicolon(statement.Text)
			if !ended && len(statement.Text) > 0 && len(joined) < len(script) &&
				!bytes.Contains(bytes.ToUpper(statement.Text), []byte("TRIGGER")) {
				t.Errorf("%q is a statement of %q", statement.Text, script)
			}
		}
		if !bytes.HasPrefix(script, joined) {
			t.Errorf("statements of %q joined are %q", script, joined)
		}
	})
}

func endsWithFirstSemicolon(text []byte) bool {
	for {
		kind, n := sqltext.NextToken(text)
		if text = text[n:]; kind == sqltext.TokSemicolon || kind == sqltext.TokEOF {
			return kind == sqltext.TokSemicolon && len(text) == 0
		}
	}
}

// FuzzLiterals checks that Insert reads a written row of literals back as the same values.
func FuzzLiterals(f *testing.F) {
	f.Add([]byte("it's"), 0.1, int64(math.MinInt64))
	f.Add([]byte("a\r\nb\\n\\r\x1b\\x1b"), -1e300, int64(0))
	f.Add([]byte("\\\n\n\\n\\\\nn"), 5e-324, int64(-1))
	f.Add([]byte("nul\x00\xff\t"), math.Inf(-1), int64(1))
	f.Add([]byte("\x01\x02\x11\\x11\\x011"), 9007199254740993.0, int64(10))
	f.Fuzz(func(t *testing.T, b []byte, real float64, i int64) {
		sql := []byte("INSERT INTO t VALUES(")
		sql = append(sqltext.AppendText(sql, b), ',')
		portable := len(sql)
		sql = append(sqltext.AppendPortableText(sql, b), ',')
		if bad := bytes.IndexFunc(sql[portable:], func(r rune) bool {
			return r < 0x20 && r != '\t'
		}); bad >= 0 {
			t.Errorf("AppendPortableText(%q) has a control character: %q", b, sql[portable:])
		}
		sql = append(sqltext.AppendBlob(sql, b), ',')
		sql = append(sqltext.AppendReal(sql, real), ',')
		sql = append(sqltext.AppendInt(sql, i), ");"...)

		var in sqltext.Insert
		got, err := rows(&in, string(sql))
		if err != nil {
			t.Fatalf("%s: %v", sql, err)
		}
		want := [][]sqltext.Value{
			{text(string(b)), text(string(b)), blob(string(b)), realValue(real), integer(i)},
		}
		if math.IsNaN(real) {
			want[0][3] = null()
		}
		if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", sql, diff)
		}
	})
}

// FuzzInsert checks that no text, however broken, makes the parser panic.
func FuzzInsert(f *testing.F) {
	for _, seed := range []string{
		"(1,'a'),(x'00',NULL);", "(unistr('\\'));",
		"(replace('a','a',char(1,0x1f)))ON CONFLICT DO NOTHING", "(CAST(", "(-", "(1_,.5e1)",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, values []byte) {
		var in sqltext.Insert
		statement := sqltext.Statement{Text: append([]byte("INSERT INTO t VALUES"), values...)}
		if err := in.Parse(statement); err != nil {
			return
		}
		for row, err := range in.Rows() {
			if err == nil && len(row.Values) == 0 {
				t.Errorf("%s: a row without values", statement.Text)
			}
		}
	})
}
