package goprogram

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"time"
)

// ErrNoGo reports that the go command is not on the PATH.
var ErrNoGo = errors.New("there is no go command on the PATH")

// ErrNoModule reports that a folder belongs to no module.
var ErrNoModule = errors.New("neither the folder nor one above it has a go.mod")

// A Program is a compiled program.
type Program struct {
	path      string
	temporary string // the folder that Remove deletes, or ""
}

// Build compiles the program in dir, as a part of the module that dir belongs to. The program stays
// in the user's cache, so that the go command only builds it after a change. The caller must call
// Remove. At now, Build deletes the programs that nobody has built for 30 days. Errors of the go
// command are joined, one for each. Their paths are relative to the working directory if dir is.
// Build calls say with each line that is no error, such as one about a download.
//
// Build does not use go run, whose exit code is 1 whatever the program's is.
func Build(
	ctx context.Context, dir string, now time.Time, say func(line string),
) (*Program, error) {
	tool, err := exec.LookPath("go")
	if err != nil {
		return nil, fmt.Errorf("build the Go program in %s: %w", dir, ErrNoGo)
	}
	folder, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	if !isInModule(folder) {
		return nil, fmt.Errorf("build the Go program in %s: %w", dir, ErrNoModule)
	}
	p := &Program{}
	out, work, err := cacheFolders(folder, now)
	if err != nil {
		if work, err = os.MkdirTemp("", "seedkit-"); err != nil {
			return nil, fmt.Errorf("make a folder for the program: %w", err)
		}
		p.temporary, out = work, work
	} else {
		defer os.RemoveAll(work)
	}
	p.path = filepath.Join(out, "program")
	if runtime.GOOS == "windows" {
		p.path += ".exe"
	}
	cmd := exec.CommandContext(ctx, tool, "build", "-buildvcs=false", "-o", p.path, ".")
	cmd.Dir = dir
	// In the same file system, the go command replaces the program in one step.
	cmd.Env = append(cmd.Environ(), "GOTMPDIR="+work)
	if err := runGo(ctx, cmd, say); err != nil {
		p.Remove()
		return nil, err
	}
	return p, nil
}

// Remove deletes the program's file, unless the program is in the cache.
func (p *Program) Remove() {
	if p.temporary != "" {
		_ = os.RemoveAll(p.temporary)
	}
}

// isInModule reports whether a folder or one above it has a go.mod.
func isInModule(folder string) bool {
	for {
		if _, err := os.Stat(filepath.Join(folder, "go.mod")); err == nil {
			return true
		}
		parent := filepath.Dir(folder)
		if parent == folder {
			return false
		}
		folder = parent
	}
}

// runGo runs the go command.
func runGo(ctx context.Context, cmd *exec.Cmd, say func(line string)) error {
	cmd.Cancel = func() error {
		if err := cmd.Process.Signal(os.Interrupt); err != nil {
			return cmd.Process.Kill()
		}
		return nil
	}
	const patience = 5 * time.Second
	cmd.WaitDelay = patience
	said := &goOutput{dir: cmd.Dir, say: say}
	cmd.Stderr = said
	err := cmd.Run()
	said.end()
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case err == nil:
		for _, line := range said.problems {
			say(line)
		}
		return nil
	case len(said.problems) == 0:
		return fmt.Errorf("go build: %w", err)
	}
	var problems []error
	for _, line := range said.problems {
		problems = append(problems, errors.New(line))
	}
	return errors.Join(problems...)
}
