package sqltext_test

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/seedkit/seedkit/internal/sqltext"
)

func null() sqltext.Value               { return sqltext.Value{} }
func integer(i int64) sqltext.Value     { return sqltext.Value{Type: sqltext.Integer, Int: i} }
func realValue(f float64) sqltext.Value { return sqltext.Value{Type: sqltext.Real, Real: f} }
func text(s string) sqltext.Value {
	return sqltext.Value{Type: sqltext.Text, Bytes: []byte(s)}
}
func blob(s string) sqltext.Value {
	return sqltext.Value{Type: sqltext.Blob, Bytes: []byte(s)}
}

// rows reads the rows of a statement in line 3 of a.sql.
func rows(insert *sqltext.Insert, sql string) ([][]sqltext.Value, error) {
	statement := sqltext.Statement{
		Position: sqltext.Position{File: "a.sql", Line: 3, Column: 1},
		Text:     []byte(sql),
	}
	if err := insert.Parse(statement); err != nil {
		return nil, err
	}
	var all [][]sqltext.Value
	for row, err := range insert.Rows() {
		if err != nil {
			return all, err
		}
		values := make([]sqltext.Value, len(row.Values))
		for i, v := range row.Values {
			v.Bytes = append([]byte(nil), v.Bytes...)
			values[i] = v
		}
		all = append(all, values)
	}
	return all, nil
}

func TestInsertParse(t *testing.T) {
	type insert struct {
		Or, Schema, Table string
		Columns           []string
		Rows              int
		Tail              string
	}
	var in sqltext.Insert
	for _, test := range []struct {
		sql  string
		want insert
	}{
		{"INSERT INTO t VALUES(1);", insert{Table: "t", Rows: 1}},
		{"INSERT INTO t VALUES(1),\n  (2)", insert{Table: "t", Rows: 2}},
		{"insert or Ignore into main.t(a,\"b\"\"c\",[d]) values (1,2,3) , (4,5,6) ;",
			insert{"IGNORE", "main", "t", []string{"a", `b"c`, "d"}, 2, ""}},
		{"REPLACE INTO \"we\nird\"\"q\" VALUES(1);",
			insert{Or: "REPLACE", Table: "we\nird\"q", Rows: 1}},
		{"INSERT OR REPLACE INTO 't' AS x (`a``b`) VALUES (1);",
			insert{Or: "REPLACE", Table: "t", Columns: []string{"a`b"}, Rows: 1}},
		{"INSERT/**/INTO--\nvalues(key)VALUES(1)",
			insert{Table: "values", Columns: []string{"key"}, Rows: 1}},
		{"INSERT INTO t VALUES(1) -- ;\n;", insert{Table: "t", Rows: 1}},
		{"INSERT INTO t VALUES(1) ON CONFLICT(a) DO UPDATE SET a=excluded.a RETURNING *;",
			insert{
				Table: "t", Rows: 1, Tail: "ON CONFLICT(a) DO UPDATE SET a=excluded.a RETURNING *",
			}},
		{"INSERT INTO t VALUES(1),(2)RETURNING a",
			insert{Table: "t", Rows: 2, Tail: "RETURNING a"}},
		{"INSERT INTO sqlite_schema(type,name,tbl_name,rootpage,sql)" +
			"VALUES('table','ft','ft',0,'CREATE VIRTUAL TABLE ft USING fts5(a)');",
			insert{Table: "sqlite_schema", Rows: 1,
				Columns: []string{"type", "name", "tbl_name", "rootpage", "sql"}}},
	} {
		all, err := rows(&in, test.sql)
		if err != nil {
			t.Errorf("%s: %v", test.sql, err)
		}
		got := insert{in.Or, in.Schema, in.Table, in.Columns, len(all), string(in.Tail)}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.sql, diff)
		}
	}
}

