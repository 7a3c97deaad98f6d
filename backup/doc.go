// Package backup backs up a live database, verifies backups and restores them.
// Whatever happens on the way, a kill included, a backup is whole or is none,
// and a database that is restored to is either as it was or as it should be.
package backup

import "github.com/seedkit/seedkit/internal/live"

// LiteFSURL is where LiteFS serves its HTTP API by default.
const LiteFSURL = live.LiteFSURL

// ErrReadOnly reports a database whose file or folder may not be written.
var ErrReadOnly = live.ErrReadOnly

// The errors of a database that is in use, or of the folder for its backup.
type (
	// ReplicaError reports a database of LiteFS that cannot be written on this
	// machine.
	ReplicaError = live.ReplicaError
	// LiteFSFolderError reports a folder for backups that LiteFS serves.
	LiteFSFolderError = live.LiteFSFolderError
	// NoSpaceError reports a folder without room for what would be written.
	NoSpaceError = live.NoSpaceError
	// DamagedError reports a database in which SQLite finds faults.
	DamagedError = live.DamagedError
)

// ForeignKeyViolation is a reference that dangles, or cannot be checked.
type ForeignKeyViolation = live.ForeignKeyViolation
