package main

import (
	"context"
	"errors"
)

// The exit codes of seedkit.
const (
	exitDone        = 0
	exitFailed      = 1
	exitUsage       = 2
	exitDiffers     = 3
	exitRefused     = 4
	exitUnverified  = 5
	exitInterrupted = 130 // 128 + SIGINT, as a shell reports it
)

// exitMeanings are the words for the exit codes, in help's order.
var exitMeanings = []struct {
	code    int
	meaning string
}{
	{exitDone, "done"},
	{exitFailed, "failed, nothing changed"},
	{exitUsage, "the command line is wrong, nothing was tried"},
	{exitDiffers, "a difference, conflict or mismatch was found"},
	{exitRefused, "refused: the target is not fit for it, or nobody consented"},
	{exitUnverified, "committed, but the check after it found a difference"},
	{exitInterrupted, "interrupted"},
}

// exitCode is the one place that maps errors to exit codes. The first case that matches wins:
// what was committed comes before what interrupted it.
//
// A reader that closes standard output early ("seedkit dump seed.db | head -1") has what it
// wanted, so that is exit 0, whatever the size of the pipe's buffer. A verb that changes
// anything must therefore write to standard output last.
func exitCode(err error) int {
	switch {
	case err == nil, errors.Is(err, errStdoutClosed):
		return exitDone
	case isUsage(err):
		return exitUsage
	case errors.Is(err, errNoConsent):
		return exitRefused
	case errors.Is(err, context.Canceled):
		return exitInterrupted
	default:
		return exitFailed
	}
}
