package command

import (
	"fmt"
	"regexp"

	"github.com/urfave/cli/v2"
)

// A usageError is a command line that cannot be right. Its exit code is 2, and seedkit has tried
// nothing.
type usageError struct {
	text string
	hint string // what to write instead, or ""
}

func (e *usageError) Error() string { return e.text }

// usagef returns a usageError. Verbs use it for what their flags alone cannot check.
func usagef(format string, args ...any) *usageError {
	return &usageError{text: fmt.Sprintf(format, args...)}
}

// hintf returns e with a hint.
func (e *usageError) hintf(format string, args ...any) *usageError {
	return &usageError{text: e.text, hint: fmt.Sprintf(format, args...)}
}

var (
	// flagInError matches how the packages flag and cli name a flag.
	flagInError = regexp.MustCompile(` for (?:flag )?-*([a-z][a-z-]*): `)

	// parserInError matches what they add from the parser of a bool.
	parserInError = regexp.MustCompile(`: (?:parse error|strconv\..*)$`)
)

// valueError turns urfave/cli's error for a value that does not parse, on the command line or in
// the environment, into a usageError.
func valueError(_ *cli.Context, err error, _ bool) error {
	text := flagInError.ReplaceAllString(err.Error(), " for --$1: ")
	return usagef("%s", parserInError.ReplaceAllString(text, ""))
}
