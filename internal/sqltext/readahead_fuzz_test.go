package sqltext_test

import (
	"bytes"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/seedkit/seedkit/internal/sqltext"
)

// FuzzReadAhead compares ReadAhead and Rows with carefulRows. Every @ of the script becomes a head,
// and ReadAhead sees a part of the script.
func FuzzReadAhead(f *testing.F) {
	for _, seed := range []string{
		"@(1,'a');\n@('b''',NULL),(-2.5,x'00fF');",
		"@(unistr('\\u000a'''),true)  ;@( 1 );@(1)--\n;", "@(1),(2,3);@('a;');", "@(1);@('\x00');",
		"@(9223372036854775808,-9223372036854775808,0.10000000000000000555,12345678.12345678);",
		"@(1e5,.5,5.,0x1f,1_0,00000000000000000001);",
		"@(CAST(x'00' AS TEXT),char(65),replace('a','a','b'));@(2)ON CONFLICT DO NOTHING;@(3);",
		"@(-0,-0.0,123456789012345678,1234567890123456789,12345678901234567890);",
	} {
		f.Add([]byte(seed), len(seed))
		f.Add([]byte(seed), len(seed)+20)
	}
	f.Fuzz(func(t *testing.T, text []byte, cut int) {
		script := bytes.ReplaceAll(text, []byte("@"), []byte("INSERT INTO t VALUES"))
		script, _, _ = bytes.Cut(script, []byte{0}) // a Splitter shows no text after a NUL
		in := afterHead(t)
		got, taken, err := readAhead(in, script[:max(0, min(cut, len(script)))])
		if err != nil {
			t.Fatal(err)
		}
		var want [][]sqltext.Value
		start, end := 0, 0
		for statement, err := range sqltext.Statements(bytes.NewReader(script), "a.sql") {
			if err != nil {
				break
			}
			start = end + len(statement.Lead)
			end = start + len(statement.Text)
			rows := checkRows(t, in, statement)
			if start < taken {
				want = append(want, rows...)
			}
			if start < taken && taken < end {
				t.Errorf("%q: %q ends within a statement", script, script[:taken])
			}
		}
		if diff := cmp.Diff(want, got, cmpopts.EquateEmpty(), sameBits); diff != "" {
			t.Errorf("%q, of which %q is taken (-want +got):\n%s", script, script[:taken], diff)
		}
	})
}

// sameBits distinguishes 0 from -0.
var sameBits = cmp.Comparer(func(a, b float64) bool {
	return math.Float64bits(a) == math.Float64bits(b)
})

// checkRows checks that Rows yields what carefulRows returns, and returns that.
func checkRows(t *testing.T, in *sqltext.Insert, statement sqltext.Statement) [][]sqltext.Value {
	t.Helper()
	if err := in.Parse(statement); err != nil {
		return nil
	}
	want, good := carefulRows(in, statement)
	var got [][]sqltext.Value
	var err error
	for row, e := range in.Rows() {
		if err = e; err == nil {
			got = append(got, cloned(row.Values))
		}
	}
	if (err == nil) != good {
		t.Errorf("%q: got error %v", statement.Text, err)
	}
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty(), sameBits); diff != "" {
		t.Errorf("%q (-want +got):\n%s", statement.Text, diff)
	}
	return want
}

// carefulRows reads the rows of the statement that in has parsed, token by token and value by
// value, and reports whether all of it is valid.
func carefulRows(
	in *sqltext.Insert, statement sqltext.Statement,
) (rows [][]sqltext.Value, good bool) {
	rest := statement.Text[len(in.Head()):]
	for {
		if _, kind := nextToken(&rest); kind != sqltext.TokLeftParen {
			return rows, false
		}
		var row []sqltext.Value
		kind := sqltext.TokComma
		for ; kind == sqltext.TokComma; _, kind = nextToken(&rest) {
			var literals sqltext.LiteralReader
			value, n, err := literals.Read(rest)
			if err != nil {
				return rows, false
			}
			row, rest = append(row, value), rest[n:]
		}
		if kind != sqltext.TokRightParen || len(rows) > 0 && len(row) != len(rows[0]) ||
			in.Columns != nil && len(row) != len(in.Columns) {
			return rows, false
		}
		rows = append(rows, row)
		switch token, kind := nextToken(&rest); {
		case kind == sqltext.TokSemicolon, kind == sqltext.TokEOF, strings.EqualFold(token, "ON"),
			strings.EqualFold(token, "RETURNING"):
			return rows, true
		case kind != sqltext.TokComma:
			return rows, false
		}
	}
}

// nextToken moves text past a token and the white space and comments before it.
func nextToken(text *[]byte) (string, sqltext.TokenKind) {
	for {
		kind, n := sqltext.NextToken(*text)
		token := string((*text)[:n])
		*text = (*text)[n:]
		if kind != sqltext.TokSpace && kind != sqltext.TokComment {
			return token, kind
		}
	}
}
