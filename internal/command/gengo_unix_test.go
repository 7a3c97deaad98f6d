//go:build unix

package command

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"syscall"
	"testing"
	"time"

	"github.com/seedkit/seedkit/internal/testmodule"
)

// slowProgram makes a file when it declares its rows, and takes minutes for them.
const slowProgram = `package main

import (
	"os"
	"time"

	"github.com/seedkit/seedkit/gen"
	"github.com/seedkit/seedkit/generate"
)

func main() { gen.Main(generate.Set{Name: "slow", Fill: slow}) }

func slow(s *generate.Fixtures) {
	s.Many("a", "x", 10_000, generate.Row{"b": func(f *generate.Fake) any {
		os.WriteFile("begun", nil, 0o666)
		time.Sleep(20 * time.Millisecond)
		return 1
	}})
}
`

// TestGoProgramInterrupted stops gen while a Go program generates rows: with a signal for seedkit
// alone, with one for both processes, as a terminal sends ^C, and by killing seedkit. The program
// ends each time, and leaves no file.
func TestGoProgramInterrupted(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"schema.sql": "CREATE TABLE a(b)", "seed/main.go": slowProgram,
	} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	if err := testmodule.Make(dir, "example.com/slow"); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name   string
		signal syscall.Signal
		group  bool
		want   result
	}{
		{"terminal", syscall.SIGINT, true, result{exitInterrupted, "", "interrupted"}},
		{"interrupt", syscall.SIGINT, false, result{exitInterrupted, "", "interrupted"}},
		{"terminate", syscall.SIGTERM, false, result{exitInterrupted, "", "interrupted"}},
		{"kill", syscall.SIGKILL, false, result{-1, "", "interrupted"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := interruptProgram(t, dir, tt.signal, tt.group)
			tt.want.stderr = "seedkit: error: " + tt.want.stderr + "\n"
			if got != tt.want {
				t.Errorf("got %+v, want %+v", got, tt.want)
			}
			left, err := filepath.Glob(filepath.Join(dir, "*.db*"))
			if err != nil || len(left) > 0 {
				t.Errorf("left behind: %q, %v", left, err)
			}
			if left := entries(t, os.Getenv("TMPDIR")); len(left) > 0 && tt.want.code >= 0 {
				t.Errorf("left behind: %q", left)
			}
		})
	}
}

// interruptProgram runs gen until the program works, and sends a signal. It waits until both
// processes have ended: the program holds the pipe of standard error.
func interruptProgram(t *testing.T, dir string, signal syscall.Signal, group bool) result {
	t.Helper()
	settings, err := testmodule.Environment()
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("TMPDIR", t.TempDir())
	begun := filepath.Join(dir, "begun")
	if err := os.RemoveAll(begun); err != nil {
		t.Fatal(err)
	}
	cmd := seedkit(t, dir, "gen", "./seed", "--schema", "schema.sql", "--quiet")
	cmd.Env = append(slices.Concat(cmd.Environ(), settings), "XDG_CACHE_HOME="+dir)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	return end(t, cmd, func() error {
		if err := cmd.Start(); err != nil {
			return err
		}
		if err := waitFor(t, cmd, begun); err != nil {
			return err
		}
		to := cmd.Process.Pid
		if group {
			to = -to
		}
		if err := syscall.Kill(to, signal); err != nil {
			return err
		}
		return cmd.Wait()
	})
}

// waitFor waits until a file is there that the command makes.
func waitFor(t *testing.T, cmd *exec.Cmd, path string) error {
	t.Helper()
	const patience = 5 * time.Minute // for a build from nothing
	for begin := time.Now(); time.Since(begin) < patience; time.Sleep(10 * time.Millisecond) {
		if _, err := os.Stat(path); err == nil {
			return nil
		}
	}
	_ = cmd.Process.Kill()
	return cmd.Wait()
}

func entries(t *testing.T, dir string) (names []string) {
	t.Helper()
	list, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range list {
		names = append(names, entry.Name())
	}
	return names
}
