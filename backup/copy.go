package backup

import (
	"context"
	"encoding/hex"
	"fmt"
	"os"

	"github.com/seedkit/seedkit/internal/sqlite"
)

// copied is a copy of a database. It may not be on the disk yet.
type copied struct {
	file   *os.File
	sums   *pageSums
	sha256 string // of the file, in hexadecimal
}

// copyDatabase copies src's snapshot into the empty file. The copy gets the given journal mode, wal
// or delete. Otherwise its bytes are those of the snapshot. release, if not nil, is called after
// the last page is read, before the file is complete. The caller must close the copy, and not
// before the connections to the file: closing a file releases all locks that the process holds on
// it (https://sqlite.org/howtocorrupt.html, section 2.2).
func copyDatabase(
	ctx context.Context, path string, src *sqlite.Conn, journalMode string,
	release func() error, progress func(done, total int),
) (*copied, error) {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return nil, err
	}
	c := &copied{file: f}
	if err := c.fill(ctx, src, journalMode, release, progress); err != nil {
		c.close()
		return nil, fmt.Errorf("copy pages: %w", err)
	}
	return c, nil
}

func (c *copied) close() { c.file.Close() }

// flush writes the file to the disk.
func (c *copied) flush() error {
	if err := c.file.Sync(); err != nil {
		return fmt.Errorf("flush the copy: %w", err)
	}
	return nil
}

// compare reads the flushed file from the disk, and compares its pages with those that were copied.
// The error for a page that differs is an [ErrMismatch] with the first such page.
func (c *copied) compare(ctx context.Context, progress reporter) error {
	r := newDiskReader(c.file)
	defer r.Close()
	return c.sums.compareFile(ctx, r, progress)
}

func (c *copied) fill(
	ctx context.Context, src *sqlite.Conn, journalMode string,
	release func() error, progress func(done, total int),
) error {
	size, err := src.Int64("PRAGMA page_size")
	if err != nil {
		return err
	}
	count, err := src.Int64("PRAGMA page_count")
	if err != nil {
		return err
	}
	c.sums = newPageSums(size, count)
	w := newBlockWriter(c.file, c.sums)
	err = readPages(ctx, src, count, journalMode, w, progress)
	if err == nil && release != nil {
		err = release()
	}
	if written := w.finish(); err == nil {
		err = written
	}
	c.sha256 = hex.EncodeToString(w.sha256.Sum(nil))
	return err
}

// readPages passes the pages of src to w.
func readPages(
	ctx context.Context, src *sqlite.Conn, count int64, journalMode string, w *blockWriter,
	progress func(done, total int),
) error {
	const reportEvery = 1024
	var n int64
	for row, err := range src.Query("SELECT data FROM sqlite_dbpage") {
		if err != nil {
			return err
		}
		page := row.View(0)
		if n == 0 {
			page = firstPage(page, journalMode)
		}
		if err := w.add(page); err != nil {
			return err
		}
		if n++; n%reportEvery == 0 || n == count {
			progress(int(n), int(count))
			if err := ctx.Err(); err != nil {
				return err
			}
		}
	}
	return nil
}

// firstPage returns the first page of a copy with the given journal mode, whose read and write
// version are in the header
// (https://sqlite.org/fileformat2.html#file_format_version_numbers).
func firstPage(page []byte, journalMode string) []byte {
	version := byte(1)
	if journalMode == "wal" {
		version = 2
	}
	page = append([]byte(nil), page...)
	page[18], page[19] = version, version
	return page
}
