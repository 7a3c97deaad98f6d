// Package command is seedkit's command line: the verbs, the terminal, exit codes and hints.
package command

import (
	"context"
	"io"
	"os"

	"github.com/seedkit/seedkit/generate"
	"github.com/seedkit/seedkit/internal/goprogram"
)

// Run runs seedkit with the arguments and the streams of the process. It returns the exit code.
func Run() int {
	return run(interruptible(context.Background()), os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
}

// Gen runs the verb gen for a Go program that has the sets. The arguments of the process are those
// of gen. Gen returns the exit code.
func Gen(sets []generate.Set) int {
	ctx := goprogram.WithParent(interruptible(context.Background()))
	verbs := []constructor{
		func(t *terminal) *verb { return newGenOf(t, programFixtures(sets)) },
		newVersion,
	}
	args := append([]string{"gen"}, os.Args[1:]...)
	return runVerbs(ctx, verbs, args, os.Stdin, os.Stdout, os.Stderr)
}

// run is the whole command except for its process. args are the words after the command's name. It
// returns the exit code.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	return runVerbs(ctx, constructors, args, stdin, stdout, stderr)
}

// runVerbs is a command that has some verbs.
func runVerbs(
	ctx context.Context, verbs []constructor, args []string, stdin io.Reader,
	stdout, stderr io.Writer,
) int {
	term := newTerminal(stdin, stdout, stderr)
	err := newProgram(term, verbs).run(ctx, args)
	term.report(err)
	code := exitCode(err)
	if err := term.json.print(term, err); err != nil {
		term.report(err)
		if code == exitDone {
			code = exitCode(err)
		}
	}
	return code
}