// An Insert that reads one statement after another must not mistake the head of one for that of the
// next.
func TestInsertParseAgain(t *testing.T) {
	var in sqltext.Insert
	for _, test := range []struct{ sql, table string }{
		{"INSERT INTO t VALUES(1);", "t"},
		{"INSERT INTO t VALUES(2),(3);", "t"},
		{"INSERT INTO t VALUES (4);", "t"},
		{"INSERT INTO t VALUES2 VALUES(5);", ""},
		{"INSERT INTO u VALUES(6);", "u"},
		{"INSERT INTO t VALUES(7);", "t"},
	} {
		_, err := rows(&in, test.sql)
		if (err == nil) != (test.table != "") {
			t.Errorf("%s: got error %v", test.sql, err)
		}
		if got, want := in.Table, test.table; err == nil && got != want {
			t.Errorf("%s: got table %s, want %s", test.sql, got, want)
		}
	}
}

// The wanted values were compared with SELECT in SQLite 3.53.4.
func TestInsertLiterals(t *testing.T) {
	for _, test := range []struct {
		sql  string
		want sqltext.Value
	}{
		{"NULL", null()},
		{"true", integer(1)},
		{"FALSE", integer(0)},
		{"0", integer(0)},
		{"- 1", integer(-1)},
		{"+007", integer(7)},
		{"1_000_000", integer(1000000)},
		{"9223372036854775807", integer(math.MaxInt64)},
		{"9223372036854775808", realValue(1 << 63)},
		{"-9223372036854775808", integer(math.MinInt64)},
		{"-9223372036854775809", realValue(-1 << 63)},
		{"00000000000000000000000001", integer(1)},
		{"0xFf", integer(255)},
		{"-0x10", integer(-16)},
		{"0xffffffffffffffff", integer(-1)},
		{"0x00000000000000000f", integer(15)},
		{"1.0", realValue(1)},
		{"1.", realValue(1)},
		{"-.5E-1", realValue(-0.05)},
		{"-0.0", realValue(math.Copysign(0, -1))},
		{"1_0.2_5e1_0", realValue(10.25e10)},
		{"9.0e+999", realValue(math.Inf(1))},
		{"-9.0e+999", realValue(math.Inf(-1))},
		{"1e-400", realValue(0)},
		{"0.10000000000000000555", realValue(0.1)},
		{"3500000000000000.2500001", realValue(3500000000000000.0)},
		{"''", text("")},
		{"'a'", text("a")},
		{"'it''s''''\r\n;--'", text("it's''\r\n;--")},
		{"'\xff\xfe'", text("\xff\xfe")},
		{"x''", blob("")},
		{"X'00fF'", blob("\x00\xff")},
		{`unistr('\u000a\\\000a\+01f600\U0001F600''')`, text("\n\\\n😀😀'")},
		{`UNISTR ( 'a\D83Db' )`, text("a\xed\xa0\xbdb")},
		{`unistr('\U0011ffff\UFFFFFFFF')`, text("\xf4\x9f\xbf\xbf\xf7\xbf\xbf\xbf")},
		{"CAST(x'6100ff' AS TEXT)", text("a\x00\xff")},
		{"cast('a' as text)", text("a")},
		{"char(104,0x69,0,128512,-1,1114112)", text("hi\x00😀\ufffd\ufffd")},
		{"char()", text("")},
		{`replace('a\nb','\n',char(10))`, text("a\nb")},
		{`replace(replace('a\r\nb''','\r',char(13)),'\n',char(10))`, text("a\r\nb'")},
		{"replace('aaa','aa','b')", text("ba")},
		{"replace('abc','','x')", text("abc")},
		{"replace('abc',char(0,97),'x')", text("abc")},
		{`replace(unistr('\0041b'),'A',CAST(x'6363' AS TEXT))`, text("ccb")},
	} {
		var in sqltext.Insert
		got, err := rows(&in,
			"INSERT INTO t VALUES('before''',"+test.sql+",x'00',replace('x','x','y'));")
		if err != nil {
			t.Errorf("%s: %v", test.sql, err)
			continue
		}
		want := [][]sqltext.Value{{text("before'"), test.want, blob("\x00"), text("y")}}
		if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.sql, diff)
		}
	}
}

