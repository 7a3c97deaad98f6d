package apply

import (
	"github.com/seedkit/seedkit/backup"
	"github.com/seedkit/seedkit/internal/live"
	"github.com/seedkit/seedkit/internal/pattern"
	"github.com/seedkit/seedkit/internal/seed"
	"github.com/seedkit/seedkit/internal/sqltext"
)

// Progress says how far [Run] is.
type Progress = backup.Progress

// The stages of [Run], beside those of the backup.
const (
	Planning  backup.Stage = "planning"  // tables, whose rows are compared
	Inserting backup.Stage = "inserting" // tables, whose new rows are written
	Verifying backup.Stage = "verifying" // tables, whose rows are read back
)

// reporter is the Progress field of options, which may be nil.
type reporter func(Progress)

func (r reporter) report(stage backup.Stage, done, total int64) {
	if r != nil {
		r(Progress{Stage: stage, Done: done, Total: total})
	}
}

// The errors that [Run] shares with package backup.
var (
	// ErrDeclined reports that Confirm said no. Nothing was changed.
	ErrDeclined = backup.ErrDeclined
	// ErrCommitted reports that the target was written, but the check after it
	// did not succeed.
	ErrCommitted = backup.ErrCommitted
	// ErrReadOnly reports a target whose file or folder may not be written.
	ErrReadOnly = live.ErrReadOnly
)

// The errors of a target that is in use, or of the folder for its backup.
type (
	// ReplicaError reports a database of LiteFS that cannot be written on this
	// machine.
	ReplicaError = live.ReplicaError
	// LiteFSFolderError reports a folder for backups that LiteFS serves.
	LiteFSFolderError = live.LiteFSFolderError
	// NoSpaceError reports a folder without room for what would be written.
	NoSpaceError = live.NoSpaceError
	// DamagedError reports a target in which SQLite finds faults.
	DamagedError = live.DamagedError
)

// The errors of the seed.
type (
	// StatementError is a statement of a script that a seed is not made of, or
	// that SQLite refuses, and its place.
	StatementError = seed.StatementError
	// NoPlaceError reports a script's table or column that the target lacks.
	NoPlaceError = seed.NoPlaceError
	// LookupError reports a row that a script looks up and that is not there.
	LookupError = seed.LookupError
	// SyntaxError reports a script that ends inside a token or a statement.
	SyntaxError = sqltext.SyntaxError
)

// The errors of the seed, as causes.
var (
	// ErrNotASeed reports a statement that does not insert rows by their values.
	ErrNotASeed = seed.ErrNotASeed
	// ErrNotWhole reports a script that broke off, or says that it failed.
	ErrNotWhole = seed.ErrNotWhole
)

// The errors of the patterns in [Options].
type (
	// PatternError reports a pattern that cannot be read.
	PatternError = pattern.SyntaxError
	// UnmatchedError reports a pattern that no table matches.
	UnmatchedError = pattern.UnmatchedError
)
