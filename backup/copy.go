package backup

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"

	"github.com/seedkit/seedkit/internal/sqlite"
)

// copyDatabase copies src's snapshot into the empty file, and flushes the file to the disk.
// SQLite's online backup changes the schema version; copyDatabase sets it back. The copy gets the
// given journal mode, wal or delete.
func copyDatabase(
	ctx context.Context, file *unfinished, src *sqlite.Conn, journalMode string,
	progress func(done, total int),
) error {
	if err := copyPages(ctx, file.path, src, progress); err != nil {
		return err
	}
	version, err := src.Int64("PRAGMA schema_version")
	if err != nil {
		return err
	}
	err = writeDatabase(ctx, file.path, func(dst *sqlite.Conn) error {
		return dst.ExecScript(fmt.Sprintf(
			"PRAGMA schema_version = %d; PRAGMA journal_mode = %s", version, journalMode))
	})
	if err != nil {
		return fmt.Errorf("set the copy's header: %w", err)
	}
	if err := file.flush(); err != nil {
		return fmt.Errorf("flush the copy: %w", err)
	}
	return nil
}

func copyPages(
	ctx context.Context, path string, src *sqlite.Conn, progress func(done, total int),
) error {
	return writeDatabase(ctx, path, func(dst *sqlite.Conn) error {
		// Nothing is lost if the copy breaks off, so SQLite need not be able to roll it back.
		// copyDatabase flushes the file once at the end.
		const fast = "PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF"
		if err := dst.ExecScript(fast); err != nil {
			return err
		}
		return sqlite.Backup(dst, src, progress)
	})
}

func writeDatabase(ctx context.Context, path string, write func(*sqlite.Conn) error) error {
	c, err := sqlite.Open(ctx, path, sqlite.ReadWrite)
	if err != nil {
		return err
	}
	err = write(c)
	if closed := c.Close(); err == nil {
		err = closed
	}
	return err
}

// comparePages compares the file at path with src's snapshot, page by page, and returns the file's
// SHA-256. The error for a page that differs is an [ErrMismatch] with the first such page.
func comparePages(path string, src *sqlite.Conn, m Manifest, progress reporter) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	forgetCached(f)
	hash := sha256.New()
	file := bufio.NewReaderSize(io.TeeReader(f, hash), 1<<20)
	got := make([]byte, m.PageSize)
	for row, err := range src.Query("SELECT pgno, data FROM sqlite_dbpage") {
		if err != nil {
			return "", fmt.Errorf("read the database's pages: %w", err)
		}
		n := row.Int64(0)
		_, err := io.ReadFull(file, got)
		if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
			return "", fmt.Errorf("read page %d: %w", n, err)
		}
		if err != nil || !samePage(n, row.View(1), got) {
			return "", pageDiffers(n)
		}
		if n%1024 == 0 || n == m.PageCount {
			progress.report(Comparing, n, m.PageCount)
		}
	}
	if _, err := file.ReadByte(); err != io.EOF {
		return "", pageDiffers(m.PageCount + 1)
	}
	return hex.EncodeToString(hash.Sum(nil)), nil
}

// samePage reports whether copied is a true copy of page n.
func samePage(n int64, page, copied []byte) bool {
	if n == 1 {
		page = copiedHeader(page, copied)
	}
	return bytes.Equal(page, copied)
}

// copiedHeader returns the first page as a true copy has it. SQLite writes some fields of the
// header in each file that it writes (https://sqlite.org/fileformat2.html#the_database_header): the
// change counter, the change counter for which the version number is valid, and the version number.
// A copy of a database in WAL mode is in delete mode.
func copiedHeader(page, copied []byte) []byte {
	want := bytes.Clone(page)
	copy(want[24:28], copied[24:28])
	copy(want[92:100], copied[92:100])
	want[18], want[19] = 1, 1
	return want
}

// pageDiffers returns the error for a page that differs between the copy and the database.
func pageDiffers(n int64) error {
	return differences{{What: fmt.Sprintf("page %d", n)}}.mismatch("the copy", "the database")
}
