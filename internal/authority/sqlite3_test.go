package authority

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestSQLite3Dumps(t *testing.T) {
	shell := exec.Command(SQLite3(t), "-init", os.DevNull, "-batch", ":memory:")
	shell.Stdin = strings.NewReader("CREATE TABLE t(x); INSERT INTO t " +
		"VALUES('a'||char(10)||'b'),(0.1);\n.dump\n")
	got, err := shell.Output()
	if err != nil {
		t.Fatal(err)
	}
	want := "PRAGMA foreign_keys=OFF;\nBEGIN TRANSACTION;\nCREATE TABLE t(x);\n" +
		"INSERT INTO t VALUES(unistr('a\\u000ab'));\nINSERT INTO t VALUES(0.1);\nCOMMIT;\n"
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf(".dump (-want +got):\n%s", diff)
	}
}

func TestCheckShellRefuses(t *testing.T) {
	dir := t.TempDir()
	old := filepath.Join(dir, "old")
	script := []byte("#!/bin/sh\necho 3.40.1 2022-12-28 14:03:47\n")
	if err := os.WriteFile(old, script, 0o755); err != nil {
		t.Fatal(err)
	}
	tests := []struct{ name, path, want string }{
		{"another version", old, "is sqlite3 3.40.1, want 3.53.4"},
		{"no such file", filepath.Join(dir, "none"), "no such file"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if err := checkShell(tt.path); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("checkShell = %v, want an error with %q", err, tt.want)
			}
		})
	}
}
