package live

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"github.com/seedkit/seedkit/internal/sqlite"
)

// ErrReadOnly reports a database whose file or folder may not be written.
var ErrReadOnly = errors.New("is read-only")

// Target is a live database that somebody is about to write.
type Target struct {
	Path        string
	BusyTimeout time.Duration // zero means that of [sqlite.BusyTimeout]
	LiteFSURL   string        // empty means [LiteFSURL]
	BackupDir   string        // for the backup before the write; empty means the database's folder
	EmptyToo    bool          // a file of no bytes will do: it is a database without tables
}

// BackupFolder returns the folder for a backup of the database at path db: dir,
// or the database's own if dir is empty.
func BackupFolder(db, dir string) string {
	if dir == "" {
		return filepath.Dir(db)
	}
	return dir
}

// Open opens the database for writing, after a look at everything that could
// stop a write or the backup before it: the file exists and is a database, it
// is not a LiteFS replica's, file and folder may be written, the write lock
// can be had within the busy timeout, there is room for the backup. The
// database is not changed by that.
//
// The errors, in this order: [fs.ErrNotExist], [*ReplicaError], [ErrReadOnly],
// SQLite's (among them NotADB and Busy), [*LiteFSFolderError],
// [*NoSpaceError].
func (t Target) Open(ctx context.Context) (*sqlite.Conn, error) {
	c, err := sqlite.Open(ctx, t.Path, sqlite.ReadWrite)
	if err != nil {
		return nil, err
	}
	if t.BusyTimeout > 0 {
		c.SetBusyTimeout(t.BusyTimeout)
	}
	if err := t.preflight(ctx, c); err != nil {
		c.Close()
		return nil, err
	}
	return c, nil
}

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
	if err := RefuseLiteFSFolder(t.Path, dir); err != nil {
		return err
	}
	size, err := c.Int64("SELECT page_size * page_count FROM pragma_page_size, pragma_page_count")
	if err != nil {
		return err
	}
	return CheckSpace(dir, size)
}

// refuseReadOnly looks at the folder, too: SQLite keeps its journal there.
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

// tryLock takes the write lock and lets it go again. That writes nothing:
// SQLite begins a journal only with the first page that changes
// (https://sqlite.org/atomiccommit.html).
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
