package sqlite

import (
	"encoding/binary"
	"fmt"
	"iter"
	"slices"
)

// Overwrite gives the main database of c the pages of src's, in c's transaction, which must be
// IMMEDIATE. It writes page 1, and those of the changed pages that src has, through SQLite's own
// cache and journal (https://sqlite.org/dbpage.html), as sqlite3_rsync does. So others see an
// ordinary transaction, and c's database keeps its journal mode. Both must have pages of the same
// size, and every page that differs must be among the changed ones. progress receives the number of
// the last written page and the number of all pages.
//
// In a rollback-journal mode readers must be gone before SQLite writes into the file. If a reader
// stays longer than c's busy timeout, the error is [Busy].
//
// Until the end of the transaction c must run no other statement, and after the commit none that
// needs the schema: what SQLite knows of the old pages stays in its memory.
func (c *Conn) Overwrite(
	src *Conn, changed iter.Seq[int64], progress func(done, total int64),
) error {
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
	progress(0, count)
	if err := c.writePages(src, count, before, changed, progress); err != nil {
		return err
	}
	// Others read the schema again if its cookie has changed.
	return c.Exec(fmt.Sprintf("PRAGMA schema_version = %d", int32(cookie+1)))
}

// stopVacuum prevents that the commit moves pages, which SQLite does if auto_vacuum is FULL.
// stopVacuum changes auto_vacuum in page 1, which must be overwritten after that.
func (c *Conn) stopVacuum() error {
	const full = 1
	vacuum, err := c.Int64("PRAGMA auto_vacuum")
	if err == nil && vacuum == full {
		err = c.Exec("PRAGMA auto_vacuum = INCREMENTAL")
	}
	return err
}

// writePages writes page 1 and the changed ones of count pages of src into a database with before
// pages.
func (c *Conn) writePages(
	src *Conn, count, before int64, changed iter.Seq[int64], progress func(done, total int64),
) error {
	const reportEvery = 1024
	w, err := c.newPageWriter()
	if err != nil {
		return err
	}
	defer w.close()
	pages, err := src.Pages()
	if err != nil {
		return err
	}
	defer pages.Close()
	if err := c.writeFirstPage(w, pages, count); err != nil {
		return err
	}
	written := 0
	for number := range changed {
		if number == 1 || number > count {
			continue
		}
		page, err := pages.Read(uint32(number))
		if err != nil {
			return fmt.Errorf("read page %d: %w", number, err)
		}
		if isLockPage(number, len(page)) {
			continue
		}
		if err := w.write(number, page); err != nil {
			return err
		}
		if written++; written%reportEvery == 0 {
			progress(number, count)
			if err := c.ctx.Err(); err != nil {
				return err
			}
		}
	}
	if count < before {
		return w.truncate(count)
	}
	return nil
}

func (c *Conn) writeFirstPage(w *pageWriter, pages *PageReader, count int64) error {
	own, err := c.Value("SELECT data FROM sqlite_dbpage('main') WHERE pgno = 1")
	if err != nil {
		return fmt.Errorf("read page 1: %w", err)
	}
	first, err := pages.Read(1)
	if err != nil {
		return fmt.Errorf("read page 1: %w", err)
	}
	return w.write(1, fitFirstPage(first, own.View(), count))
}

// fitFirstPage returns page 1 with the fields of another page 1 that belong to a database and not
// to its content: the journal mode, and the schema cookie, by which SQLite knows that what it has
// read of the schema is true (https://sqlite.org/fileformat2.html#the_database_header). It also
// sets the number of pages, which is invalid in the header if SQLite before 3.7.0 has written the
// page. The commit declares the number valid.
func fitFirstPage(page, own []byte, count int64) []byte {
	page = slices.Clone(page)
	copy(page[18:20], own[18:20])
	copy(page[40:44], own[40:44])
	binary.BigEndian.PutUint32(page[28:32], uint32(count))
	return page
}

// isLockPage reports whether the page holds the bytes that SQLite locks, and no content
// (https://sqlite.org/fileformat2.html#the_lock_byte_page).
func isLockPage(number int64, size int) bool {
	const pendingByte = 1 << 30
	return number == pendingByte/int64(size)+1
}
