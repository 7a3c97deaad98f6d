package apply

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

// target is a live database that is to be written.
type target struct {
	path        string
	busyTimeout time.Duration // zero means that of [sqlite.BusyTimeout]
	liteFSURL   string        // empty means [LiteFSURL]
	backupDir   string        // of the backup that comes before the write; empty means the database's folder
	emptyToo    bool          // a file of no bytes will do: it is a database without tables
}

// open opens the database for writing, after a look at everything that could
// stop a write or the backup before it: the file exists and is a database, it
// is not a LiteFS replica's, file and folder may be written, the write lock
// can be had within the busy timeout, there is room for the backup. The
// database is not changed by that.
//
// The errors, in this order: [fs.ErrNotExist], [*ReplicaError], [ErrReadOnly],
// SQLite's (among them NotADB and Busy), [*LiteFSFolderError],
// [*NoSpaceError].
func (t target) open(ctx context.Context) (*sqlite.Conn, error) {
	c, err := sqlite.Open(ctx, t.path, sqlite.ReadWrite)
	if err != nil {
		return nil, err
	}
	if t.busyTimeout > 0 {
		c.SetBusyTimeout(t.busyTimeout)
	}
	if err := t.preflight(ctx, c); err != nil {
		c.Close()
		return nil, err
	}
	return c, nil
}

func (t target) preflight(ctx context.Context, c *sqlite.Conn) error {
	if err := refuseReplica(ctx, t.path, t.liteFSURL); err != nil {
		return err
	}
	if err := t.refuseReadOnly(); err != nil {
		return err
	}
	if err := t.tryLock(c); err != nil {
		return err
	}
	dir, err := folderThatIs(backupDir(t.path, t.backupDir))
	if err != nil {
		return err
	}
	if err := refuseLiteFSFolder(t.path, dir); err != nil {
		return err
	}
	m, err := describe(t.path, c)
	if err != nil {
		return err
	}
	return checkSpace(dir, m.bytes())
}

// refuseReadOnly looks at the folder, too: SQLite keeps its journal there.
func (t target) refuseReadOnly() error {
	file, err := filepath.EvalSymlinks(t.path)
	if err != nil {
		return err
	}
	for _, path := range []string{file, filepath.Dir(file)} {
		if err := checkWritable(path); err != nil {
			return fmt.Errorf("%s %w: %w", t.path, ErrReadOnly, err)
		}
	}
	return nil
}

// tryLock takes the write lock and lets it go again. That writes nothing:
// SQLite begins a journal only with the first page that changes
// (https://sqlite.org/atomiccommit.html).
func (t target) tryLock(c *sqlite.Conn) error {
	err := c.Check()
	if err == nil || t.emptyToo && errors.Is(err, sqlite.ErrEmpty) {
		err = c.Exec("BEGIN IMMEDIATE")
	}
	c.Rollback()
	switch {
	case sqlite.Is(err, sqlite.ReadOnlyDB):
		return fmt.Errorf("%s %w: %w", t.path, ErrReadOnly, err)
	case errors.Is(err, sqlite.ErrEmpty):
		return fmt.Errorf("%s %w", t.path, err)
	case err != nil:
		return fmt.Errorf("%s: %w", t.path, err)
	}
	return nil
}
