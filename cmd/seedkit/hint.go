package main

import "errors"

// hint returns what the user can do about err, "" where there is nothing to add. It begins in
// lower case and ends without a full stop, like an error.
func hint(err error) string {
	usage, _ := errors.AsType[*usageError](err)
	switch {
	case usage != nil:
		return usage.hint
	case errors.Is(err, errNoConsent):
		return "--yes goes ahead without asking"
	default:
		return ""
	}
}
