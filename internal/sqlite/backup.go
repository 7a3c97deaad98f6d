package sqlite

import (
	"cmp"
	"fmt"

	"modernc.org/libc"
	lib "modernc.org/sqlite/lib"
)

// backupStep is the number of pages that a backup copies before it checks its context and reports
// progress.
const backupStep = 1024

// Backup copies src's main database into dst's, page by page, with SQLite's online backup
// (https://sqlite.org/backup.html). The copy includes rows in the -wal. Backup blocks readers and
// writers of src no longer than src's own transaction does. If src has a read transaction open, the
// copy is of its snapshot, and a writer cannot make the backup start over. If progress is not nil,
// it receives the number of copied pages and the number of all pages.
//
// The caller must not use either connection during the backup. dst loses its content, but keeps its
// journal mode.
func Backup(dst, src *Conn, progress func(done, total int)) error {
	main := src.scratch.put(src.tls, "main\x00")
	b := lib.Xsqlite3_backup_init(dst.tls, dst.db, main, src.db, main)
	if b == 0 {
		return dst.check(lib.Xsqlite3_extended_errcode(dst.tls, dst.db))
	}
	err := dst.copyPages(b, src, progress)
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

// backupError is the error of a step. A step sets no message.
func (c *Conn) backupError(rc int32) error {
	return &Error{Extended: rc, Offset: -1, Msg: libc.GoString(lib.Xsqlite3_errstr(c.tls, rc))}
}
