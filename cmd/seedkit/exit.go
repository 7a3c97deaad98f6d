package main

import (
	"context"
	"errors"

	"github.com/seedkit/seedkit/apply"
	"github.com/seedkit/seedkit/backup"
	"github.com/seedkit/seedkit/extract"
	"github.com/seedkit/seedkit/generate"
	"github.com/seedkit/seedkit/internal/migration"
	"github.com/seedkit/seedkit/internal/pattern"
	"github.com/seedkit/seedkit/internal/seed"
	"github.com/seedkit/seedkit/internal/sqlite"
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
	{exitUsage, "the command line is wrong, nothing changed"},
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
	case is[*usageError](err), errors.Is(err, generate.ErrUnknownSet), errors.Is(err, migration.ErrName),
		is[*pattern.SyntaxError](err), is[*pattern.UnmatchedError](err):
		return exitUsage
	case errors.Is(err, apply.ErrCommitted):
		return exitUnverified
	case errors.Is(err, context.Canceled):
		return exitInterrupted
	case isDifference(err):
		return exitDiffers
	case isRefusal(err):
		return exitRefused
	default:
		return exitFailed
	}
}

// isDifference tells errors that say that two things are not the same, or
// cannot be at the same time.
func isDifference(err error) bool {
	return errors.Is(err, errOutOfDate) || errors.Is(err, backup.ErrMismatch) ||
		is[*apply.ConflictsError](err) || is[*apply.StrangersError](err) ||
		is[*extract.ConflictError](err) || is[*extract.ProofError](err)
}

// isRefusal tells errors that say that a file is not fit for what was asked,
// or that nobody consented to it.
func isRefusal(err error) bool {
	for _, refusal := range []error{
		errNoConsent, errNoChoice, errDeclined, apply.ErrDeclined, backup.ErrIncomplete,
		generate.ErrNotOurs, apply.ErrSample, apply.ErrReadOnly, backup.ErrBusyWriting,
		sqlite.ErrEmpty, sqlite.ErrIsDirectory,
	} {
		if errors.Is(err, refusal) {
			return true
		}
	}
	for _, code := range []sqlite.Code{sqlite.NotADB, sqlite.Busy, sqlite.ReadOnlyDB} {
		if sqlite.Is(err, code) {
			return true
		}
	}
	return is[*apply.SchemaError](err) || is[*apply.TriggersError](err) || is[*apply.ReplicaError](err) ||
		is[*apply.LiteFSFolderError](err) || is[*apply.NoSpaceError](err) || is[*backup.PageSizeError](err) || is[*backup.LeftoverError](err) || is[*extract.AppliedError](err) ||
		is[*seed.NoPlaceError](err) || is[*seed.LookupError](err)
}

// is reports whether an error of type E is in err's tree.
func is[E error](err error) bool {
	_, found := errors.AsType[E](err)
	return found
}
