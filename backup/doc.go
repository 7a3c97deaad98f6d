// Package backup backs up a live database, verifies backups, and restores them. If an error or a
// kill ends the work, a backup is either whole or no backup, and a restored database either is
// unchanged or has the content of the backup.
package backup

import (
	"github.com/seedkit/seedkit/internal/litefs"
	"github.com/seedkit/seedkit/internal/live"
)

// LiteFSURL is where LiteFS serves its HTTP API by default.
const LiteFSURL = live.LiteFSURL

// ErrReadOnly reports a database whose file or folder is read-only.
var ErrReadOnly = live.ErrReadOnly

// The errors of a database in use, and of the folder for its backup.
type (
	// MissingError reports that no database is at the path to write to.
	MissingError = live.MissingError
	// ReplicaError reports a database of LiteFS that cannot be written on this machine.
	ReplicaError = live.ReplicaError
	// LiteFSFolderError reports a folder for a new file that LiteFS serves.
	LiteFSFolderError = litefs.MountError
	// LiteFSDataError reports the file in which LiteFS keeps a database.
	LiteFSDataError = litefs.DataError
	// UncertainError reports a commit that may or may not have taken effect. Nobody can tell.
	UncertainError = live.UncertainError
	// NoSpaceError reports a folder without enough free space for a file.
	NoSpaceError = live.NoSpaceError
	// FolderError reports a folder in which no file can be created.
	FolderError = live.FolderError
	// DamagedError reports a database whose pages contradict each other.
	DamagedError = live.DamagedError
)

// Integrity is what PRAGMA integrity_check says of a database whose pages are sound.
type Integrity = live.Integrity

// ForeignKeyViolation counts the rows of a table that refer to no row of a parent, or says why
// SQLite cannot check the table.
type ForeignKeyViolation = live.ForeignKeyViolation
