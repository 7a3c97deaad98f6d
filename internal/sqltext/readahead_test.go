package sqltext_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seedkit/seedkit/internal/sqltext"
)

// afterHead returns an Insert that has parsed a statement beginning with INSERT INTO t VALUES.
func afterHead(t *testing.T) *sqltext.Insert {
	t.Helper()
	var in sqltext.Insert
	if err := in.Parse(sqltext.Statement{Text: []byte("INSERT INTO t VALUES(0);")}); err != nil {
		t.Fatal(err)
	}
	return &in
}

// readAhead returns copies of the rows that ReadAhead finds in ahead.
func readAhead(in *sqltext.Insert, ahead []byte) (rows [][]sqltext.Value, n int, err error) {
	n, err = in.ReadAhead(ahead, func(_ int, values []sqltext.Value) error {
		rows = append(rows, cloned(values))
		return nil
	})
	return rows, n, err
}

func cloned(values []sqltext.Value) []sqltext.Value {
	values = slices.Clone(values)
	for i := range values {
		values[i].Bytes = bytes.Clone(values[i].Bytes)
	}
	return values
}

func TestReadAhead(t *testing.T) {
	const in = "INSERT INTO t VALUES"
	for _, test := range []struct{ name, taken, left, values string }{
		{"nothing", "", "", ""},
		{"blanks", "", " \r\n\t", ""},
		{"one row", in + "(1);", "", "[1]"},
		{"statements", in + "(1,'a');\n" + in + "(2,'b');", "\n", "[1 a] [2 b]"},
		{"line ends of Windows", in + "(1);\r\n" + in + "\r\n(2,\r\n3);", "\r\n", "[1] [2 3]"},
		{"rows", in + "(1,2), (3,4)\n,\t( 5 , 6 ) ; " + in + "(7);", "", "[1 2] [3 4] [5 6] [7]"},
		{"empty text", in + "('',x'',unistr(''));", "", "[  ]"},
		{"doubled quotes", in + "('''','it''s','a''''b''');", "", "[' it's a''b']"},
		{"literals",
			in + `(NULL,-1,2.5,x'4a4B',unistr('\u0041''\\'),true,+7,1e2,` +
				`CAST(x'63' AS TEXT),replace('a\n','\n',char(98)));`, "",
			`[NULL -1 2.5 JK A'\ 1 7 100 c ab]`},
		{"comment within", in + "(1,true/*;*/,2);", "", "[1 1 2]"},

		{"no semicolon", "", in + "(1)", ""},
		{"ends within a string", in + "(1);", in + "('a", "[1]"},
		{"ends between doubled quotes", in + "(1);", in + "('a'", "[1]"},
		{"ends within a number", in + "(1);", in + "(12", "[1]"},
		{"ends within NULL", in + "(1);", in + "(NUL", "[1]"},
		{"ends within a blob", in + "(1);", in + "(x'00", "[1]"},
		{"ends within unistr", in + "(1);", in + "(unistr('a'", "[1]"},
		{"ends within the head", in + "(1);", in[:10], "[1]"},
		{"ends after the head", in + "(1);", in, "[1]"},
		{"ends among rows", in + "(1);", in + "(2),(3),", "[1]"},

		{"another table", in + "(1);", "INSERT INTO u VALUES(2);", "[1]"},
		{"longer head", in + "(1);", in + "2(2);", "[1]"},
		{"another statement", in + "(1);", "COMMIT;" + in + "(2);", "[1]"},
		{"comment before", in + "(1);", "-- c\n" + in + "(2);", "[1]"},
		{"empty statement", in + "(1);", ";" + in + "(2);", "[1]"},
		{"tail", in + "(1);", in + "(2) ON CONFLICT DO NOTHING;", "[1]"},
		{"rows of unlike length", in + "(1);", in + "(2,3),(4);", "[1]"},
		{"no rows", in + "(1);", in + ";", "[1]"},
		{"no values", in + "(1);", in + "();", "[1]"},
		{"no literal", in + "(1);", in + "(2),(datetime('now'));", "[1]"},
		{"no escape", in + "(1);", in + `(unistr('\'));`, "[1]"},
		{"unistr without its end", in + "(1);", in + "(unistr('a',);", "[1]"},
		{"no digit", in + "(1);", in + "(1:);", "[1]"},
		{"digits beyond 64 bits",
			in + "(99999999999999999999,-9223372036854775809,1234567890.12345678901);", "",
			"[1e+20 -9.223372036854776e+18 1.2345678901234567e+09]"},
		{"odd blob", in + "(1);", in + "(x'0');", "[1]"},
		{"no comma", in + "(1);", in + "(1 2);", "[1]"},
		{"no parenthesis", in + "(1);", in + "(1;", "[1]"},
	} {
		script := test.taken + test.left
		rows, n, err := readAhead(afterHead(t), []byte(script))
		if err != nil || n != len(test.taken) {
			t.Errorf("%s: took %q of %q, error %v", test.name, script[:n], script, err)
		}
		var got []string
		for _, values := range rows {
			got = append(got, fmt.Sprint(printed(values)))
		}
		if diff := cmp.Diff(test.values, strings.Join(got, " ")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
	}
}

func printed(values []sqltext.Value) []any {
	all := make([]any, len(values))
	for i, v := range values {
		switch v.Type {
		case sqltext.Null:
			all[i] = "NULL"
		case sqltext.Integer:
			all[i] = v.Int
		case sqltext.Real:
			all[i] = v.Real
		default:
			all[i] = string(v.Bytes)
		}
	}
	return all
}

// If the INSERT lists columns, every row must have as many values.
func TestReadAheadColumns(t *testing.T) {
	var in sqltext.Insert
	if _, err := rows(&in, "INSERT INTO t(a,b)VALUES(1,2);"); err != nil {
		t.Fatal(err)
	}
	ahead := "INSERT INTO t(a,b)VALUES(3,4);INSERT INTO t(a,b)VALUES(5);"
	_, got, err := readAhead(&in, []byte(ahead))
	if want := strings.Index(ahead, ";") + 1; got != want || err != nil {
		t.Errorf("took %q, error %v", ahead[:got], err)
	}
}

// ReadAhead takes nothing if no head was parsed, or after a statement with a tail.
func TestReadAheadNothing(t *testing.T) {
	for _, sql := range []string{
		"INSERT INTO t VALUES(1)RETURNING a;", "INSERT INTO t SELECT 1;", "SELECT 1;",
	} {
		in := afterHead(t)
		rows(in, sql)
		if got, n, err := readAhead(in, []byte("INSERT INTO t VALUES(1);")); n != 0 || got != nil ||
			err != nil {
			t.Errorf("after %s: read %v, %d bytes, error %v", sql, got, n, err)
		}
	}
}

func TestReadAheadError(t *testing.T) {
	refused := errors.New("refused")
	ahead := []byte("INSERT INTO t VALUES(1);INSERT INTO t VALUES(2),(3),(4);")
	var got []int64
	n, err := afterHead(t).ReadAhead(ahead, func(_ int, values []sqltext.Value) error {
		if got = append(got, values[0].Int); values[0].Int == 3 {
			return refused
		}
		return nil
	})
	if !errors.Is(err, refused) || n != len("INSERT INTO t VALUES(1);") {
		t.Errorf("took %q, error %v", ahead[:n], err)
	}
	if diff := cmp.Diff([]int64{1, 2, 3}, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// ReadAhead leaves a statement of very many values to Rows and does not hold it in memory.
func TestReadAheadManyValues(t *testing.T) {
	many := "INSERT INTO t VALUES(0)" + strings.Repeat(",(1)", 1<<16) + ";"
	if got, n, err := readAhead(afterHead(t), []byte(many)); n != 0 || got != nil || err != nil {
		t.Errorf("read %d rows, %d bytes, error %v", len(got), n, err)
	}
}

// For every size of the window, a script must have the same rows and the same statements between
// them at the same positions.
func TestReadAheadBufferBoundaries(t *testing.T) {
	script := "BEGIN;\nINSERT INTO t VALUES(1,'it''s;');\n" +
		"INSERT INTO t VALUES(2,unistr('\\u000a''')),(3,x'00fF');\r\n-- c\n" +
		"INSERT INTO t VALUES(-4.25,NULL);\n" +
		"INSERT INTO u(a) VALUES(5);INSERT INTO u(a) VALUES(6) ;INSERT INTO u(a) " +
		"VALUES(7)RETURNING a;INSERT INTO t VALUES('8',9e9);\nCOMMIT;"
	var want []string
	for statement, err := range sqltext.Statements(strings.NewReader(script), "a.sql") {
		if err != nil {
			t.Fatal(err)
		}
		want = append(want, rowsOrPlace(t, new(sqltext.Insert), statement)...)
	}
	for size := 1; size < len(script)+20; size++ {
		var in sqltext.Insert
		var got []string
		for s := sqltext.NewSplitterBuffered(strings.NewReader(script), "a.sql", size); ; {
			rows, n, err := readAhead(&in, s.Ahead())
			if err != nil {
				t.Fatal(err)
			}
			s.Skip(n)
			for _, values := range rows {
				got = append(got, fmt.Sprint(printed(values)))
			}
			statement, err := s.Next()
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, rowsOrPlace(t, &in, statement)...)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("with a buffer of %d bytes (-want +got):\n%s", size, diff)
		}
	}
}

// rowsOrPlace returns the rows of an INSERT, and the position of any other statement.
func rowsOrPlace(t *testing.T, in *sqltext.Insert, statement sqltext.Statement) []string {
	t.Helper()
	if statement.Kind() != sqltext.KindInsert {
		return []string{statement.String()}
	}
	if err := in.Parse(statement); err != nil {
		t.Fatal(err)
	}
	var printedRows []string
	for row, err := range in.Rows() {
		if err != nil {
			t.Fatal(err)
		}
		printedRows = append(printedRows, fmt.Sprint(printed(row.Values)))
	}
	return printedRows
}
