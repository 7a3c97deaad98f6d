package sqlite

import (
	"fmt"

	lib "modernc.org/sqlite/lib"
)

// PageReader reads the main database's pages through the connection
// (https://sqlite.org/dbpage.html): SQLite stays in charge of its locks, and
// within a transaction the pages are of one moment, those in the -wal
// included.
type PageReader struct{ s *Stmt }

// Pages returns a reader of pages, which is to be closed.
func (c *Conn) Pages() (*PageReader, error) {
	s, err := c.PrepareOne("SELECT data FROM sqlite_dbpage('main') WHERE pgno = ?")
	if err != nil {
		return nil, fmt.Errorf("read pages: %w", err)
	}
	return &PageReader{s}, nil
}

// Read returns a page, counted from 1; nil if the database has no such page.
// The bytes are gone with the next Read or Close.
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

// Close frees the reader.
func (r *PageReader) Close() { r.s.Close() }