func TestInsertNotLiteral(t *testing.T) {
	for _, test := range []struct{ sql, want string }{
		{"SELECT 1;", "a.sql:3:1: met SELECT where INSERT is expected"},
		{"EXPLAIN INSERT INTO t VALUES(1);", "a.sql:3:1: met EXPLAIN where INSERT is expected"},
		{"WITH c AS (SELECT 1) INSERT INTO t SELECT * FROM c;",
			"a.sql:3:1: met WITH where INSERT is expected"},
		{"INSERT OR t VALUES(1);",
			"a.sql:3:11: met t where ABORT, FAIL, IGNORE, REPLACE or ROLLBACK is expected"},
		{"INSERT t VALUES(1);", "a.sql:3:8: met t where INTO is expected"},
		{"INSERT INTO t\nSELECT * FROM u;", "a.sql:4:1: met SELECT where VALUES is expected"},
		{"INSERT INTO t(a) DEFAULT VALUES;", "a.sql:3:18: met DEFAULT where VALUES is expected"},
		{"INSERT INTO t() VALUES(1);", "a.sql:3:15: met ) where the name of a column is expected"},
		{"INSERT INTO t;", "a.sql:3:14: met the end of the statement where VALUES is expected"},
		{"INSERT INTO t VALUES;", "a.sql:3:21: met the end of the statement where ( is expected"},
		{"INSERT INTO t VALUES();", "a.sql:3:22: met ) where a literal is expected"},
		{"INSERT INTO t VALUES(1),;",
			"a.sql:3:25: met the end of the statement where ( is expected"},
		{"INSERT INTO t(a) VALUES,(1);", "a.sql:3:24: met , where ( is expected"},
		{"INSERT INTO t VALUES(1",
			"a.sql:3:23: met the end of the statement where a comma or ) is expected"},
		{"INSERT INTO t VALUES(1,\n 'a' || 'b');",
			"a.sql:4:6: met || where a comma or ) is expected"},
		{"INSERT INTO t VALUES(1+1);", "a.sql:3:23: met + where a comma or ) is expected"},
		{"INSERT INTO t VALUES((1));", "a.sql:3:22: met ( where a literal is expected"},
		{"INSERT INTO t VALUES(- -1);", "a.sql:3:22: met - where a literal is expected"},
		{"INSERT INTO t VALUES(-'1');", "a.sql:3:22: met - where a literal is expected"},
		{"INSERT INTO t VALUES(Inf);", "a.sql:3:22: met Inf where a literal is expected"},
		{"INSERT INTO t VALUES(-Inf);", "a.sql:3:22: met - where a literal is expected"},
		{"INSERT INTO t VALUES(:a);", "a.sql:3:22: met :a where a literal is expected"},
		{`INSERT INTO t VALUES("a");`, `a.sql:3:22: met "a" where a literal is expected`},
		{"INSERT INTO t VALUES(datetime('now'));",
			"a.sql:3:22: met datetime where a literal is expected"},
		{"INSERT INTO t VALUES(CURRENT_TIMESTAMP);",
			"a.sql:3:22: met CURRENT_TIMESTAMP where a literal is expected"},
		{"INSERT INTO t VALUES(char);", "a.sql:3:22: met char where a literal is expected"},
		{"INSERT INTO t VALUES(char('a'));", "a.sql:3:27: met 'a' where an integer is expected"},
		{"INSERT INTO t VALUES(unistr(x'00'));",
			"a.sql:3:29: met x'00' where a string is expected"},
		{"INSERT INTO t VALUES(replace('a',1,'b'));", "a.sql:3:34: met 1 where a text is expected"},
		{"INSERT INTO t VALUES(replace('a','b'));", "a.sql:3:37: met ) where a comma is expected"},
		{"INSERT INTO t VALUES(CAST(1 AS TEXT));",
			"a.sql:3:27: met 1 where a blob or a text is expected"},
		{"INSERT INTO t VALUES(CAST(x'00' AS BLOB));",
			"a.sql:3:36: met BLOB where TEXT is expected"},
		{"INSERT INTO t VALUES(1) UNION SELECT 2;",
			"a.sql:3:25: met UNION where a comma or the end of the statement is expected"},
		{"INSERT INTO t VALUES(" + strings.Repeat("é", 50) + ");",
			"a.sql:3:22: met " + strings.Repeat("é", 20) + "… where a literal is expected"},
	} {
		var in sqltext.Insert
		_, err := rows(&in, test.sql)
		if err == nil || err.Error() != test.want {
			t.Errorf("%s: got error %v, want %s", test.sql, err, test.want)
		}
		if !errors.As(err, new(*sqltext.NotLiteralError)) {
			t.Errorf("%s: got a %T", test.sql, err)
		}
	}
}

