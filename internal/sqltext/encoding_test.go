package sqltext_test

import (
	"errors"
	"testing"

	"github.com/seedkit/seedkit/internal/sqltext"
)

func TestCheckEncoding(t *testing.T) {
	for first, want := range map[string]error{
		"":                            nil,
		"--":                          nil,
		"CREATE TABLE t(a);":          nil,
		"\xef\xbb\xbfSELECT":          nil,
		"\xe4\x00":                    nil,
		"\x1f\x8b\x08\x00":            sqltext.ErrCompressed,
		"BZh91AY":                     sqltext.ErrCompressed,
		"\xff\xfe-\x00-\x00":          sqltext.ErrUTF16,
		"\xfe\xff\x00-\x00-":          sqltext.ErrUTF16,
		"-\x00-\x00 \x00":             sqltext.ErrUTF16,
		"\x00-\x00-\x00 ":             sqltext.ErrUTF16,
		"SQLite format 3\x00\x10\x00": sqltext.ErrDatabase,
	} {
		err := sqltext.CheckEncoding([]byte(first))
		if !errors.Is(err, want) || want == nil && err != nil {
			t.Errorf("%q: got %v, want %v", first, err, want)
		}
	}
}
