// Package command is seedkit's command line: the verbs, the terminal, exit codes and hints.
package command

import (
	"context"
	"io"
	"os"
)

// Run runs seedkit with the arguments and the streams of the process. It returns the exit code.
func Run() int {
	return run(interruptible(context.Background()), os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
}

// run is the whole command except for its process. args are the words after the command's name. It
// returns the exit code.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	term := newTerminal(stdin, stdout, stderr)
	err := newProgram(term).run(ctx, args)
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
