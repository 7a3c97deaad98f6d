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
