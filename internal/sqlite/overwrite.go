package sqlite

import (
	"bytes"
	"fmt"
	"slices"
)

// Overwrite gives the main database of c the pages of src's, in c's transaction, which must be
// IMMEDIATE. It compares all pages, and writes those that differ through SQLite's own cache and
// journal (https://sqlite.org/dbpage.html), as sqlite3_rsync does. So others see an ordinary
// transaction, and c's database keeps its journal mode. Both must have pages of the same size.
// progress receives the number of compared pages and the number of all pages.
//
// Until the end of the transaction c must run no other statement, and after the commit none that
// needs the schema: what SQLite knows of the old pages stays in its memory.
func (c *Conn) Overwrite(src *Conn, progress func(done, total int64)) error {
	count, err := src.Int64("PRAGMA page_count")
	if err != nil {
		return err
	}
	before, err := c.Int64("PRAGMA page_count")
	if err != nil {
		return err
	}
	if err := c.stopVacuum(); err != nil {
		return err
	}
	cookie, err := c.Int64("PRAGMA schema_version")
	if err != nil {
		return err
	}
	w, err := c.newPageWriter()
	if err != nil {
		return err
	}
	defer w.close()
	progress(0, count)
	if err := w.writeDifferent(src, func(n int64) { progress(n, count) }); err != nil {
		return err
	}
	if count < before {
		if err := w.truncate(count); err != nil {
			return err
		}
	}
	// Others read the schema again if its cookie has changed.
	return c.Exec(fmt.Sprintf("PRAGMA schema_version = %d", int32(cookie+1)))
}

// stopVacuum prevents that the commit moves pages, which SQLite does if auto_vacuum is FULL. It
// does so for this transaction alone, if page 1 is overwritten.
func (c *Conn) stopVacuum() error {
	const full = 1
	vacuum, err := c.Int64("PRAGMA auto_vacuum")
	if err == nil && vacuum == full {
		err = c.Exec("PRAGMA auto_vacuum = INCREMENTAL")
	}
	return err
}

// writeDifferent writes the pages of src that the database lacks, and page 1.
func (w *pageWriter) writeDifferent(src *Conn, progress func(n int64)) error {
	const reportEvery = 1024
	old, err := w.s.c.Pages()
	if err != nil {
		return err
	}
	defer old.Close()
	var number int64
	for row, err := range src.Query("SELECT data FROM sqlite_dbpage") {
		if err != nil {
			return err
		}
		number++
		have, err := old.Read(uint32(number))
		if err != nil {
			return fmt.Errorf("read page %d: %w", number, err)
		}
		page := row.View(0)
		if number == 1 {
			page = keepOwnFields(page, have)
		}
		if !bytes.Equal(page, have) && !isLockPage(number, len(page)) {
			if err := w.write(number, page); err != nil {
				return err
			}
		}
		if number%reportEvery == 0 {
			progress(number)
			if err := w.s.c.ctx.Err(); err != nil {
				return err
			}
		}
	}
	return nil
}

// keepOwnFields returns page 1 with the fields of another page 1 that belong to a database and not
// to its content: the journal mode, and the schema cookie, by which SQLite knows that what it has
// read of the schema is true (https://sqlite.org/fileformat2.html#the_database_header).
func keepOwnFields(page, own []byte) []byte {
	page = slices.Clone(page)
	copy(page[18:20], own[18:20])
	copy(page[40:44], own[40:44])
	return page
}

// isLockPage reports whether the page holds the bytes that SQLite locks, and no content
// (https://sqlite.org/fileformat2.html#the_lock_byte_page).
func isLockPage(number int64, size int) bool {
	const pendingByte = 1 << 30
	return number == pendingByte/int64(size)+1
}
