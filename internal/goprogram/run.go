package goprogram

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strconv"
)

// Streams are the standard streams of a program.
type Streams struct {
	In       io.Reader
	Out, Err io.Writer
}

// parentVariable has the number of the file that tells a program when its parent ends.
const parentVariable = "SEEDKIT_PARENT"

// Run runs the program and returns its exit code. If ctx ends, the program's context of
// [WithParent] ends, too: Run waits until the program has ended by itself.
//
// The program does not get signals from Run. A terminal sends ^C to both processes, and a second
// signal would kill the program in the midst of what the first one made it do.
func (p *Program) Run(ctx context.Context, args []string, streams Streams) (exit int, err error) {
	cmd := exec.Command(p.path, args...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = streams.In, streams.Out, streams.Err
	release := func() {}
	if runtime.GOOS != "windows" { // where consoles send ^C to both, and there are no signals
		watched, held, err := os.Pipe()
		if err != nil {
			return 0, fmt.Errorf("make a pipe to the program: %w", err)
		}
		defer watched.Close()
		release = func() { held.Close() }
		defer release()
		const first = 3 // the number of the first of ExtraFiles
		cmd.ExtraFiles = []*os.File{watched}
		cmd.Env = append(cmd.Environ(), parentVariable+"="+strconv.Itoa(first))
	}
	if err := cmd.Start(); err != nil {
		return 0, fmt.Errorf("run the program: %w", err)
	}
	defer context.AfterFunc(ctx, release)()
	err = cmd.Wait()
	_, ended := errors.AsType[*exec.ExitError](err)
	switch {
	case cmd.ProcessState.Exited():
		return cmd.ProcessState.ExitCode(), nil
	case ctx.Err() != nil:
		return 0, ctx.Err()
	case ended:
		return 0, fmt.Errorf("the program was ended by a signal: %w", err)
	}
	return 0, fmt.Errorf("run the program: %w", err)
}

// WithParent returns a context that also ends when the process that called [Program.Run] for this
// one ends, or when its context does.
func WithParent(ctx context.Context) context.Context {
	number, err := strconv.Atoi(os.Getenv(parentVariable))
	_ = os.Unsetenv(parentVariable)
	if err != nil {
		return ctx
	}
	parent := os.NewFile(uintptr(number), "parent")
	ctx, cancel := context.WithCancel(ctx)
	go func() {
		if _, err := parent.Read(make([]byte, 1)); errors.Is(err, io.EOF) {
			cancel()
		}
	}()
	return ctx
}
