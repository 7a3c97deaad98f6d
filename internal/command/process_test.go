package command

import (
	"bytes"
	"errors"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// seedkit returns the real command, to run in a folder. Tests that need more control of a process
// than a script gives use it.
func seedkit(t *testing.T, dir string, args ...string) *exec.Cmd {
	t.Helper()
	path, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), path, args...)
	cmd.Args[0] = "seedkit"
	cmd.Dir = dir
	return cmd
}

// unattended returns seedkit with streams that nobody reads.
func unattended() *program {
	return newProgram(newTerminal(strings.NewReader(""), io.Discard, io.Discard), constructors)
}

// A result is how a process ended, and what it printed.
type result struct {
	code           int // -1 if it was killed
	stdout, stderr string
}

// end returns the result of cmd. wait runs cmd, or waits for it if it was started before.
func end(t *testing.T, cmd *exec.Cmd, wait func() error) result {
	t.Helper()
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := wait()
	if _, exited := errors.AsType[*exec.ExitError](err); err != nil && !exited {
		t.Fatalf("%s: %v", cmd, err)
	}
	return result{cmd.ProcessState.ExitCode(), stdout.String(), stderr.String()}
}

// do runs seedkit, which must succeed.
func do(t *testing.T, dir string, args ...string) result {
	t.Helper()
	cmd := seedkit(t, dir, args...)
	r := end(t, cmd, cmd.Run)
	if r.code != exitDone {
		t.Fatalf("%s: exit code %d\n%s", cmd, r.code, r.stderr)
	}
	return r
}

// dumpOf returns a database's content as a script.
func dumpOf(t *testing.T, dir, db string) string {
	t.Helper()
	return do(t, dir, "dump", db).stdout
}
