package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

// interruptible returns a context that ends at the first ^C or SIGTERM. The verb then cleans up and
// returns. A second signal kills the process.
//
// After the call, writing to a closed pipe is an error of Write (see [dataWriter]), and does not
// end the process: "seedkit apply … 2>&1 | head -1" must not stop seedkit between two steps.
func interruptible(parent context.Context) context.Context {
	signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE)
	ctx, stop := signal.NotifyContext(parent, os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop)
	return ctx
}
