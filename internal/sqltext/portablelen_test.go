package sqltext_test

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/seedkit/seedkit/internal/sqltext"
)

func TestPortableStringLen(t *testing.T) {
	tests := []struct {
		sql  string
		want int
	}{
		{"", 0}, {"1,", 0}, {"''", 0}, {"'',", 2}, {"'a'", 0}, {"'a',", 3}, {"'it''s')", 7},
		{"''''", 0}, {"'''')", 4},
		{"'a tab\tis kept; and so is this' ,", 31}, {"'a\nline',", 0}, {"'12345678\r',", 0},
		{"'open", 0}, {"'12345678", 0},
		{"'caf\u00e9 1234567 \u00e9t\u00e9''s',", 24}, {"'12345678\xff',", 0}, {"'\x7f\u0085',", 5},
		{"'\x00',", 0},
	}
	for _, test := range tests {
		if got := sqltext.PortableStringLen([]byte(test.sql)); got != test.want {
			t.Errorf("%q: got %d, want %d", test.sql, got, test.want)
		}
	}
}

func TestPortableRealLen(t *testing.T) {
	tests := []struct {
		sql  string
		want int
	}{
		{"", 0}, {"-", 0}, {"1,", 0}, {"1.", 0}, {"1.5", 0}, {"1.5,", 3}, {"-1.5)", 4}, {"0.0,", 3},
		{"-0.0,", 0}, {"519.0 ", 5}, {"1.50,", 0}, {"01.5,", 0}, {".5,", 0}, {"1.5e3,", 0},
		{"1.5x,", 0},
		{"0.26509753061593866,", 19}, {"-0.1025901572972594,", 19}, {"0.10259015729725943,", 19},
		{"0.00010259015729725944,", 0}, {"0.000010259015729725944,", 0}, {"1234567890123456.7,", 0},
		{"0.265097530615938661,", 0}, {"12345678901234567890.5,", 0},
	}
	for _, test := range tests {
		if got := sqltext.PortableRealLen([]byte(test.sql)); got != test.want {
			t.Errorf("%q: got %d, want %d", test.sql, got, test.want)
		}
	}
}

// FuzzPortableRealLen checks that PortableRealLen accepts a real only if AppendPortableReal writes
// it the same. It tries a real in a given number of digits, and the written form of another.
func FuzzPortableRealLen(f *testing.F) {
	for _, x := range []float64{
		0.1, 68.95, 0.26509753061593866, 1e16, 9e15, 0.0001, 0.1 + 0.2, 123456789.123456789,
		4503599627370497.5,
	} {
		f.Add(uint64(x*1e6), uint8(6), x)
	}
	f.Fuzz(func(t *testing.T, digits uint64, fraction uint8, x float64) {
		text := fmt.Sprintf("%0*d", fraction%20+2, digits)
		point := len(text) - int(fraction%20+1)
		for _, sql := range []string{
			text[:point] + "." + text[point:] + ",",
			string(sqltext.AppendPortableReal(nil, x)) + ",",
		} {
			n := sqltext.PortableRealLen([]byte(sql))
			if n == 0 {
				continue
			}
			var r sqltext.LiteralReader
			value, _, err := r.Read([]byte(sql))
			if got := sqltext.AppendPortableReal(nil, value.Real); err != nil || n != len(sql)-1 ||
				string(got)+"," != sql || value.Type != sqltext.Real {
				t.Errorf("%s: %d bytes are to be copied, but it is written %s (%v)", sql, n, got,
					err)
			}
		}
	})
}

func TestAppendPortableLines(t *testing.T) {
	tests := []struct{ sql, want string }{
		{`unistr('a\u000ab')`, `replace('a\nb','\n',char(10))`},
		{`unistr('it''s\u000a\u000a')`, `replace('it''s\n\n','\n',char(10))`},
		{"unistr('caf\u00e9\tb\\u000a')", "replace('caf\u00e9\tb\\n','\\n',char(10))"},
		{`unistr('a')`, ""}, {`unistr('a\\n\u000a')`, ""}, {`unistr('a\u000d\u000a')`, ""},
		{`unistr('\u000')`, ""}, {`unistr('\u000A')`, ""},
		{`unistr('a\u000a' )`, ""}, {`unistr('a\u000a'`, ""}, {`unistr(`, ""},
		{`unistr('a\u000a`, ""}, {"unistr('\n\\u000a')", ""}, {"unistr('\xff\\u000a')", ""},
		{`'a\u000a')`, ""},
	}
	for _, test := range tests {
		got, n := sqltext.AppendPortableLines([]byte("before "), []byte(test.sql+", 1"))
		wantLen := 0
		if test.want != "" {
			wantLen = len(test.sql)
		}
		if string(got) != "before "+test.want || n != wantLen {
			t.Errorf("%s: got %s, %d", test.sql, got, n)
		}
	}
}

// FuzzAppendPortableLines checks that AppendPortableLines agrees with the reader and the writer of
// any text.
func FuzzAppendPortableLines(f *testing.F) {
	for _, seed := range []string{
		`a\u000ab`, `it''s\u000a`, `\\n\u000a`, `\u000a\`, `\u000d\u000a`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		sql := append(append([]byte("unistr('"), text...), "') "...)
		got, n := sqltext.AppendPortableLines(nil, sql)
		if n == 0 {
			return
		}
		var r sqltext.LiteralReader
		value, end, err := r.Read(sql)
		if want := sqltext.AppendPortableText(nil, value.Bytes); err != nil || end != n+len(" ") ||
			!bytes.Equal(got, want) {
			t.Errorf("%q: got %q, %d; want %q, %d, %v", sql, got, n, want, end, err)
		}
	})
}

// FuzzPortableStringLen checks that PortableStringLen accepts a string if and only if
// AppendPortableText writes the same for its value.
func FuzzPortableStringLen(f *testing.F) {
	for _, seed := range []string{
		"", "a", "it's", "1234567\t'\n", "caf\u00e9 \xff", "\x1f12345678901234\x80",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		literal := append(append([]byte("'"), bytes.ReplaceAll(text, []byte("'"), []byte("''"))...),
			'\'')
		want := 0
		if bytes.Equal(sqltext.AppendPortableText(nil, text), literal) {
			want = len(literal)
		}
		if got := sqltext.PortableStringLen(append(literal, ')')); got != want {
			t.Errorf("%q: got %d, want %d", literal, got, want)
		}
	})
}
