package sqlite

import (
	"fmt"

	lib "modernc.org/sqlite/lib"
)

// PageReader reads the pages of the main database through the connection
// (https://sqlite.org/dbpage.html). SQLite manages its locks as always. Within a transaction all
// pages belong to one snapshot, including pages in the -wal.
type PageReader struct{ s *Stmt }

// Pages returns a reader of pages. The caller must close it.
func (c *Conn) Pages() (*PageReader, error) {
	s, err := c.PrepareOne("SELECT data FROM sqlite_dbpage('main') WHERE pgno = ?")
	if err != nil {
		return nil, fmt.Errorf("read pages: %w", err)
	}
	return &PageReader{s}, nil
}

// Read returns a page, counted from 1, or nil if the database has no such page. The bytes are valid
// until the next Read or Close.
func (r *PageReader) Read(number uint32) ([]byte, error) {
	lib.Xsqlite3_reset(r.s.c.tls, r.s.stmt)
	if err := r.s.bind(1, Int(int64(number))); err != nil {
		return nil, err
	}
	more, err := r.s.Step()
	if err != nil || !more {
		return nil, err
	}
	return r.s.View(0), nil
}

func (r *PageReader) Close() { r.s.Close() }

// pageWriter writes pages of the main database through a connection.
type pageWriter struct {
	s       *Stmt
	values  Batch
	written int
}

// fewPages is a number of pages that fit into SQLite's cache, whatever their size.
const fewPages = 16

// newPageWriter returns a writer for c's transaction. The caller must close it.
func (c *Conn) newPageWriter() (*pageWriter, error) {
	// SQLite parses a page once, and keeps the result with the page in its cache. Page 1 stays in
	// the cache.
	if err := c.Exec("PRAGMA shrink_memory"); err != nil {
		return nil, err
	}
	s, err := c.PrepareOne("INSERT INTO sqlite_dbpage(pgno, data) VALUES(?, ?)")
	return &pageWriter{s: s}, err
}

func (w *pageWriter) close() {
	w.s.Close()
	w.values.Free()
}

func (w *pageWriter) write(number int64, page []byte) error {
	w.values.Reset()
	w.values.AppendInt(number)
	w.values.AppendBlob(page)
	err := w.insert()
	if w.written++; err == nil && w.written == fewPages {
		err = w.lockReadersOut()
	}
	if err != nil {
		return fmt.Errorf("write page %d: %w", number, err)
	}
	return nil
}

// lockReadersOut takes the exclusive lock in a rollback-journal mode: it passes the pages so far to
// the file. Without the lock, every page that no longer fits into the cache would wait for readers
// as long as the busy timeout, and meanwhile new readers would wait, too.
func (w *pageWriter) lockReadersOut() error {
	c := w.s.c
	wal, err := c.isWAL()
	if err != nil || wal {
		return err
	}
	return c.check(lib.Xsqlite3_db_cacheflush(c.tls, c.db))
}

// truncate makes the commit leave so many pages. No page may be written after it.
func (w *pageWriter) truncate(pages int64) error {
	w.values.Reset()
	w.values.AppendInt(pages + 1)
	w.values.AppendNull()
	if err := w.insert(); err != nil {
		return fmt.Errorf("leave %d pages: %w", pages, err)
	}
	return nil
}

func (w *pageWriter) insert() error {
	err := w.s.BindBatch(&w.values, 0, 2)
	if err == nil {
		_, err = w.s.Step()
	}
	return err
}
