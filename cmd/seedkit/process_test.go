package main

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"testing"
)

// seedkit is the real command, to be run in a folder. Tests that need more of a process than a
// script can say begin with it.
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

// result is how a process ended, and what it printed.
type result struct {
	code           int // -1 if it was killed
	stdout, stderr string
}

// end waits for a command that was started, if it was, or runs it.
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

// do runs seedkit, which must succeed, and returns what it printed.
func do(t *testing.T, dir string, args ...string) result {
	t.Helper()
	cmd := seedkit(t, dir, args...)
	r := end(t, cmd, cmd.Run)
	if r.code != exitDone {
		t.Fatalf("%s: exit code %d\n%s", cmd, r.code, r.stderr)
	}
	return r
}

// dumpOf is a database's content as a script.
func dumpOf(t *testing.T, dir, db string) string {
	t.Helper()
	return do(t, dir, "dump", db).stdout
}
