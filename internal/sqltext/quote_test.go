package sqltext_test

import (
	"math"
	"testing"

	"github.com/seedkit/seedkit/internal/sqltext"
)

func TestIdent(t *testing.T) {
	for _, test := range []struct{ name, want string }{
		{"User", "User"},
		{"_PermissionToRole", "_PermissionToRole"},
		{"a1", "a1"},
		{"", `""`},
		{"1a", `"1a"`},
		{"a$", `"a$"`},
		{"a b", `"a b"`},
		{"é", `"é"`},
		{"we\nird\"q", "\"we\nird\"\"q\""},
		{"order", `"order"`},
		{"Order", `"Order"`},
		{"CURRENT_TIMESTAMP", `"CURRENT_TIMESTAMP"`},
		{"rowid", "rowid"},
	} {
		if got, want := sqltext.Ident(test.name), test.want; got != want {
			t.Errorf("Ident(%q): got %s, want %s", test.name, got, want)
		}
	}
	if got, want := sqltext.QuoteIdent("User"), `"User"`; got != want {
		t.Errorf("QuoteIdent: got %s, want %s", got, want)
	}
}

func TestAppendText(t *testing.T) {
	for _, test := range []struct{ text, want, portable string }{
		{"", "''", "''"},
		{"it's '", "'it''s '''", "'it''s '''"},
		{`a\n`, `'a\n'`, `'a\n'`},
		{"a\tb\x7f", "'a\tb\x7f'", "'a\tb\x7f'"},
		{"a\nb", "'a\nb'", `replace('a\nb','\n',char(10))`},
		{"a\r\n'b", "'a\r\n''b'", `replace(replace('a\r\n''b','\n',char(10)),'\r',char(13))`},
		{"\\\n\\n", "'\\\n\\n'", `replace('\\nn\n','\nn',char(10))`},
		{"\x1b[0m", "'\x1b[0m'", `replace('\x1b[0m','\x1b',char(27))`},
		{"\x1b\\x1bb", "'\x1b\\x1bb'", `replace('\x1bbb\x1bb','\x1bbb',char(27))`},
		{"\n\\nnnnnnnnn", "'\n\\nnnnnnnnn'", "CAST(x'0a5c6e6e6e6e6e6e6e6e6e' AS TEXT)"},
		{"\x01\n\\nnnnnnnnn", "'\x01\n\\nnnnnnnnn'", "CAST(x'010a5c6e6e6e6e6e6e6e6e6e' AS TEXT)"},
		{"nul\x00after", "CAST(x'6e756c006166746572' AS TEXT)",
			"CAST(x'6e756c006166746572' AS TEXT)"},
		{"\xff", "'\xff'", "CAST(x'ff' AS TEXT)"},
		{"\x01\x02\x03\x04\x05\x06\x07\x08\x0b", "'\x01\x02\x03\x04\x05\x06\x07\x08\x0b'",
			"CAST(x'01020304050607080b' AS TEXT)"},
	} {
		if got, want := string(sqltext.AppendText(nil, []byte(test.text))), test.want; got != want {
			t.Errorf("AppendText(%q): got %s, want %s", test.text, got, want)
		}
		if got, want := string(sqltext.AppendPortableText(nil, []byte(test.text))),
			test.portable; got != want {
			t.Errorf("AppendPortableText(%q): got %s, want %s", test.text, got, want)
		}
		if got, want := inPieces(test.text), test.portable; got != want {
			t.Errorf("PortableFormOf(%q): got %s, want %s", test.text, got, want)
		}
	}
}

// inPieces appends a text byte by byte.
func inPieces(text string) string {
	form := sqltext.PortableFormOf([]byte(text))
	literal := form.AppendBegin(nil)
	for i := range len(text) {
		literal = form.AppendPiece(literal, []byte(text[i:i+1]))
	}
	return string(form.AppendEnd(literal))
}

func TestAppendBlobAndInt(t *testing.T) {
	if got, want := string(sqltext.AppendBlob(nil, []byte{0, 0xAB, 0xff})),
		"x'00abff'"; got != want {
		t.Errorf("AppendBlob: got %s, want %s", got, want)
	}
	if got, want := string(sqltext.AppendInt(nil, math.MinInt64)),
		"-9223372036854775808"; got != want {
		t.Errorf("AppendInt: got %s, want %s", got, want)
	}
}

// The wanted texts are the results of CAST(… AS TEXT) in SQLite 3.53.4, except for the infinities
// and NaN.
func TestAppendReal(t *testing.T) {
	for _, test := range []struct {
		f    float64
		want string
	}{
		{0, "0.0"},
		{math.Copysign(0, -1), "0.0"},
		{1, "1.0"},
		{-100, "-100.0"},
		{0.1, "0.1"},
		{49.47, "49.47"},
		{1.0 / 3, "0.33333333333333332"},
		{0.30000000000000004, "0.30000000000000004"},
		{9.00000000000001, "9.0000000000000107"},
		{0.0001, "0.0001"},
		{0.00001, "1.0e-05"},
		{-1.5e-7, "-1.5e-07"},
		{1e15, "1000000000000000.0"},
		{1e16, "10000000000000000.0"},
		{1e17, "1.0e+17"},
		{123456789012345678, "1.2345678901234568e+17"},
		{1 << 63, "9.2233720368547758e+18"},
		{1e100, "1.0e+100"},
		{math.MaxFloat64, "1.7976931348623157e+308"},
		{math.SmallestNonzeroFloat64, "4.9406564584124654e-324"},
		{math.Nextafter(1, 0), "0.99999999999999989"},
		{math.Inf(1), "9.0e+999"},
		{math.Inf(-1), "-9.0e+999"},
		{math.NaN(), "NULL"},
	} {
		if got, want := string(sqltext.AppendReal(nil, test.f)), test.want; got != want {
			t.Errorf("AppendReal(%g): got %s, want %s", test.f, got, want)
		}
	}
}
