package backup

import (
	"fmt"

	"github.com/seedkit/seedkit/internal/litefs"
	"github.com/seedkit/seedkit/internal/sqlite"
)

// LiteFS loses a transaction in WAL mode that makes the database smaller by some hundred pages
// (https://github.com/superfly/litefs/issues/445). So a restore into LiteFS fills the backup with
// free pages up to the size of the database.

// SmallerError reports a database on LiteFS that a restore would make smaller. A backup whose
// auto_vacuum is FULL cannot have free pages that would prevent that.
type SmallerError struct {
	Path         string
	Have, Backup int64 // in pages
}

func (e *SmallerError) Error() string {
	return fmt.Sprintf("%s is on LiteFS in WAL mode and has %d pages, the backup %d, and with "+
		"auto_vacuum = FULL it cannot keep the size: LiteFS loses a commit that makes a database "+
		"smaller", e.Path, e.Have, e.Backup)
}

// missingPages returns how many pages the backup must get to be as large as dst, if LiteFS and WAL
// mode demand that.
func (r *restore) missingPages(dst *sqlite.Conn) (int64, error) {
	_, onLiteFS, err := litefs.Position(r.db)
	if err != nil || !onLiteFS {
		return 0, err
	}
	present, err := describe(r.db, dst)
	if err != nil || present.JournalMode != "wal" {
		return 0, err
	}
	return max(0, present.PageCount-r.manifest.PageCount), nil
}

func (r *restore) refuseSmaller(dst *sqlite.Conn) error {
	missing, err := r.missingPages(dst)
	if err != nil || missing == 0 {
		return err
	}
	const full = 1
	vacuum, err := r.src.Int64("PRAGMA auto_vacuum")
	if err == nil && vacuum == full {
		have := r.manifest.PageCount
		err = &SmallerError{Path: r.db, Have: have + missing, Backup: have}
	}
	return err
}

// padded returns the backup, or a temporary copy of it that is at least as large as dst, and the
// sums of its pages.
func (r *restore) padded(dst *sqlite.Conn) (*sqlite.Conn, *pageSums, error) {
	missing, err := r.missingPages(dst)
	if err != nil || missing == 0 {
		return r.src, r.sums, err
	}
	c, err := sqlite.Open(r.ctx, sqlite.Temporary, sqlite.Create)
	if err != nil {
		return nil, nil, err
	}
	pages := r.manifest.PageCount + missing
	sums := newPageSums(r.manifest.PageSize, pages)
	err = sqlite.Backup(c, r.src, nil)
	if err == nil {
		err = pad(c, pages)
	}
	if err == nil {
		err = sums.addAll(r.ctx, c, func([]byte) {})
	}
	if err != nil {
		c.Close()
		return nil, nil, fmt.Errorf("make a copy of the backup with free pages: %w", err)
	}
	return c, sums, nil
}

// pad adds free pages to the database until it has at least the given number of pages: the pages of
// a table that it makes, fills and drops.
func pad(c *sqlite.Conn, pages int64) error {
	const (
		table = `"seedkit's free pages"`
		chunk = 64 << 20 // bytes
	)
	if err := c.Exec("CREATE TABLE " + table + "(x)"); err != nil {
		return err
	}
	size, err := c.Int64("PRAGMA page_size")
	if err != nil {
		return err
	}
	for {
		have, err := c.Int64("PRAGMA page_count")
		if err != nil {
			return err
		}
		if have >= pages {
			return c.Exec("DROP TABLE " + table)
		}
		fill := min((pages-have)*size, chunk)
		err = c.Exec("INSERT INTO "+table+" VALUES(zeroblob(?))", sqlite.Int(fill))
		if err != nil {
			return err
		}
	}
}
