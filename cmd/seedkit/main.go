// Command seedkit makes the seed data of an app that runs on SQLite, and brings it to
// production.
package main

import (
	"context"
	"io"
	"os"
)

func main() {
	os.Exit(run(interruptible(context.Background()), os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
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
