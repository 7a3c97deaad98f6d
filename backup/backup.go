package backup

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"time"

	"github.com/seedkit/seedkit/internal/live"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/testhook"
)

// Options are the options of [Make]. The zero value makes a backup beside the database.
type Options struct {
	// Path is the path of the backup. If it is empty, the backup is DATABASE-TIME.db in Dir.
	// DATABASE is the database's name without its extension. TIME is Now as yyyymmddThhmmssZ. While
	// the name is taken, -2, -3 … follow it.
	Path string
	// Dir is the folder for a backup without Path. Empty means the database's folder. Make creates
	// missing folders for their owner alone. If the backup fails, Make removes these folders.
	Dir string
	// Now is the present time. If it is zero, the default name and the manifest do not have the
	// time of the backup.
	Now time.Time
	// Progress, if not nil, is called during the backup.
	Progress func(Progress)
}

// Make makes a verified backup of the database at path db, and returns the backup's manifest with
// Path.
//
// The backup holds the database at one moment, including rows in the -wal. While Make works, others
// can read and write a database in WAL mode. In a rollback-journal mode writers wait until the
// pages are read. The backup is one file in delete mode that only its owner can
// read. Its manifest is beside it. Make never overwrites a file: the error is [fs.ErrExist].
// It puts no backup beside a -wal or -journal, which SQLite would take for the backup's: the error
// is a [*LeftoverError].
//
// A backup is verified when all of this holds: it is on the disk, every page has the hash of the
// database's page, and SQLite can read every row of the file. Only the journal mode in the header
// differs. A page that differs is an [ErrMismatch]. A
// database whose pages contradict each other is a [*DamagedError]. The manifest records which other
// faults PRAGMA integrity_check finds in the database, such as a row that breaks a CHECK, and which
// foreign keys are violated.
//
// These errors come before anything is written: [fs.ErrNotExist], [*LiteFSFolderError],
// [*LiteFSDataError], [*NoSpaceError], and the errors of a file that is no database. After any
// error there is no backup.
func Make(ctx context.Context, db string, opts Options) (Manifest, error) {
	m, _, err := makeBackup(ctx, db, opts, false)
	return m, err
}

// makeBackup does what [Make] does, and returns the sums of the backup's pages. locked reports that
// the caller holds the write lock.
func makeBackup(
	ctx context.Context, db string, opts Options, locked bool,
) (Manifest, *pageSums, error) {
	v, err := copyVerified(ctx, db, opts, forBackup, locked)
	if err != nil {
		return Manifest{}, nil, err
	}
	defer v.discard()
	m := v.manifest
	text, err := m.seal()
	if err != nil {
		return Manifest{}, nil, fmt.Errorf("encode the manifest: %w", err)
	}
	if m.Path, err = v.name.publish(v.file, text); err != nil {
		return Manifest{}, nil, err
	}
	return m, v.sums, nil
}

// verifiedCopy is a verified copy of a database, under a temporary name.
type verifiedCopy struct {
	manifest Manifest
	sums     *pageSums
	name     backupName
	file     *unfinished
	folders  madeFolders
}

// discard removes the temporary names, and the folders that are still empty.
func (v *verifiedCopy) discard() {
	if v.file != nil {
		v.file.discard()
	}
	v.folders.removeEmpty()
}

func copyVerified(
	ctx context.Context, db string, opts Options, p purpose, locked bool,
) (_ *verifiedCopy, err error) {
	v := &verifiedCopy{}
	if v.name, err = newBackupName(db, opts); err != nil {
		return nil, err
	}
	src, position, err := live.OpenAtPosition(ctx, db, locked)
	if err != nil {
		return nil, err
	}
	defer src.Close()
	if v.manifest, err = describe(db, src); err != nil {
		return nil, err
	}
	m := &v.manifest
	m.Created, m.LiteFSPosition = opts.Now.UTC().Truncate(time.Second), position
	if err := live.CheckSpace(v.name.there, m.bytes()); err != nil {
		return nil, err
	}
	if v.folders, err = v.name.makeFolder(); err != nil {
		return nil, err
	}
	if v.file, err = createUnfinished(v.name.first, p); err == nil {
		v.sums, err = m.fill(ctx, v.file, src, opts.Progress)
		if err != nil {
			err = fmt.Errorf("back up %s: %w", db, err)
		}
	}
	if err = cmp.Or(err, ctx.Err()); err != nil {
		v.discard()
		return nil, err
	}
	return v, nil
}

