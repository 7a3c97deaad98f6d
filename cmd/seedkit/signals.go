package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

// interruptible returns a context that ends at the first ^C or SIGTERM, upon which a verb puts
// things in order and returns. The second one kills, as it would a program that caught none.
//
// From here on a closed pipe is an error of Write (see [dataWriter]), not the end of the process:
// who runs "seedkit apply … 2>&1 | head -1" does not mean to stop it between two steps.
func interruptible(parent context.Context) context.Context {
	signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE)
	ctx, stop := signal.NotifyContext(parent, os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop)
	return ctx
}
