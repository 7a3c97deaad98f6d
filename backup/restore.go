package backup

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"github.com/seedkit/seedkit/internal/journal"
	"github.com/seedkit/seedkit/internal/sqlite"
)

// RestoreOptions are the options of [Restore]. The zero value restores without asking.
type RestoreOptions struct {
	// BackupDir is the folder for the backup of the present state. Restore makes a missing folder.
	// Empty means the database's folder.
	BackupDir string
	// Now is the present time, as in [Options].
	Now time.Time
	// Seedkit is the version of seedkit, for the journal.
	Seedkit string
	// Create makes a database at a path without a file. Without it, the error is a [*MissingError].
	Create bool
	// AllowUnverified also restores a copy without a manifest if PRAGMA integrity_check finds no
	// fault in the copy. Restore keeps dangling references, and lists them in the plan's Backup.
	AllowUnverified bool
	// BusyTimeout is how long to wait for another connection's lock. Zero means five seconds.
	BusyTimeout time.Duration
	// LiteFSURL is the address of LiteFS's HTTP API. Empty means [LiteFSURL].
	LiteFSURL string
	// Confirm, if not nil, gets the plan before anything is written. Restore continues if Confirm
	// returns true. What others write to the database after that is lost, too; the backup of the
	// present state has it, and the result's Plan counts it.
	Confirm func(RestorePlan) (bool, error)
	// Progress, if not nil, is called during the restore.
	Progress func(Progress)
}

// RestoreResult is what [Restore] did.
type RestoreResult struct {
	// Plan says what the restore has changed, with what others wrote after Confirm.
	Plan RestorePlan `json:"plan,omitzero"`
	// Present describes the backup of the database before the restore. It is zero if there was no
	// database.
	Present Manifest `json:"present,omitzero"`
	// LiteFSPosition is the position of LiteFS after the restore, TXID/checksum. A replica has the
	// restored rows when it is at this position. It is empty without LiteFS.
	LiteFSPosition string `json:"litefs_position,omitempty"`
	// Unchecked reports that others wrote to the database right after the restore, and the rows
	// differ from the backup's. Restore cannot tell whose difference that is.
	Unchecked bool `json:"unchecked"`
	// JournalErr is why the journal does not have the outcome, or nil.
	JournalErr error `json:"-"`
}

var (
	// ErrDeclined reports that Confirm returned false. Nothing was changed.
	ErrDeclined = errors.New("declined")
	// ErrCommitted reports that the database was written, but the check after the commit did not
	// succeed.
	ErrCommitted = errors.New("was written, but the check after it did not succeed")
	// ErrReplaced reports that another file has got the path of the database since the plan.
	// Nothing was changed.
	ErrReplaced = errors.New("another file has taken the place")
)

// Restore gives the database at path db the content of a backup.
//
// First Restore compares the SHA-256 of the backup with the manifest. It takes whatever was backed
// up, with its faults. A copy without a
// manifest is [ErrIncomplete], unless AllowUnverified is set. Restore also checks the target: it
// must not be the backup itself or on a LiteFS replica, it must be writable, and its write lock
// must be free within BusyTimeout. Restore asks about a plan that it makes from a snapshot, and
// then takes the write lock. It makes and verifies a backup of the present state, as [Make] does,
// under the lock. Others cannot write between that backup and the restore.
//
// Restore writes the pages that differ through SQLite into the live database, in one transaction.
// The journal mode stays. Other connections may stay open. In WAL mode they read the old state
// until they see the new one. In a rollback-journal mode they wait while pages are written. After
// the commit Restore compares the pages with the backup's, and the rows if a page differs. If rows
// differ, too, the error is [ErrCommitted].
//
// If no file is at db and Create is set, Restore makes a database that only its owner can read. The
// new database has the journal mode of the database that was backed up.
//
// Before Restore writes, it begins a file in the journal beside the backup of the present state. It
// ends the file with the outcome. [Runs] reads the journal.
//
// LiteFS takes a transaction after SQLite has committed it. If LiteFS's position does not move, or
// if the commit itself returns an error, nobody knows whether the database was written: the error
// is an [*UncertainError].
//
// After any error except ErrCommitted and UncertainError the database is unchanged. The result
// still has the backup of the present state, if Restore made one.
func Restore(ctx context.Context, backup, db string, opts RestoreOptions) (RestoreResult, error) {
	report, err := findManifest(backup)
	if err != nil {
		return RestoreResult{}, err
	}
	src, err := report.open(ctx, backup, opts.Progress)
	if err != nil && !report.NoManifest {
		err = cmp.Or(report.Manifest.verifyFile(), err)
	}
	if err != nil {
		return RestoreResult{}, err
	}
	defer src.Close()
	if report.NoManifest && !opts.AllowUnverified {
		return RestoreResult{}, fmt.Errorf("%s %w", backup, ErrIncomplete)
	}
	r := &restore{
		ctx: ctx, manifest: report.Manifest, noManifest: report.NoManifest,
		src: src, db: db, opts: opts, progress: opts.Progress,
	}
	if err := r.refuseItself(); err != nil {
		return RestoreResult{}, err
	}
	write := r.overwrite
	if _, err := os.Stat(db); errors.Is(err, fs.ErrNotExist) {
		if err := r.vouch(); err != nil {
			return RestoreResult{}, err
		}
		if !opts.Create {
			return RestoreResult{}, &MissingError{Path: db}
		}
		write = r.create
	}
	if err := SettleRuns(ctx, db, opts.BackupDir); err != nil {
		return RestoreResult{}, err
	}
	err = write()
	r.finish(err)
	return r.result, err
}

type restore struct {
	ctx        context.Context
	manifest   Manifest // the backup's
	noManifest bool
	src        *sqlite.Conn
	sums       *pageSums // of src, from vouch
	db         string
	file       os.FileInfo // of db before the plan; nil if db is made
	opts       RestoreOptions
	progress   reporter
	result     RestoreResult
	planned    *uint32      // the version of the database that Confirm was asked about
	folders    madeFolders  // made for the backup of the present state
	log        *journal.Log // nil before the restore writes
}

func (r *restore) refuseItself() error {
	backup, err := os.Stat(r.manifest.Path)
	if err != nil {
		return err
	}
	if db, err := os.Stat(r.db); err == nil && os.SameFile(backup, db) {
		return fmt.Errorf("restore %s: the database is the backup itself", r.db)
	}
	return nil
}

// vouch reads the pages of the backup, and compares them with the manifest, if there is one.
func (r *restore) vouch() error {
	r.sums = newPageSums(r.manifest.PageSize, r.manifest.PageCount)
	if r.noManifest {
		return r.sums.addAll(r.ctx, r.src, func([]byte) {})
	}
	return r.manifest.verifyPages(r.ctx, r.src, r.sums)
}

func (r *restore) ask() error {
	yes, err := r.opts.Confirm(r.result.Plan)
	if err == nil && !yes {
		err = ErrDeclined
	}
	return err
}
