package backup

import (
	"cmp"
	"errors"
	"fmt"
	"iter"
	"os"
	"sync"

	"github.com/seedkit/seedkit/internal/litefs"
	"github.com/seedkit/seedkit/internal/live"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/testhook"
)

func (r *restore) overwrite() error {
	t := live.Target{
		Path: r.db, BusyTimeout: r.opts.BusyTimeout,
		LiteFSURL: r.opts.LiteFSURL, BackupDir: r.opts.BackupDir,
	}
	r.file, _ = os.Stat(r.db) // Open says what is wrong with the file
	dst, err := t.Open(r.ctx)
	if err != nil {
		return r.damaged(err)
	}
	defer dst.Close()
	if err := r.refusePageSize(dst); err != nil {
		return err
	}
	if err := r.refuseSmaller(dst); err != nil {
		return err
	}
	if err := r.vouchAndPlan(dst); err != nil {
		return err
	}
	if r.opts.Confirm != nil {
		if err := r.ask(); err != nil {
			return err
		}
	}
	if testhook.RestoreConfirmed != nil {
		testhook.RestoreConfirmed()
	}
	defer func() { r.folders.removeEmpty() }()
	return r.replaceContent(dst)
}

// PageSizeError reports a database whose page size differs from the backup's. SQLite can change the
// page size of a database only outside of WAL mode, with VACUUM
// (https://sqlite.org/pragma.html#pragma_page_size).
type PageSizeError struct {
	Path         string
	Have, Backup int64 // in bytes
}

func (e *PageSizeError) Error() string {
	return fmt.Sprintf("%s has pages of %d bytes, the backup of %d", e.Path, e.Have, e.Backup)
}

func (r *restore) refusePageSize(dst *sqlite.Conn) error {
	size, err := dst.Int64("PRAGMA page_size")
	if err == nil && size != r.manifest.PageSize {
		err = &PageSizeError{Path: r.db, Have: size, Backup: r.manifest.PageSize}
	}
	return err
}

// replaceContent backs up the present state under the write lock, and overwrites the database.
func (r *restore) replaceContent(dst *sqlite.Conn) error {
	version, err := r.lock(dst)
	if err != nil {
		return err
	}
	defer dst.Rollback()
	if err := r.refuseReplaced(); err != nil {
		return err
	}
	present, err := r.backUpPresent()
	if err != nil {
		return err
	}
	src, sums, err := r.padded(dst)
	if err != nil {
		return err
	}
	if src != r.src {
		defer src.Close()
	}
	others, err := dst.Int64("PRAGMA data_version")
	if err != nil {
		return err
	}
	if err := r.planAgain(version); err != nil {
		return err
	}
	if err := r.begin(); err != nil {
		return err
	}
	if err := r.write(dst, src, sums.differing(present)); err != nil {
		return fmt.Errorf("restore: %w", err)
	}
	return r.check(dst, sums, others)
}

// write overwrites the changed pages of the database with those of src, commits, and notes LiteFS's
// position after that.
func (r *restore) write(dst, src *sqlite.Conn, changed iter.Seq[int64]) error {
	if err := r.refuseReplaced(); err != nil {
		return err
	}
	before, _, err := litefs.Position(r.db)
	if err != nil {
		return err
	}
	var pages int64
	err = dst.Overwrite(src, changed, func(done, total int64) {
		pages = total
		r.progress.report(Restoring, done, total)
	})
	if err == nil {
		err = dst.Commit()
	}
	if err != nil {
		live.RollBack(dst)
	}
	r.result.LiteFSPosition, err = live.ConfirmCommit(r.db, before, err)
	if _, uncertain := errors.AsType[*UncertainError](err); err != nil && !uncertain {
		err = fmt.Errorf("%s: %w", r.db, err)
	}
	if err == nil {
		r.progress.report(Restoring, pages, pages)
	}
	return err
}

// refuseReplaced checks that the path still leads to the file that is open. In WAL mode SQLite
// would write into the file that nobody can open any more.
func (r *restore) refuseReplaced() error {
	file, err := os.Stat(r.db)
	if err != nil || !os.SameFile(file, r.file) {
		return fmt.Errorf("%w of %s", ErrReplaced, r.db)
	}
	return nil
}

