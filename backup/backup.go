package backup

import (
	"context"
	"fmt"
	"path/filepath"
	"time"

	"github.com/seedkit/seedkit/internal/live"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/testhook"
)

// Options are the options of [Make]. The zero value makes a backup
// beside the database.
type Options struct {
	// Path is where the backup goes. If empty it is DATABASE-TIME.db in
	// Dir: the database's name without its extension, and Now as
	// yyyymmddThhmmssZ; with -2, -3 … behind it while the name is taken.
	Path string
	// Dir is the folder for a backup without Path; if empty, the
	// database's own. Where it is missing it is made, and those that it is
	// in, for the owner alone; without a backup it is taken away again.
	Dir string
	// Now is the present time. If zero, neither the default name nor the
	// manifest tells when the backup was made.
	Now time.Time
	// Progress, if not nil, is called while the backup is made.
	Progress func(Progress)
}

// Backup makes a verified backup of the database at path db and returns its
// manifest, Path included.
//
// The backup is of one moment, rows in the -wal included. A database in WAL
// mode can be read and written all the while; in a rollback-journal mode
// writers wait until the pages are copied and compared. The backup is one
// file, readable by its owner alone, in delete mode, with its manifest beside
// it. An existing file is never overwritten: the error is [fs.ErrExist].
//
// Verified means: on the disk, opened anew, each page equal to the database's
// (but for the fields in the header that SQLite writes itself), without faults
// by PRAGMA quick_check. A page that differs is [ErrMismatch], a database with
// faults a [*DamagedError]. Foreign keys that are violated already are
// recorded in the manifest.
//
// Errors that come before anything is written: [fs.ErrNotExist],
// [*LiteFSFolderError], [*NoSpaceError], and those of a file that is no
// database. After any error there is no backup.
func Make(ctx context.Context, db string, opts Options) (Manifest, error) {
	name, err := newBackupName(db, opts)
	if err != nil {
		return Manifest{}, err
	}
	src, position, err := live.OpenAtPosition(ctx, db)
	if err != nil {
		return Manifest{}, err
	}
	defer src.Close()
	m, err := describe(db, src)
	if err != nil {
		return Manifest{}, err
	}
	m.Created, m.LiteFSPosition = opts.Now.UTC().Truncate(time.Second), position
	if err := live.CheckSpace(name.there, m.bytes()); err != nil {
		return Manifest{}, err
	}
	folders, err := name.makeFolder()
	if err != nil {
		return Manifest{}, err
	}
	defer folders.removeEmpty()
	file, err := createUnfinished(name.first)
	if err != nil {
		return Manifest{}, err
	}
	defer file.discard()
	if err := m.fill(ctx, file, src, opts.Progress); err != nil {
		return Manifest{}, fmt.Errorf("back up %s: %w", db, err)
	}
	if err := ctx.Err(); err != nil {
		return Manifest{}, err
	}
	text, err := m.seal()
	if err != nil {
		return Manifest{}, fmt.Errorf("encode the manifest: %w", err)
	}
	if m.Path, err = name.publish(file, text); err != nil {
		return Manifest{}, err
	}
	return m, nil
}

// describe begins a manifest with what only the database itself can tell.
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

// fill copies src's snapshot into the file, verifies the copy and adds to the
// manifest what it tells. src is closed as soon as its pages are compared.
func (m *Manifest) fill(ctx context.Context, file *unfinished, src *sqlite.Conn, progress reporter) error {
	if err := copyDatabase(ctx, file, src, "delete", progress.pages(Copying)); err != nil {
		return err
	}
	if testhook.BackupWritten != nil {
		testhook.BackupWritten(file.path)
	}
	var err error
	if m.SHA256, err = comparePages(file.path, src, *m, progress); err != nil {
		return err
	}
	if err := src.Close(); err != nil {
		return err
	}
	return m.inspect(ctx, file.path, progress)
}

// inspect opens the copy anew, checks it and counts its rows.
func (m *Manifest) inspect(ctx context.Context, path string, progress reporter) error {
	c, err := sqlite.OpenSnapshot(ctx, path)
	if err != nil {
		return err
	}
	defer c.Close()
	progress.report(Checking, 0, 0)
	problems, err := live.IntegrityProblems(c, "quick_check")
	if err != nil {
		return err
	}
	if problems != nil {
		return &DamagedError{Path: m.Source, Problems: problems}
	}
	return m.readContent(c, progress)
}

// readContent reads what a manifest says about the content of a database.
func (m *Manifest) readContent(c *sqlite.Conn, progress reporter) (err error) {
	if m.UserVersion, err = c.Int64("PRAGMA user_version"); err != nil {
		return err
	}
	if m.ApplicationID, err = c.Int64("PRAGMA application_id"); err != nil {
		return err
	}
	if m.SchemaHash, err = digestSchema(c); err != nil {
		return err
	}
	if m.ForeignKeyViolations, err = live.ForeignKeyViolations(c); err != nil {
		return err
	}
	m.Tables, err = digestTables(c, progress)
	return err
}
