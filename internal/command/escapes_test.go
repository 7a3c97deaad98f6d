package command

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestPathsAreEscaped checks that no message on standard error lets the control characters of a
// path command the terminal or break the line.
func TestPathsAreEscaped(t *testing.T) {
	const odd = "a\x1b[31m\nzz"
	dir := t.TempDir()
	says := func(args ...string) {
		t.Helper()
		got := do(t, dir, args...).stderr
		if strings.Contains(got, "\x1b") || strings.Contains(got, "\nzz") {
			t.Errorf("seedkit %q: standard error is %q, want the path escaped", args, got)
		}
		if !strings.Contains(got, `a\x1b[31m\nzz`) {
			t.Errorf("seedkit %q: standard error is %q, want the path", args, got)
		}
	}
	db := odd + ".db"
	says("gen", "--set", "reference", "-o", db)
	says("dump", db, "-o", odd+".sql")
	says("apply", db, "--to", db, "--yes")
	says("backup", db, "-o", odd+".copy")
	says("verify", odd+".copy", "--against", db)
	says("restore", odd+".copy", "--to", db, "--yes")
	if err := os.Remove(filepath.Join(dir, odd+".copy.json")); err != nil {
		t.Fatal(err)
	}
	says("verify", odd+".copy", "--allow-unverified")
}
