package seed

import (
	"io"
	"strings"
	"testing"
	"testing/iotest"
)

// TestCheckUTF8 reads scripts in one piece, byte by byte, and half of each twice.
func TestCheckUTF8(t *testing.T) {
	for text, want := range map[string]int{
		"":                        0,
		"a\nb\n":                  0,
		"\ufeffä\n€𝄞\ufffd":       0,
		"ä\n\xe4\n":               2,
		"\n\xe4":                  2,
		"\n\xf0\x9d\x84":          2, // the beginning of a character, at the end
		"\n\xe4\n\n\xe4 and more": 2,
	} {
		for name, r := range map[string]io.Reader{
			"whole": strings.NewReader(text),
			"bytes": iotest.OneByteReader(strings.NewReader(text)),
			"again": &aheadReader{strings.NewReader(text)},
		} {
			line, calls := 0, 0
			script := checkUTF8(r, func(l int) { line = l; calls++ })
			if ahead, ok := r.(*aheadReader); ok {
				half := make([]byte, ahead.Len()/2)
				if _, err := io.ReadFull(script, half); err != nil && len(half) > 0 {
					t.Fatal(err)
				}
				if _, err := script.(io.Seeker).Seek(0, io.SeekStart); err != nil {
					t.Fatal(err)
				}
			}
			got, err := io.ReadAll(script)
			if err != nil || string(got) != text {
				t.Errorf("%q, %s: read %q, %v", text, name, got, err)
			}
			if line != want || calls > 1 {
				t.Errorf("%q, %s: line %d in %d calls, want %d", text, name, line, calls, want)
			}
		}
	}
}

// aheadReader marks the reader that the test moves back.
type aheadReader struct{ *strings.Reader }