// vouchAndPlan verifies the backup, and beside that makes the plan, if there is somebody to ask. It
// plans through a connection of its own, unless the backup has no manifest: others may write to
// such a copy, and the plan must be about the snapshot that is restored.
func (r *restore) vouchAndPlan(dst *sqlite.Conn) error {
	if r.opts.Confirm == nil {
		return r.vouch()
	}
	if r.noManifest {
		if err := r.vouch(); err != nil {
			return err
		}
		return r.damaged(r.planUnlocked(r.src, dst))
	}
	backup, err := sqlite.OpenSnapshot(r.ctx, r.manifest.Path)
	if err != nil {
		return err
	}
	defer backup.Close()
	var vouching sync.WaitGroup
	var vouched error
	vouching.Go(func() { vouched = r.vouch() })
	planned := r.planUnlocked(backup, dst)
	vouching.Wait()
	return cmp.Or(vouched, r.damaged(planned))
}

// damaged returns the error of reading the database, as a [*DamagedError] if it is one of SQLite
// for contradicting pages.
func (r *restore) damaged(err error) error {
	if _, known := errors.AsType[*DamagedError](err); !known && sqlite.Is(err, sqlite.Corrupt) {
		return &DamagedError{Path: r.db, Problems: []string{err.Error()}}
	}
	return err
}

// planUnlocked plans with one snapshot of the database, while others can write.
func (r *restore) planUnlocked(backup, dst *sqlite.Conn) error {
	if err := dst.Exec("BEGIN"); err != nil {
		return err
	}
	defer dst.Rollback()
	version, err := dst.DataVersion()
	if err != nil {
		return err
	}
	r.planned = &version
	return r.plan(backup, dst)
}

// lock takes the write lock, and returns the version of the database.
func (r *restore) lock(dst *sqlite.Conn) (uint32, error) {
	if err := dst.Exec("BEGIN IMMEDIATE"); err != nil {
		return 0, fmt.Errorf("lock %s: %w", r.db, err)
	}
	version, err := dst.DataVersion()
	if err == nil && r.planned == nil {
		r.result.Plan.LiteFSPosition, _, err = litefs.Position(r.db)
	}
	if err != nil {
		dst.Rollback()
	}
	return version, err
}

// planAgain makes the plan of what the restore takes away, if that is not the state of the plan. It
// reads that state in the backup of it.
func (r *restore) planAgain(version uint32) error {
	if r.planned != nil && *r.planned == version {
		return nil
	}
	position := r.result.Plan.LiteFSPosition
	c, err := sqlite.OpenSnapshot(r.ctx, r.result.Present.Path)
	if err != nil {
		return err
	}
	defer c.Close()
	err = r.plan(r.src, c)
	r.result.Plan.LiteFSPosition = position
	return err
}

// backUpPresent backs up the present state, and returns the sums of its pages.
func (r *restore) backUpPresent() (present *pageSums, err error) {
	folders, err := makeFolder(live.BackupFolder(r.db, r.opts.BackupDir))
	if err != nil {
		return nil, err
	}
	r.folders = append(r.folders, folders...)
	opts := Options{Dir: r.opts.BackupDir, Now: r.opts.Now, Progress: r.opts.Progress}
	r.result.Present, present, err = makeBackup(r.ctx, r.db, opts, true)
	return present, r.damaged(err)
}

// check compares the restored database with what was written, through a new connection with an
// empty cache: the pages, and the rows if a page differs. others is dst's data_version, which only
// the commits of other connections change (https://sqlite.org/pragma.html#pragma_data_version).
func (r *restore) check(dst *sqlite.Conn, want *pageSums, others int64) error {
	c, err := sqlite.OpenSnapshot(r.ctx, r.db)
	if err != nil {
		return r.committed(err)
	}
	mismatch := errors.Join(r.compare(c, want), c.Close())
	now, err := dst.Int64("PRAGMA data_version")
	switch {
	case err != nil:
		return r.committed(err)
	case mismatch != nil && now != others:
		r.result.Unchecked = true
	case mismatch != nil:
		return r.committed(mismatch)
	}
	return nil
}

func (r *restore) compare(c *sqlite.Conn, want *pageSums) error {
	r.progress.report(Comparing, 0, 0)
	got := want.again()
	if err := got.addAll(r.ctx, c, func([]byte) {}); err != nil || got.equal(want) {
		return err
	}
	d, err := r.manifest.compareContent(r.src, c, r.progress)
	if err != nil {
		return err
	}
	return d.mismatch(r.db, r.manifest.Path)
}

func (r *restore) committed(err error) error {
	return fmt.Errorf("%s %w: %w", r.db, ErrCommitted, err)
}
