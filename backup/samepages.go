package backup

import (
	"context"
	"slices"
	"sync"

	"github.com/seedkit/seedkit/internal/sqlite"
)

// samePages reports whether two databases have the same pages, apart from the fields of the header
// that SQLite itself writes. It reads both at once.
func samePages(
	ctx context.Context, a, b *sqlite.Conn, progress reporter,
) (same bool, err error) {
	size, err := a.Int64("PRAGMA page_size")
	if err != nil {
		return false, err
	}
	count, err := a.Int64("PRAGMA page_count")
	if err != nil {
		return false, err
	}
	ofA := newPageSums(size, count)
	ofB := ofA.again()
	var other sync.WaitGroup
	var otherErr error
	other.Go(func() { otherErr = ofB.addAll(ctx, b, func(int64) {}) })
	err = ofA.addAll(ctx, a, func(n int64) { progress.report(Comparing, n, count) })
	other.Wait()
	if err == nil {
		err = otherErr
	}
	return err == nil && ofA.equal(ofB), err
}

// addAll adds the pages of a database.
func (s *pageSums) addAll(ctx context.Context, c *sqlite.Conn, progress func(n int64)) error {
	const reportEvery = 1024
	for row, err := range c.Query("SELECT data FROM sqlite_dbpage") {
		if err != nil {
			return err
		}
		page := row.View(0)
		if len(page) != s.size {
			return nil // the sums differ in their number of pages
		}
		if s.pages == 0 {
			page = withoutCounters(page)
		}
		s.add(page)
		if s.pages%reportEvery == 0 {
			progress(s.pages)
			if err := ctx.Err(); err != nil {
				return err
			}
		}
	}
	progress(s.pages)
	return nil
}

// equal reports whether both have the same pages.
func (s *pageSums) equal(o *pageSums) bool {
	return s.pages == o.pages && s.sum == o.sum && slices.Equal(s.sums, o.sums)
}

// withoutCounters returns the first page of a database without the fields that SQLite writes in
// each file that it writes (https://sqlite.org/fileformat2.html#the_database_header): the journal
// mode, the change counter, the schema cookie, the change counter for which the version number is
// valid, and the version number.
func withoutCounters(page []byte) []byte {
	page = slices.Clone(page)
	for _, field := range [][2]int{{18, 20}, {24, 28}, {40, 44}, {92, 100}} {
		clear(page[field[0]:field[1]])
	}
	return page
}
