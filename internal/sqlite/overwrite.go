package sqlite

import (
	"errors"
	"fmt"

	"modernc.org/libc"
	lib "modernc.org/sqlite/lib"
)

// ErrOutdated reports that another connection has written to a database since
// it was looked at.
var ErrOutdated = errors.New("was written to in the meantime")

// DataVersion returns a number that is another one whenever another
// connection has committed to the main database
// (https://sqlite.org/c3ref/c_fcntl_begin_atomic_write.html,
// SQLITE_FCNTL_DATA_VERSION). It speaks of the state that the connection's
// current transaction sees, or its last one if none is open, and can only be
// compared with what the same connection returned before.
func (c *Conn) DataVersion() (uint32, error) {
	out := libc.Xcalloc(c.tls, 1, ptrSize)
	defer libc.Xfree(c.tls, out)
	main := c.scratch.put(c.tls, "main\x00")
	rc := lib.Xsqlite3_file_control(c.tls, c.db, main, lib.SQLITE_FCNTL_DATA_VERSION, out)
	return uint32(word(out)), c.check(rc)
}

// Overwrite is [Backup] into a database that others use: it takes dst's write
// lock, waiting as long as dst's busy timeout says, and goes on only if
// nobody has committed to dst since its DataVersion was version. Else it
// returns [ErrOutdated]; then, and after any other error, dst is as it was.
//
// Others see the old pages until the last one is written, and then all of the
// new ones. In WAL mode readers go on meanwhile; in a rollback-journal mode
// they wait. dst must not have a transaction open, and in WAL mode its page
// size must be src's.
func Overwrite(dst, src *Conn, version uint32, progress func(done, total int)) error {
	return withBackup(dst, src, func(b uintptr) error {
		if err := dst.lockUnchanged(b, version); err != nil {
			return err
		}
		return dst.copyPages(b, src, progress)
	})
}

// lockUnchanged makes the backup b take its locks, which a step over no page
// does.
func (c *Conn) lockUnchanged(b uintptr, version uint32) error {
	if rc := lib.Xsqlite3_backup_step(c.tls, b, 0); rc != lib.SQLITE_OK {
		return fmt.Errorf("lock: %w", c.backupError(rc))
	}
	now, err := c.DataVersion()
	if err == nil && now != version {
		err = ErrOutdated
	}
	return err
}
