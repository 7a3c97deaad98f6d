package sqlite

import (
	"errors"
	"fmt"

	"modernc.org/libc"
	lib "modernc.org/sqlite/lib"
)

// ErrOutdated reports that another connection has written to a database since it was examined.
var ErrOutdated = errors.New("was written to in the meantime")

// DataVersion returns a number that changes whenever another connection commits to the main
// database (https://sqlite.org/c3ref/c_fcntl_begin_atomic_write.html, SQLITE_FCNTL_DATA_VERSION).
// The number belongs to the state that the connection's current transaction sees, or, if none is
// open, its last one. Only numbers of the same connection can be compared.
func (c *Conn) DataVersion() (uint32, error) {
	out := libc.Xcalloc(c.tls, 1, ptrSize)
	defer libc.Xfree(c.tls, out)
	main := c.scratch.put(c.tls, "main\x00")
	rc := lib.Xsqlite3_file_control(c.tls, c.db, main, lib.SQLITE_FCNTL_DATA_VERSION, out)
	return uint32(word(out)), c.check(rc)
}

// Overwrite does a [Backup] into a database that others use. It takes dst's write lock, for which
// it waits as long as dst's busy timeout. Then it continues only if nobody has committed to dst
// since DataVersion returned version. Otherwise it returns [ErrOutdated]. It calls locked under the
// write lock before it writes, and ends with the error of locked. After a [*CommitError] nobody
// knows whether dst was overwritten. After any other error dst is unchanged.
//
// Others see the old pages until the last page is written, and all new pages after that. In WAL
// mode readers continue. In a rollback-journal mode they wait. dst must not have a transaction
// open. In WAL mode its page size must be that of src.
func Overwrite(
	dst, src *Conn, version uint32, locked func() error, progress func(done, total int),
) error {
	return withBackup(dst, src, func(b uintptr) error {
		if err := dst.lockUnchanged(b, version); err != nil {
			return err
		}
		if err := locked(); err != nil {
			return err
		}
		return dst.copyPages(b, src, progress)
	})
}

// lockUnchanged makes the backup b take its locks, with a step over no page.
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
