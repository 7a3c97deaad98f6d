package command

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

// interruptible returns a context that ends at the first ^C, SIGTERM or SIGHUP, which comes when a
// terminal is closed. The verb then cleans up and returns. A ^C after that kills the process.
// Another SIGTERM or SIGHUP does not, because nobody need have sent it: timeout(1) signals its
// child and the child's group, and npx passes on what the terminal has sent to all.
// Under nohup, SIGHUP stays ignored.
//
// After the call, writing to a closed pipe is an error of Write (see [dataWriter]), and does not
// end the process: "seedkit apply … 2>&1 | head -1" must not stop seedkit between two steps.
func interruptible(parent context.Context) context.Context {
	signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE)
	ends := []os.Signal{os.Interrupt, syscall.SIGTERM}
	if !signal.Ignored(syscall.SIGHUP) {
		ends = append(ends, syscall.SIGHUP)
	}
	ctx, _ := signal.NotifyContext(parent, ends...)
	context.AfterFunc(ctx, func() { signal.Reset(os.Interrupt) })
	return ctx
}
