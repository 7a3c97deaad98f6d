//go:build unix

package command

import (
	"fmt"
	"os"
	"path/filepath"
	"syscall"
)

func init() { programs["seedkit-as-nobody"] = runAsNobody }

// runAsNobody is the program seedkit-as-nobody: seedkit run by a user whom permissions bind,
// because root may write everywhere.
func runAsNobody() {
	if err := becomeNobody(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(99)
	}
	os.Exit(Run())
}

func becomeNobody() error {
	if os.Geteuid() != 0 {
		return nil
	}
	// Only the user who runs the tests may enter the folder that contains the script's folder.
	if err := os.Chmod(filepath.Dir(os.Getenv("WORK")), 0o755); err != nil {
		return err
	}
	const nobody = 65534
	if err := syscall.Setgroups(nil); err != nil {
		return err
	}
	if err := syscall.Setgid(nobody); err != nil {
		return err
	}
	return syscall.Setuid(nobody)
}
