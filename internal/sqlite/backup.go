package sqlite

import (
	"cmp"
	"fmt"

	"modernc.org/libc"
	lib "modernc.org/sqlite/lib"
)

// backupStep is how many pages a backup copies before it looks at its context
// and reports progress.
const backupStep = 1024

// Backup copies all of src's main database into dst's, page by page, with
// SQLite's online backup (https://sqlite.org/backup.html): rows that are
// still in the -wal come along, and readers and writers of src are not held
// up longer than src's own transaction does. If src has a read transaction
// open, the copy is of its snapshot and a writer cannot make it start over.
// progress, if not nil, is told how many pages are done, of how many.
//
// Neither connection may be used elsewhere meanwhile. What dst held is gone,
// but for its journal mode.
func Backup(dst, src *Conn, progress func(done, total int)) error {
	return withBackup(dst, src, func(b uintptr) error { return dst.copyPages(b, src, progress) })
}

// withBackup begins a backup of src into dst, runs it and ends it. A backup
// that is ended before its last page leaves dst as it was.
func withBackup(dst, src *Conn, run func(b uintptr) error) error {
	main := src.scratch.put(src.tls, "main\x00")
	b := lib.Xsqlite3_backup_init(dst.tls, dst.db, main, src.db, main)
	if b == 0 {
		return dst.check(lib.Xsqlite3_extended_errcode(dst.tls, dst.db))
	}
	err := run(b)
	if rc := lib.Xsqlite3_backup_finish(dst.tls, b); err == nil {
		err = dst.check(rc)
	}
	return err
}

func (c *Conn) copyPages(b uintptr, src *Conn, progress func(done, total int)) error {
	for {
		if err := cmp.Or(c.ctx.Err(), src.ctx.Err()); err != nil {
			return err
		}
		rc := lib.Xsqlite3_backup_step(c.tls, b, backupStep)
		if rc != lib.SQLITE_OK && rc != lib.SQLITE_DONE {
			return fmt.Errorf("copy pages: %w", c.backupError(rc))
		}
		if progress != nil {
			total := int(lib.Xsqlite3_backup_pagecount(c.tls, b))
			progress(total-int(lib.Xsqlite3_backup_remaining(c.tls, b)), total)
		}
		if rc == lib.SQLITE_DONE {
			return nil
		}
	}
}

// backupError is the error of a step, which sets no message of its own.
func (c *Conn) backupError(rc int32) error {
	return &Error{Extended: rc, Offset: -1, Msg: libc.GoString(lib.Xsqlite3_errstr(c.tls, rc))}
}
