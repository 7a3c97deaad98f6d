package backup

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"github.com/seedkit/seedkit/internal/sqlite"
)

// RestoreOptions are the options of [Restore]. The zero value restores without
// asking.
type RestoreOptions struct {
	// BackupDir is the folder for the backup of the present state, made
	// where it is missing; if empty, the database's own.
	BackupDir string
	// Now is the present time; see [Options].
	Now time.Time
	// AllowUnverified restores a copy that has no manifest, too, if PRAGMA
	// integrity_check finds no fault in it. References that dangle in it
	// are restored with it; the plan's Backup has them.
	AllowUnverified bool
	// BusyTimeout is how long to wait for another's lock; if zero, five
	// seconds.
	BusyTimeout time.Duration
	// LiteFSURL is where LiteFS serves its HTTP API; if empty, [LiteFSURL].
	LiteFSURL string
	// Confirm, if not nil, is shown what would be lost and says whether to
	// go on; nothing was written yet then. If the database is written to
	// after Confirm saw it, Confirm is asked again.
	Confirm func(RestorePlan) (bool, error)
	// Progress, if not nil, is called while the restore works.
	Progress func(Progress)
}

// RestoreResult is what [Restore] did.
type RestoreResult struct {
	Plan RestorePlan `json:"plan,omitzero"` // as it was carried out
	// Present is the backup of the database as it was before; the zero
	// Manifest if there was no database.
	Present Manifest `json:"present,omitzero"`
	// Unchecked says that others wrote to the database right after the
	// restore, so that its rows could not be compared with the backup's
	// any more.
	Unchecked bool `json:"unchecked"`
}

var (
	// ErrDeclined reports that Confirm said no. Nothing was changed.
	ErrDeclined = errors.New("declined")
	// ErrCommitted reports that the database was written, but the check
	// after it did not succeed.
	ErrCommitted = errors.New("was written, but the check after it did not succeed")
	// ErrBusyWriting reports a database that others write to so often that
	// what Confirm saw never was the present state. Nothing was changed.
	ErrBusyWriting = errors.New("is written to all the time")
)

// Restore makes the database at path db what it was when the backup was made.
//
// First it verifies the backup as [Verify] does (a copy without a manifest is
// [ErrIncomplete], unless that is allowed), and the target as far as one
// can: that it is not the backup itself, not a LiteFS replica's, may be
// written, is not locked for longer than BusyTimeout. Then it takes the write
// lock, so that no write gets lost between the backup of the present state,
// which it makes and verifies as [Make] does, and the restore. The pages go
// through SQLite into the live database in one transaction, and the journal
// mode stays. Other connections may stay open: in WAL mode they read the old
// state until they see the new one, in a rollback-journal mode they wait
// while pages are written. At last the rows of each table are compared with
// the manifest; a difference is [ErrCommitted].
//
// If there is no database at db one is made, readable by its owner alone and
// in the journal mode of the one that was backed up.
//
// After any other error than ErrCommitted the database is as it was. The
// result has the backup of the present state even so, if it was made.
func Restore(ctx context.Context, backup, db string, opts RestoreOptions) (RestoreResult, error) {
	report, src, err := openVerified(ctx, backup, opts.Progress)
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
		write = r.create
	}
	err = write()
	return r.result, err
}

// restore is a restore under way.
type restore struct {
	ctx        context.Context
	manifest   Manifest // of the backup
	noManifest bool
	src        *sqlite.Conn
	db         string
	opts       RestoreOptions
	progress   reporter
	result     RestoreResult
	folders    madeFolders // that were made for the backup of the present state
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

// confirm asks whether to go on, and returns the version of the database that
// the answer is about; nil if nobody is to be asked.
func (r *restore) confirm(dst *sqlite.Conn) (*uint32, error) {
	if r.opts.Confirm == nil {
		return nil, nil
	}
	if err := dst.Exec("BEGIN"); err != nil {
		return nil, err
	}
	defer dst.Rollback()
	if err := r.plan(dst); err != nil {
		return nil, err
	}
	version, err := dst.DataVersion()
	if err != nil {
		return nil, err
	}
	dst.Rollback()
	return &version, r.ask()
}

func (r *restore) ask() error {
	yes, err := r.opts.Confirm(r.result.Plan)
	if err == nil && !yes {
		err = ErrDeclined
	}
	return err
}

func (r *restore) plan(dst *sqlite.Conn) (err error) {
	r.result.Plan, err = planRestore(r.manifest, r.src, dst, r.progress)
	r.result.Plan.Database, r.result.Plan.NoManifest = r.db, r.noManifest
	return err
}
