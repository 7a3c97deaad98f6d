package sqlite

import (
	"errors"
	"fmt"
	"sync"
	"unsafe"

	"modernc.org/libc"
	lib "modernc.org/sqlite/lib"
)

// OpenOverlay opens a private database that holds what base sees in its open transaction. Writes to
// the overlay do not change the database of base, so the overlay shows what a transaction would do
// to that database. The overlay keeps its writes in memory and in temporary files. They are gone
// after the overlay is closed or the process ends.
//
// Both connections belong to one goroutine. Until the overlay is closed, the transaction of base
// must stay open, and base must not write in it.
func OpenOverlay(base *Conn) (*Conn, error) {
	o, err := newOverlay(base)
	if err != nil {
		return nil, fmt.Errorf("open a copy of the database's pages: %w", err)
	}
	c := &Conn{ctx: base.ctx, tls: libc.NewTLS(), overlay: o}
	if c.vfs, err = registerVFS(c.tls, o.override); err == nil {
		overlays.Store(c.vfs.p, o)
		err = c.begin("overlay", ReadWrite)
	} else {
		c.Close()
	}
	const settings = "PRAGMA cache_size = -6000; PRAGMA synchronous = OFF; " +
		"PRAGMA temp_store = MEMORY"
	if err == nil {
		if err = c.ExecScript(settings); err != nil {
			c.Close()
		}
	}
	switch {
	case err == nil:
		return c, nil
	case base.ctx.Err() != nil:
		return nil, base.ctx.Err() // the overlay reports it as an I/O error of base
	}
	return nil, fmt.Errorf("open a copy of the database's pages: %w", err)
}

// overlay holds the pages of a base and the pages written over them.
type overlay struct {
	base     *Conn
	read     *Stmt // Reads a page of base.
	pageSize int64
	before   int64 // The number of base's pages.
	below    int64 // The number of base's pages that are visible.
	pages    int64 // The number of the overlay's pages.

	written writtenPages
	// failed is why a page could not be read or kept. SQLite's own error does not say it.
	failed error
}

// overlays maps the address of a sqlite3_vfs to its overlay.
var overlays sync.Map

func newOverlay(base *Conn) (*overlay, error) {
	o := &overlay{base: base}
	var err error
	if o.pageSize, err = base.Int64("PRAGMA page_size"); err != nil {
		return nil, err
	}
	if o.pages, err = base.Int64("PRAGMA page_count"); err != nil {
		return nil, err
	}
	o.before, o.below = o.pages, o.pages
	o.read, err = base.PrepareOne("SELECT data FROM sqlite_dbpage WHERE pgno = ?")
	return o, err
}

func (o *overlay) close() {
	if o == nil {
		return
	}
	o.read.Close()
	o.written.close()
}

// copyPage copies a page into dst. Pages are numbered from 1. A page after the last page of base
// that was not written consists of zeros.
func (o *overlay) copyPage(dst []byte, number int64) error {
	if found, err := o.written.get(dst, number); found || err != nil {
		return err
	}
	if number > o.below {
		clear(dst)
		return nil
	}
	found, err := copyBlob(dst, o.read, number)
	if err == nil && !found {
		err = fmt.Errorf("page %d is not there", number)
	}
	if number == 1 && err == nil {
		// Page 1 says that the database uses a rollback journal
		// (https://sqlite.org/fileformat2.html#file_format_version_numbers).
		dst[18], dst[19] = 1, 1
	}
	return err
}

func copyBlob(dst []byte, query *Stmt, number int64) (bool, error) {
	for row, err := range query.Rows(number) {
		if err != nil {
			return false, err
		}
		if n := copy(dst, row.View(0)); n != len(dst) {
			return false, fmt.Errorf("page %d has %d bytes", number, n)
		}
		return true, nil
	}
	return false, nil
}

func (o *overlay) writePage(number int64, page []byte) error {
	o.pages = max(o.pages, number)
	return o.written.put(number, page)
}

func (o *overlay) truncate(pages int64) {
	o.pages, o.below = pages, min(o.below, pages)
	o.written.truncate(pages)
}

// readAt reads what SQLite reads from the file: a page or a part of a page.
func (o *overlay) readAt(dst []byte, offset int64) error {
	number, within := offset/o.pageSize+1, offset%o.pageSize
	if number > o.pages {
		clear(dst)
		return errShortRead
	}
	if within == 0 && int64(len(dst)) == o.pageSize {
		return o.copyPage(dst, number)
	}
	page := make([]byte, o.pageSize)
	if err := o.copyPage(page, number); err != nil {
		return err
	}
	if n := copy(dst, page[within:]); n < len(dst) {
		return fmt.Errorf("%d bytes at %d cross a page", len(dst), offset)
	}
	return nil
}

var errShortRead = errors.New("there are fewer bytes")

// override makes a VFS serve the overlay. Journals get no name, so that they end with the process.
// SQLite sees no journal next to the database.
func (o *overlay) override(v *lib.Tsqlite3_vfs) {
	v.FxOpen = cFunction(overlayOpen)
	v.FxAccess = cFunction(overlayAccess)
	v.FxDelete = cFunction(overlayDelete)
}

// view returns n bytes of C memory as a slice.
func view(p uintptr, n int) []byte { return libc.GoBytes(p, n) }

func putInt64(p uintptr, i int64) { copy(view(p, 8), unsafe.Slice((*byte)(unsafe.Pointer(&i)), 8)) }

func putInt32(p uintptr, i int32) { copy(view(p, 4), unsafe.Slice((*byte)(unsafe.Pointer(&i)), 4)) }
