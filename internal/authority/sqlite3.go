package authority

import (
	"fmt"
	"os/exec"
	"strings"
	"sync"
	"testing"
)

// shellVersion is the release whose .dump the package dump reproduces byte for byte. Other releases
// print other bytes.
const shellVersion = "3.53.4"

var (
	checkedShell   sync.Once
	checkedShellAs error
)

// SQLite3 returns the path of the sqlite3 shell 3.53.4, or skips the test if it is not installed. A
// shell of another version fails the test.
func SQLite3(tb testing.TB) string {
	tb.Helper()
	shell := installed(tb, "SEEDKIT_SQLITE3", ".ci/install-sqlite3")
	checkedShell.Do(func() { checkedShellAs = checkShell(shell) })
	if checkedShellAs != nil {
		tb.Fatal(checkedShellAs)
	}
	return shell
}

func checkShell(path string) error {
	out, err := exec.Command(path, "--version").Output()
	if err != nil {
		return fmt.Errorf("ask the sqlite3 shell's version: %w", err)
	}
	if version, _, _ := strings.Cut(string(out), " "); version != shellVersion {
		return fmt.Errorf("%s is sqlite3 %s, want %s", path, version, shellVersion)
	}
	return nil
}
