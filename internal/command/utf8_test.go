package command

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestScriptNotUTF8 checks that a script in Latin-1 gets a warning.
func TestScriptNotUTF8(t *testing.T) {
	dir := t.TempDir()
	script := "CREATE TABLE t(id INTEGER PRIMARY KEY, name TEXT);\n" +
		"INSERT INTO t VALUES(1, 'J\xf6rg');\n"
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
	if got.code != exitDone ||
		!strings.Contains(got.stderr, "line 2 of standard input is not UTF-8") {
		t.Errorf("extract - says %q", got.stderr)
	}
}
