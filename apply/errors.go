package apply

import (
	"github.com/seedkit/seedkit/backup"
	"github.com/seedkit/seedkit/internal/litefs"
	"github.com/seedkit/seedkit/internal/live"
	"github.com/seedkit/seedkit/internal/pattern"
	"github.com/seedkit/seedkit/internal/seed"
	"github.com/seedkit/seedkit/internal/sqltext"
)

// The errors that [Run] shares with package backup.
var (
	// ErrDeclined reports that Confirm returned false. Nothing was changed.
	ErrDeclined = backup.ErrDeclined
	// ErrCommitted reports that the target was written, but the check after the commit did not
	// succeed.
	ErrCommitted = backup.ErrCommitted
	// ErrReadOnly reports a target whose file or folder is read-only.
	ErrReadOnly = live.ErrReadOnly
)

// The errors of a target in use, and of the folder for its backup.
type (
	// MissingError reports that no database is at the target's path.
	MissingError = live.MissingError
	// ReplicaError reports a database of LiteFS that cannot be written on this machine.
	ReplicaError = live.ReplicaError
	// LiteFSFolderError reports a folder for backups that LiteFS serves.
	LiteFSFolderError = litefs.MountError
	// LiteFSDataError reports the file in which LiteFS keeps a database.
	LiteFSDataError = litefs.DataError
	// UncertainError reports a commit that may or may not have taken effect. Nobody can tell.
	UncertainError = live.UncertainError
	// NoSpaceError reports a folder without enough free space for a file.
	NoSpaceError = live.NoSpaceError
	// DamagedError reports a target in which SQLite finds faults.
	DamagedError = live.DamagedError
)

// The errors of the seed.
type (
	// StatementError reports a statement of a script that is not part of a seed, or that SQLite
	// refuses.
	StatementError = seed.StatementError
	// NoPlaceError reports a table or column of a script that the target lacks.
	NoPlaceError = seed.NoPlaceError
	// LookupError reports a missing row that a script looks up.
	LookupError = seed.LookupError
	// SyntaxError reports a script that ends inside a token or a statement.
	SyntaxError = sqltext.SyntaxError
)

// The causes of errors of the seed.
var (
	// ErrNotASeed reports a statement that does not insert rows by their values.
	ErrNotASeed = seed.ErrNotASeed
	// ErrNotWhole reports a script that broke off, or that says that it failed.
	ErrNotWhole = seed.ErrNotWhole
)

// The errors of the patterns in [Options].
type (
	// PatternError reports a pattern with wrong syntax.
	PatternError = pattern.SyntaxError
	// UnmatchedError reports a pattern that matches no table.
	UnmatchedError = pattern.UnmatchedError
)
