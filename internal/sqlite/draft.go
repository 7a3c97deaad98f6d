package sqlite

import (
	"fmt"
	"maps"
	"slices"
)

// Draft is what the transactions of an overlay have made of the pages of its base.
type Draft struct {
	written  writtenPages
	pageSize int64
	pages    int64 // how many the overlay has
	before   int64 // how many the base has
}

// TakeDraft takes the written pages from an overlay without an open transaction. Afterwards the
// overlay must only be closed. The caller must close the draft. TakeDraft returns nil if c's pages
// cannot be copied one by one: SQLite may move pages at each commit of a database with auto_vacuum.
func (c *Conn) TakeDraft() (*Draft, error) {
	o := c.overlay
	moves, err := c.Int64("PRAGMA auto_vacuum")
	if err != nil || moves != 0 || o.below < o.before {
		return nil, err
	}
	d := &Draft{written: o.written, pageSize: o.pageSize, pages: o.pages, before: o.before}
	o.written = writtenPages{}
	return d, nil
}

// Close frees the pages. Closing nil does nothing.
func (d *Draft) Close() {
	if d != nil {
		d.written.close()
	}
}

// Write writes the pages into the database of c, in c's transaction, through SQLite's own cache and
// journal (https://sqlite.org/dbpage.html). So others see an ordinary transaction. The transaction
// must be IMMEDIATE, and must see what the base of the overlay saw: the same pages.
//
// Until the commit c must run no other statement: what SQLite knows of the old pages, such as their
// number, stays in its memory until then.
func (d *Draft) Write(c *Conn) error {
	first, err := c.Value("SELECT substr(data, 19, 2) FROM sqlite_dbpage('main') WHERE pgno = 1")
	if err != nil {
		return fmt.Errorf("read page 1: %w", err)
	}
	w, err := c.newPageWriter()
	if err != nil {
		return err
	}
	defer w.close()
	page := make([]byte, d.pageSize)
	for number := range d.written.all() {
		if _, err := d.written.get(page, number); err != nil {
			return err
		}
		if number == 1 {
			copy(page[18:], first.Data()) // see [overlay.copyPage]
		}
		if err := w.write(number, page); err != nil {
			return err
		}
	}
	if last := d.pages; last > d.before && !d.written.holds(last) {
		// Nobody has written the last page, because it is free. The file needs room for it.
		clear(page)
		return w.write(last, page)
	}
	return nil
}

// all yields the numbers of the pages in ascending order.
func (w *writtenPages) all() func(yield func(int64) bool) {
	if w.file == nil {
		return slices.Values(slices.Sorted(maps.Keys(w.few)))
	}
	return func(yield func(int64) bool) {
		for number := range int64(len(w.has)) * 64 {
			if w.holds(number) && !yield(number) {
				return
			}
		}
	}
}

// holds reports whether a page was written.
func (w *writtenPages) holds(number int64) bool {
	if w.file == nil {
		_, ok := w.few[number]
		return ok
	}
	return number/64 < int64(len(w.has)) && w.has[number/64]&(1<<(number%64)) != 0
}
