package sqltext_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seedkit/seedkit/internal/sqltext"
)

var tokenNames = map[sqltext.TokenKind]string{
	sqltext.TokEOF: "eof", sqltext.TokSpace: "space", sqltext.TokComment: "comment",
	sqltext.TokWord: "word", sqltext.TokQuotedName: "name", sqltext.TokString: "string",
	sqltext.TokBlob: "blob", sqltext.TokNumber: "number", sqltext.TokVariable: "variable",
	sqltext.TokSemicolon: "punctuation", sqltext.TokLeftParen: "punctuation",
	sqltext.TokRightParen: "punctuation",
	sqltext.TokComma:      "punctuation", sqltext.TokDot: "punctuation",
	sqltext.TokOperator: "operator", sqltext.TokIllegal: "illegal",
}

// tokens lists the tokens of sql as kind:text, without white space.
func tokens(sql string) []string {
	var list []string
	for rest := []byte(sql); len(rest) > 0; {
		kind, n := sqltext.NextToken(rest)
		if kind != sqltext.TokSpace {
			list = append(list, fmt.Sprintf("%s:%s", tokenNames[kind], rest[:n]))
		}
		rest = rest[n:]
	}
	return list
}

// The wanted tokens were compared with sqlite3GetToken of SQLite 3.53.4.
func TestNextToken(t *testing.T) {
	for _, test := range []struct{ sql, want string }{
		{"", ""},
		{"SELECT x$1 _é", "word:SELECT word:x$1 word:_é"},
		{"'it''s' '' 'a", "string:'it''s' string:'' illegal:'a"},
		{`"a""b" "a`, `name:"a""b" illegal:"a`},
		{"`a``b` `a", "name:`a``b` illegal:`a"},
		{"[a[b]] [a", "name:[a[b] illegal:] illegal:[a"},
		{"x'00fF' X'' x'0' x'0g' x'00",
			"blob:x'00fF' blob:X'' illegal:x'0' illegal:x'0g' illegal:x'00"},
		{"x 'a' xy'a'", "word:x string:'a' word:xy string:'a'"},
		{"1 1.5 1. .5 1e5 1E+5 1e-5 .5e3 1.e3",
			"number:1 number:1.5 number:1. number:.5 number:1e5 number:1E+5 number:1e-5 " +
				"number:.5e3 number:1.e3"},
		{"0xfF 0XAb 0x 0xg", "number:0xfF number:0XAb illegal:0x illegal:0xg"},
		{"1_000 0xf_f 1_000.5_5e1_0 1__0 1_",
			"number:1_000 number:0xf_f number:1_000.5_5e1_0 number:1__0 number:1_"},
		{"1e 1e+ 1a 1é 1$", "illegal:1e illegal:1e operator:+ illegal:1a illegal:1é illegal:1$"},
		{"1..5 1.5.5", "number:1. number:.5 number:1.5 number:.5"},
		{"-1 +.5", "operator:- number:1 operator:+ number:.5"},
		{"a.b(c,d);",
			"word:a punctuation:. word:b punctuation:( word:c punctuation:, " +
				"word:d punctuation:) punctuation:;"},
		{"= == <> != < <= << > >= >> | || - -> ->> * / % & ~ !",
			"operator:= operator:== operator:<> operator:!= operator:< operator:<= operator:<< " +
				"operator:> operator:>= operator:>> operator:| operator:|| operator:- " +
				"operator:-> operator:->> operator:* operator:/ operator:% operator:& operator:~ " +
				"illegal:!"},
		{"a--b'", "word:a comment:--b'"},
		{"a--b\nc", "word:a comment:--b word:c"},
		{"/*a*/b/*/*/c/**/d", "comment:/*a*/ word:b comment:/*/*/ word:c comment:/**/ word:d"},
		{"a/*b", "word:a comment:/*b"},
		{"a/*", "word:a operator:/ operator:*"},
		{"? ?12 :a @a #a $a $a::b",
			"variable:? variable:?12 variable::a variable:@a variable:#a variable:$a " +
				"variable:$a::b"},
		{"$a(x;') $a(x y) :( $",
			"variable:$a(x;') illegal:$a(x word:y punctuation:) illegal:: punctuation:( illegal:$"},
		{"{\\}^\x01\x7f", "illegal:{ illegal:\\ illegal:} illegal:^ illegal:\x01 illegal:\x7f"},
		{" \t\n\f\r\v;\v", "punctuation:; illegal:\v"},
		{"\ufeffa\ufeff \ufeff", "word:a\ufeff"},
		{"\xefa \xef\xbba \xff", "word:\xefa word:\xef\xbba word:\xff"},
		{"a\x00b", "word:a illegal:\x00 word:b"},
	} {
		want := strings.Fields(test.want)
		got := strings.Fields(strings.Join(tokens(test.sql), " "))
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("tokens of %q (-want +got):\n%s", test.sql, diff)
		}
	}
}
