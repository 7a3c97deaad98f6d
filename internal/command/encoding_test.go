package command

import (
	"bytes"
	"compress/gzip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf16"
)

// TestEncodings checks that an error names the encoding of a script that is not UTF-8, wherever
// seedkit reads a script.
func TestEncodings(t *testing.T) {
	dir := t.TempDir()
	const script = "CREATE TABLE t(id INTEGER PRIMARY KEY);\nINSERT INTO t VALUES(1);\n"
	write := func(name string, text []byte) {
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	var zipped bytes.Buffer
	w := gzip.NewWriter(&zipped)
	if _, err := w.Write([]byte(script)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	write("zipped.sql", zipped.Bytes())
	var little, big []byte
	for _, u := range utf16.Encode([]rune(script)) {
		little, big = append(little, byte(u), byte(u>>8)), append(big, byte(u>>8), byte(u))
	}
	write("little.sql", little)
	write("marked.sql", append([]byte("\xff\xfe"), little...))
	write("big.sql", append([]byte("\xfe\xff"), big...))
	write("rows.sql", []byte("INSERT INTO t VALUES(1);"))
	do(t, dir, "gen", "-o", "app.db", "--quiet")
	const wide = "is in UTF-16, and a script has to be in UTF-8"
	for name, want := range map[string]string{
		"zipped.sql": "is gzip-compressed", "little.sql": wide, "marked.sql": wide, "big.sql": wide,
	} {
		for _, args := range [][]string{
			{"extract", name},
			{"extract", name, "--no-proof"},
			{"extract", name, "--rows-per-insert", "2"},
			{"apply", name, "--to", "app.db", "--yes"},
			{"extract", "rows.sql", "--schema", name},
			{"extract", "rows.sql", "--baseline", name},
			{"gen", "--schema", name, "-o", "x.db"},
		} {
			cmd := seedkit(t, dir, args...)
			r := end(t, cmd, cmd.Run)
			if r.code != exitFailed || r.stdout != "" ||
				!strings.Contains(r.stderr, name+" "+want+"\n") {
				t.Errorf("%q: exit code %d, %q, want %s", args, r.code, r.stderr, want)
			}
		}
	}
}
