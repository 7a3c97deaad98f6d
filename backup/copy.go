package backup

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"os"

	"github.com/seedkit/seedkit/internal/sqlite"
)

// copied is what [copyDatabase] knows of the copy that it made.
type copied struct {
	sums   pageSums
	sha256 string // of the file, in hexadecimal
}

// copyDatabase copies src's snapshot into the empty file, and flushes the file to the disk. The
// copy gets the given journal mode, wal or delete. Otherwise its bytes are those of the snapshot.
// release, if not nil, is called after the last page is read, before the file is complete.
func copyDatabase(
	ctx context.Context, path string, src *sqlite.Conn, journalMode string,
	release func() error, progress func(done, total int),
) (copied, error) {
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return copied{}, err
	}
	c, err := copyPages(ctx, f, src, journalMode, release, progress)
	if err == nil {
		if err = f.Sync(); err != nil {
			err = fmt.Errorf("flush the copy: %w", err)
		}
	}
	return c, errors.Join(err, f.Close())
}

func copyPages(
	ctx context.Context, f *os.File, src *sqlite.Conn, journalMode string,
	release func() error, progress func(done, total int),
) (copied, error) {
	size, err := src.Int64("PRAGMA page_size")
	if err != nil {
		return copied{}, err
	}
	count, err := src.Int64("PRAGMA page_count")
	if err != nil {
		return copied{}, err
	}
	w := newBlockWriter(f, newPageSums(size, count))
	err = readPages(ctx, src, count, journalMode, w, progress)
	if err == nil && release != nil {
		err = release()
	}
	if written := w.finish(); err == nil {
		err = written
	}
	if err != nil {
		return copied{}, fmt.Errorf("copy pages: %w", err)
	}
	return copied{*w.sums, hex.EncodeToString(w.sha256.Sum(nil))}, nil
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
