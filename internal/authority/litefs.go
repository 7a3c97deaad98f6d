package authority

import (
	"os"
	"os/exec"
	"testing"
)

// LiteFS returns the path of litefs. It skips the test if nobody has given the program, or if the
// machine does not let LiteFS mount a file system and have a network of its own.
func LiteFS(tb testing.TB) string {
	tb.Helper()
	path := os.Getenv("SEEDKIT_LITEFS")
	if path == "" {
		tb.Skip("SEEDKIT_LITEFS is not set: it names a litefs of github.com/superfly/litefs")
	}
	if os.Geteuid() != 0 {
		tb.Skip("two nodes of LiteFS need root")
	}
	if _, err := os.Stat("/dev/fuse"); err != nil {
		tb.Skip(err)
	}
	for _, program := range []string{"fusermount3", "ip", "nsenter"} {
		if _, err := exec.LookPath(program); err != nil {
			tb.Skip(err)
		}
	}
	if err := exec.Command(path, "version").Run(); err != nil {
		tb.Fatalf("SEEDKIT_LITEFS is %s: %v", path, err)
	}
	return path
}