// describe begins a manifest with the facts that only the database itself has.
func describe(db string, src *sqlite.Conn) (Manifest, error) {
	source, err := filepath.Abs(db)
	if err != nil {
		return Manifest{}, err
	}
	m := Manifest{Format: manifestFormat, Source: source}
	if m.PageSize, err = src.Int64("PRAGMA page_size"); err != nil {
		return Manifest{}, err
	}
	if m.PageCount, err = src.Int64("PRAGMA page_count"); err != nil {
		return Manifest{}, err
	}
	mode, err := src.Value("PRAGMA journal_mode")
	m.JournalMode = mode.Data()
	return m, err
}

// fill copies src's snapshot into the file, verifies the copy, and adds the copy's content to the
// manifest. It closes src after the last page is read.
func (m *Manifest) fill(
	ctx context.Context, file *unfinished, src *sqlite.Conn, progress reporter,
) (*pageSums, error) {
	c, err := copyDatabase(ctx, file.path, src, "delete", src.Close, progress.pages(Copying))
	if err != nil {
		return nil, err
	}
	defer c.close()
	m.SHA256 = c.sha256
	return c.sums, m.inspect(ctx, file.path, c, progress)
}

// inspect compares the copy with what was copied, and reads its content. Beside that, SQLite checks
// the copy.
func (m *Manifest) inspect(
	ctx context.Context, path string, c *copied, progress reporter,
) error {
	ctx, cancel := context.WithCancel(ctx)
	var check sync.WaitGroup
	var checkErr error
	check.Go(func() { m.Integrity, checkErr = live.CheckIntegrity(ctx, path) })
	defer check.Wait()
	defer cancel()
	if err := c.flush(); err != nil {
		return err
	}
	if testhook.BackupWritten != nil {
		testhook.BackupWritten(path)
	}
	if err := c.compare(ctx, progress); err != nil {
		return err
	}
	progress.report(Checking, 0, 0)
	db, err := sqlite.OpenSnapshot(ctx, path)
	if err == nil {
		defer db.Close()
		m.ForeignKeyViolations, err = live.ForeignKeyViolationsByIndex(db)
	}
	check.Wait()
	if damaged, ok := errors.AsType[*DamagedError](checkErr); ok {
		damaged.Path = m.Source
	}
	if checkErr == nil && !m.Integrity.IsOK() && db != nil {
		m.ForeignKeyViolations, err = live.ForeignKeyViolations(db)
	}
	if err := cmp.Or(checkErr, err); err != nil {
		return err
	}
	return m.readContent(db, progress)
}

// readContent reads what a manifest says about a database's content, except violated foreign keys.
func (m *Manifest) readContent(c *sqlite.Conn, progress reporter) (err error) {
	if err := m.readHeader(c); err != nil {
		return err
	}
	m.Tables, err = countTables(c, m.Integrity, progress)
	return err
}

// readHeader reads the numbers in the header that an app can set, and the schema.
func (m *Manifest) readHeader(c *sqlite.Conn) (err error) {
	if m.UserVersion, err = c.Int64("PRAGMA user_version"); err != nil {
		return err
	}
	if m.ApplicationID, err = c.Int64("PRAGMA application_id"); err != nil {
		return err
	}
	m.SchemaHash, err = hashSchema(c)
	return err
}
