package main

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
)

// TestEncodingReader reads scripts in one piece and byte by byte.
func TestEncodingReader(t *testing.T) {
	const warning = "seedkit: warning: line 2 of a.sql is not UTF-8: its bytes are taken as they are\n"
	for text, want := range map[string]string{
		"":                        "",
		"a\nb\n":                  "",
		"\ufeffä\n€𝄞\ufffd":       "",
		"ä\n\xe4\n":               warning,
		"\n\xe4":                  warning,
		"\n\xf0\x9d\x84":          warning, // the beginning of a character, at the end
		"\n\xe4\n\n\xe4 and more": warning,
	} {
		for name, r := range map[string]io.Reader{
			"whole": strings.NewReader(text), "bytes": iotest.OneByteReader(strings.NewReader(text)),
		} {
			var stderr bytes.Buffer
			e := &encodingReader{r: r, name: "a.sql", term: newTerminal(strings.NewReader(""), io.Discard, &stderr)}
			got, err := io.ReadAll(e)
			if err != nil || string(got) != text {
				t.Errorf("%q, %s: read %q, %v", text, name, got, err)
			}
			if diff := cmp.Diff(want, stderr.String()); diff != "" {
				t.Errorf("%q, %s: %s", text, name, diff)
			}
		}
	}
}

// TestScriptNotUTF8 holds that a script in Latin-1 is not taken without a word.
func TestScriptNotUTF8(t *testing.T) {
	dir := t.TempDir()
	script := "CREATE TABLE t(id INTEGER PRIMARY KEY, name TEXT);\nINSERT INTO t VALUES(1, 'J\xf6rg');\n"
	if err := os.WriteFile(filepath.Join(dir, "latin1.sql"), []byte(script), 0o666); err != nil {
		t.Fatal(err)
	}
	const want = "warning: line 2 of latin1.sql is not UTF-8: its bytes are taken as they are\n"
	if got := do(t, dir, "extract", "latin1.sql"); strings.Count(got.stderr, want) != 1 {
		t.Errorf("extract says %q, want %q", got.stderr, want)
	}
	cmd := seedkit(t, dir, "extract", "-")
	cmd.Stdin = strings.NewReader(script)
	got := end(t, cmd, cmd.Run)
	if got.code != exitDone || !strings.Contains(got.stderr, "line 2 of standard input is not UTF-8") {
		t.Errorf("extract - says %q", got.stderr)
	}
}
