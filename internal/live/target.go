package live

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"time"

	"github.com/seedkit/seedkit/internal/litefs"
	"github.com/seedkit/seedkit/internal/sqlite"
)

// ErrReadOnly reports a database whose file or folder may not be written.
var ErrReadOnly = errors.New("is read-only")

// Target describes a live database before a write.
type Target struct {
	Path string
	// BusyTimeout is how long to wait for locks. Zero means [sqlite.BusyTimeout].
	BusyTimeout time.Duration
	// LiteFSURL is the address of LiteFS's API. Empty means [LiteFSURL].
	LiteFSURL string
	// BackupDir is the folder for the backup before the write. Empty means the database's folder.
	BackupDir string
	// EmptyToo accepts a file of zero bytes, which is a database without tables.
	EmptyToo bool
}

// BackupFolder returns the folder for a backup of the database at path db: dir, or the folder of db
// if dir is empty.
func BackupFolder(db, dir string) string {
	if dir == "" {
		return filepath.Dir(db)
	}
	return dir
}

// Open opens the database for writing after checking everything that could stop the write or the
// backup before it. The file must exist and must be a database. It must not be on a LiteFS replica.
// The file and its folder must be writable. The write lock must be free within the busy timeout.
// The backup's folder must be writable and have enough space. The checks do not change the
// database.
//
// Open reports the first of these errors: [*litefs.DataError], [*MissingError],
// [*ReplicaError], [ErrReadOnly],
// SQLite's (among them NotADB and Busy), [*litefs.MountError], [*FolderError], [*NoSpaceError].
func (t Target) Open(ctx context.Context) (*sqlite.Conn, error) {
	if err := litefs.RefuseData(t.Path); err != nil {
		return nil, err
	}
	c, err := sqlite.Open(ctx, t.Path, sqlite.ReadWrite)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, &MissingError{Path: t.Path}
	}
	if err != nil {
		return nil, err
	}
	if t.BusyTimeout > 0 {
		c.SetBusyTimeout(t.BusyTimeout)
	}
	err = t.preflight(ctx, c)
	if err == nil {
		err = c.Exec(lasting)
	}
	if err != nil {
		c.Close()
		return nil, err
	}
	return c, nil
}

// lasting makes a commit survive a power failure in the journal mode DELETE, too. By default SQLite
// does not flush the folder after it has removed the journal. With the journal the commit would be
// rolled back (https://sqlite.org/pragma.html#pragma_synchronous).
const lasting = "PRAGMA synchronous = EXTRA"

func (t Target) preflight(ctx context.Context, c *sqlite.Conn) error {
	if err := RefuseReplica(ctx, t.Path, t.LiteFSURL); err != nil {
		return err
	}
	if err := t.refuseReadOnly(); err != nil {
		return err
	}
	if err := t.tryLock(c); err != nil {
		return err
	}
	dir, err := ExistingFolder(BackupFolder(t.Path, t.BackupDir))
	if err != nil {
		return err
	}
	if err := litefs.RefuseMount(dir); err != nil {
		return err
	}
	if err := CheckWritable(dir); err != nil {
		return &FolderError{Dir: dir, Err: errors.Unwrap(err)}
	}
	size, err := c.Int64("SELECT page_size * page_count FROM pragma_page_size, pragma_page_count")
	if err != nil {
		return err
	}
	return CheckSpace(dir, size)
}

// refuseReadOnly checks the database's folder, too, because SQLite keeps its journal there.
func (t Target) refuseReadOnly() error {
	file, err := filepath.EvalSymlinks(t.Path)
	if err != nil {
		return err
	}
	for _, path := range []string{file, filepath.Dir(file)} {
		if err := CheckWritable(path); err != nil {
			return fmt.Errorf("%s %w: %w", t.Path, ErrReadOnly, err)
		}
	}
	return nil
}

// tryLock takes the write lock and releases it. It writes nothing: SQLite begins a journal only
// with the first page that changes (https://sqlite.org/atomiccommit.html).
func (t Target) tryLock(c *sqlite.Conn) error {
	err := c.Check()
	if err == nil || t.EmptyToo && errors.Is(err, sqlite.ErrEmpty) {
		err = c.Exec("BEGIN IMMEDIATE")
	}
	c.Rollback()
	switch {
	case sqlite.Is(err, sqlite.ReadOnlyDB):
		return fmt.Errorf("%s %w: %w", t.Path, ErrReadOnly, err)
	case errors.Is(err, sqlite.ErrEmpty):
		return fmt.Errorf("%s %w", t.Path, err)
	case err != nil:
		return fmt.Errorf("%s: %w", t.Path, err)
	}
	return nil
}

// MissingError reports that no database is at the path to write to.
type MissingError struct{ Path string }

func (e *MissingError) Error() string { return fmt.Sprintf("no database is at %s", e.Path) }

// Is reports whether target is [fs.ErrNotExist].
func (e *MissingError) Is(target error) bool { return target == fs.ErrNotExist }
