package sqltext_test

import (
	"bytes"
	"testing"

	"github.com/seedkit/seedkit/internal/sqltext"
)

func TestPortableStringLen(t *testing.T) {
	tests := []struct {
		sql  string
		want int
	}{
		{"", 0}, {"1,", 0}, {"''", 0}, {"'',", 2}, {"'a'", 0}, {"'a',", 3}, {"'it''s')", 7}, {"''''", 0}, {"'''')", 4},
		{"'a tab\tis kept; and so is this' ,", 31}, {"'a\nline',", 0}, {"'12345678\r',", 0}, {"'open", 0}, {"'12345678", 0},
		{"'caf\u00e9 1234567 \u00e9t\u00e9''s',", 24}, {"'12345678\xff',", 0}, {"'\x7f\u0085',", 5}, {"'\x00',", 0},
	}
	for _, test := range tests {
		if got := sqltext.PortableStringLen([]byte(test.sql)); got != test.want {
			t.Errorf("%q: got %d, want %d", test.sql, got, test.want)
		}
	}
}

// FuzzPortableStringLen checks that a string is taken for portable if and only
// if it is what AppendPortableText writes for its value.
func FuzzPortableStringLen(f *testing.F) {
	for _, seed := range []string{"", "a", "it's", "1234567\t'\n", "caf\u00e9 \xff", "\x1f12345678901234\x80"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		literal := append(append([]byte("'"), bytes.ReplaceAll(text, []byte("'"), []byte("''"))...), '\'')
		want := 0
		if bytes.Equal(sqltext.AppendPortableText(nil, text), literal) {
			want = len(literal)
		}
		if got := sqltext.PortableStringLen(append(literal, ')')); got != want {
			t.Errorf("%q: got %d, want %d", literal, got, want)
		}
	})
}