func TestInsertSyntaxErrors(t *testing.T) {
	deep := strings.Repeat("replace(", 1001) + "'a'"
	long := "'" + strings.Repeat("a", 40_000) + "'"
	million := "replace(replace('" + strings.Repeat("a", 1000) + "','a','" +
		strings.Repeat("b", 100) + "'),'b','" + strings.Repeat("c", 10) + "')"
	again := strings.Repeat("replace(", 200) + million + strings.Repeat(",'c','c')", 200)
	const tooLong = "replace() makes the values of a row longer than 16 MB, the limit here"
	for _, test := range []struct{ sql, want string }{
		{"INSERT INTO t VALUES(1,2),\n(1);", "a.sql:4:1: 1 values where 2 are expected"},
		{"INSERT INTO t(a,b) VALUES(1,2,3);", "a.sql:3:26: 3 values where 2 are expected"},
		{`INSERT INTO t VALUES(unistr('\u00'));`, "a.sql:3:29: invalid Unicode escape"},
		{`INSERT INTO t VALUES(unistr('\x'));`, "a.sql:3:29: invalid Unicode escape"},
		{`INSERT INTO t VALUES(unistr('\'));`, "a.sql:3:29: invalid Unicode escape"},
		{"INSERT INTO t VALUES(1_);",
			"a.sql:3:22: 1_: a digit separator that is not between two digits"},
		{"INSERT INTO t VALUES(0x10000000000000000);",
			"a.sql:3:22: 0x10000000000000000: a hexadecimal number of more than 64 bits"},
		{"INSERT INTO t VALUES(-0x8000000000000000);",
			"a.sql:3:23: 0x8000000000000000: a hexadecimal number of more than 64 bits"},
		{"INSERT INTO t VALUES(1a);", "a.sql:3:22: unrecognized token: 1a"},
		{"INSERT INTO t VALUES(x'0');", "a.sql:3:22: unrecognized token: x'0'"},
		{"INSERT INTO t VALUES(" + deep + ");",
			fmt.Sprintf("a.sql:3:%d: functions nested more than 1000 deep", 22+8*1000)},
		{"INSERT INTO t VALUES(replace(" + long + ",'a'," + long + "));",
			"a.sql:3:30: " + tooLong},
		{"INSERT INTO t VALUES(" + strings.Repeat(million+",", 15) + million + ",1);", "<nil>"},
		{"INSERT INTO t VALUES(" + strings.Repeat(million+",", 17) + million + ");",
			fmt.Sprintf("a.sql:3:%d: %s", 30+16*(len(million)+1), tooLong)},
		{"INSERT INTO t VALUES(" + again + ");",
			fmt.Sprintf("a.sql:3:%d: %s", 22+8*(200-66), tooLong)},
	} {
		var in sqltext.Insert
		_, err := rows(&in, test.sql)
		if got := fmt.Sprint(err); got != test.want {
			t.Errorf("%.80s: got error %v, want %s", test.sql, err, test.want)
		}
		if err != nil && !errors.As(err, new(*sqltext.SyntaxError)) {
			t.Errorf("%.80s: got a %T", test.sql, err)
		}
	}
}

func TestInsertRowOffsets(t *testing.T) {
	statement := sqltext.Statement{
		Position: sqltext.Position{File: "a.sql", Line: 3, Column: 1},
		Text:     []byte("INSERT INTO t VALUES(1),\n  (2), ( 3 );"),
	}
	var in sqltext.Insert
	if err := in.Parse(statement); err != nil {
		t.Fatal(err)
	}
	var got []string
	for row, err := range in.Rows() {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, statement.PositionAt(row.Offset).String())
	}
	if diff := cmp.Diff([]string{"a.sql:3:21", "a.sql:4:3", "a.sql:4:8"}, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}
