package command

import "errors"

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

// exitMeanings explains the exit codes, in help's order.
var exitMeanings = []struct {
	code    int
	meaning string
}{
	{exitDone, "done"},
	{exitFailed, "failed, nothing changed"},
	{exitUsage, "the command line is wrong, nothing changed"},
	{exitDiffers, "a difference, conflict or mismatch was found"},
	{exitRefused, "refused: the target is not fit for it, or nobody consented"},
	{exitUnverified,
		"done, not as planned or unreported, or perhaps not done: see the error"},
	{exitInterrupted, "interrupted"},
}

// exitCode returns the exit code for the error that a verb returned: exitFailed for an error that
// is not in the table of failures. A Go program's exit code is the program's.
//
// A reader that closes standard output early ("seedkit dump seed.db | head -1") has what it wanted.
// Its exit code is therefore exitDone, whatever the size of the pipe's buffer. A verb that changes
// anything must write to standard output last.
func exitCode(err error) int {
	if err == nil || errors.Is(err, errStdoutClosed) {
		return exitDone
	}
	if end, ok := errors.AsType[programEnd](err); ok {
		return int(end)
	}
	for _, f := range failures {
		if f.is(err) {
			return f.exit
		}
	}
	return exitFailed
}

// hint returns what the user can do about err: the hint of the first failure in the table that
// matches err and has a hint, or "".
func hint(err error) string {
	if usage, ok := errors.AsType[*usageError](err); ok {
		return usage.hint
	}
	if text := policyHint(err); text != "" {
		return text
	}
	for _, f := range failures {
		if f.hint != "" && f.is(err) {
			return f.hint
		}
	}
	return ""
}
