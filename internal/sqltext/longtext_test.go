package sqltext_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/seedkit/seedkit/internal/sqltext"
)

func TestLongTextOf(t *testing.T) {
	tests := []struct {
		sql  string
		want int
	}{
		{"'a\nb',", 5}, {"'it''s\n')", 8}, {"'',", 0}, {"'a\nb'", 0}, {"'a\n", 0}, {"'a\x00',", 0}, {"'\xff\n',", 0}, {"x'00',", 0}, {"12,", 0},
		{`unistr('a\u000ab'),`, 18}, {`unistr('it''s\u000a'),`, 21}, {`unistr('a'),`, 0}, {`unistr('\u000a\u000d'),`, 0}, {`unistr('\\u000a'),`, 0},
		{`unistr('\u000a' ),`, 0}, {`unistr('\u000a'`, 0}, {"unistr('\n\\u000a'),", 0},
	}
	for _, test := range tests {
		if _, got := sqltext.LongTextOf([]byte(test.sql), len("''")); got != test.want {
			t.Errorf("%q: got %d, want %d", test.sql, got, test.want)
		}
	}
	if _, n := sqltext.LongTextOf([]byte("'a\nb',"), len("'a\nb'")); n != 0 {
		t.Errorf("a literal of %d bytes is longer than as many", n)
	}
}

// full is a writer that takes some bytes.
type full struct{ left int }

var errFull = errors.New("full")

func (f *full) Write(p []byte) (int, error) {
	if f.left -= len(p); f.left < 0 {
		return 0, errFull
	}
	return len(p), nil
}

func TestLongTextWriteTo(t *testing.T) {
	text, _ := sqltext.LongTextOf([]byte("'"+strings.Repeat("line\n", 50_000)+"',"), 0)
	if n, err := text.WriteTo(&full{100_000}); !errors.Is(err, errFull) || n == 0 || n > 100_000 {
		t.Errorf("got %d, %v", n, err)
	}
}

// FuzzLongText checks that it agrees with the reader and the writer of any text,
// however long: text comes as often as it takes to be cut into pieces.
func FuzzLongText(f *testing.F) {
	for _, seed := range []string{"a\nb", "it''s\n", "\r\n\\n", `a\u000ab`, `it''s\u000a`, `\\n`, `\u000d\u000a`, "caf\u00e9\x01", "''''"} {
		f.Add([]byte(seed), uint16(0))
		f.Add([]byte(seed), uint16(0xffff))
	}
	f.Fuzz(func(t *testing.T, text []byte, length uint16) {
		if len(text) == 0 {
			return
		}
		text = bytes.Repeat(text, 1+3*int(length)/len(text))
		for _, quotes := range []string{"'|')", "unistr('|'))"} {
			before, behind, _ := strings.Cut(quotes, "|")
			sql := append(append([]byte(before), text...), behind...)
			long, n := sqltext.LongTextOf(sql, 0)
			if n == 0 {
				continue
			}
			var r sqltext.LiteralReader
			value, end, err := r.Read(sql)
			var got bytes.Buffer
			if written, err := long.WriteTo(&got); err != nil || written != int64(got.Len()) {
				t.Errorf("%.100q: wrote %d of %d bytes, %v", sql, written, got.Len(), err)
			}
			if want := sqltext.AppendPortableText(nil, value.Bytes); err != nil || end < n || !bytes.Equal(got.Bytes(), want) {
				t.Errorf("%.100q: got %.100q, want %.100q, %d bytes of %d, %v", sql, got.Bytes(), want, n, end, err)
			}
		}
	})
}
