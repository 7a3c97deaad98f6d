package authority

import (
	"os"
	"os/exec"
	"testing"
)

// Strace returns the path of strace, or skips the test if it is not installed.
func Strace(tb testing.TB) string {
	tb.Helper()
	strace := installed(tb, "SEEDKIT_STRACE", ".ci/install-strace")
	out, err := exec.Command(strace, "-f", "-o", os.DevNull, "true").CombinedOutput()
	if err != nil {
		tb.Fatalf("SEEDKIT_STRACE is %s, which cannot trace: %v\n%s", strace, err, out)
	}
	return strace
}
