package backup

import (
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"io"
	"iter"
	"math/bits"
	"slices"

	"github.com/seedkit/seedkit/internal/sqlite"
)

// maxSums limits the memory of a pageSums to 4 MB.
const maxSums = 1 << 19

// sumSeed is the key of all sums, so that they can be compared.
var sumSeed = maphash.MakeSeed()

// pageSums are hashes of the pages of a database, with 64 bits and a random key. They tell which
// page of a copy differs from what was copied.
type pageSums struct {
	size int // of a page in bytes
	// group is the number of pages that share a sum: 1, unless there are more than maxSums pages.
	group int64
	sums  []uint64 // of the complete groups
	sum   uint64   // of the pages after them
	pages int64
}

// newPageSums returns the sums of no pages, for so many pages of the given size.
func newPageSums(size, pages int64) *pageSums {
	s := &pageSums{size: int(size), group: 1}
	for pages/s.group > maxSums {
		s.group *= 2
	}
	return s
}

// again returns the sums of no pages. The same pages make them equal to s.
func (s *pageSums) again() *pageSums {
	return &pageSums{size: s.size, group: s.group}
}

// add adds whole pages.
func (s *pageSums) add(pages []byte) {
	for ; len(pages) > 0; pages = pages[s.size:] {
		s.sum = bits.RotateLeft64(s.sum, 1) ^ maphash.Bytes(sumSeed, pages[:s.size])
		if s.pages++; s.pages%s.group == 0 {
			s.endGroup()
		}
	}
}

func (s *pageSums) endGroup() {
	s.sums = append(s.sums, s.sum)
	s.sum = 0
}

// compareFile compares the pages of a file with those that were added to s. The error for a page
// that differs is an [ErrMismatch] with the first such page.
func (s *pageSums) compareFile(ctx context.Context, f io.Reader, progress reporter) error {
	got := s.again()
	block := make([]byte, max(1, blockSize/s.size)*s.size)
	for {
		n, err := io.ReadFull(f, block)
		if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
			return fmt.Errorf("read page %d: %w", got.pages+1, err)
		}
		compared := len(got.sums)
		got.add(block[:n-n%s.size])
		if err := s.compare(got, compared); err != nil {
			return err
		}
		progress.report(Comparing, min(got.pages, s.pages), s.pages)
		if err := ctx.Err(); err != nil {
			return err
		}
		if err != nil { // the end of the file
			return s.compareEnd(got, n%s.size)
		}
	}
}

// compare compares the sums of got after the first ones.
func (s *pageSums) compare(got *pageSums, first int) error {
	for i := first; i < len(got.sums); i++ {
		if i >= len(s.sums) || got.sums[i] != s.sums[i] {
			return s.differs(int64(i) * s.group)
		}
	}
	return nil
}

// compareEnd compares the last group, which may be incomplete, and the number of pages. rest is the
// number of bytes after the last page.
func (s *pageSums) compareEnd(got *pageSums, rest int) error {
	if got.pages != s.pages || rest != 0 {
		return pagesDiffer(min(got.pages, s.pages)+1, 1)
	}
	if got.sum != s.sum {
		return s.differs(int64(len(s.sums)) * s.group)
	}
	return nil
}

// differs returns the error for the group after so many pages.
func (s *pageSums) differs(before int64) error {
	return pagesDiffer(before+1, min(s.group, max(1, s.pages-before)))
}

// pagesDiffer returns the error for a copy that differs from the database in one of the pages from
// first on.
func pagesDiffer(first, pages int64) error {
	what := fmt.Sprintf("page %d", first)
	if pages > 1 {
		what = fmt.Sprintf("one of the pages %d to %d", first, first+pages-1)
	}
	return differences{{What: what}}.mismatch("the copy", "the database")
}

// addAll adds the pages of a database, the first one without the fields that SQLite itself writes.
// It passes each page to read, as it is in the database.
func (s *pageSums) addAll(
	ctx context.Context, c *sqlite.Conn, read func(page []byte),
) error {
	const checkEvery = 1024
	for row, err := range c.Query("SELECT data FROM sqlite_dbpage") {
		if err != nil {
			return err
		}
		page := row.View(0)
		read(page)
		if len(page) != s.size {
			return nil // the sums differ in their number of pages
		}
		if s.pages == 0 {
			page = withoutCounters(page)
		}
		s.add(page)
		if s.pages%checkEvery == 0 {
			if err := ctx.Err(); err != nil {
				return err
			}
		}
	}
	return nil
}

// differing yields the numbers of the pages of s that may differ from those of o, in ascending
// order: the pages of groups with another sum, and the pages that o lacks.
func (s *pageSums) differing(o *pageSums) iter.Seq[int64] {
	return func(yield func(int64) bool) {
		for first := int64(0); first < s.pages; first += s.group {
			if s.group == o.group && s.sumAt(first) == o.sumAt(first) {
				continue
			}
			for page := first + 1; page <= min(first+s.group, s.pages); page++ {
				if !yield(page) {
					return
				}
			}
		}
	}
}

// sumAt returns the sum of the group after so many pages, and how many pages the group has.
func (s *pageSums) sumAt(before int64) (sum struct {
	sum   uint64
	pages int64
}) {
	sum.pages = max(0, min(s.group, s.pages-before))
	if i := before / s.group; i < int64(len(s.sums)) {
		sum.sum = s.sums[i]
	} else if sum.pages > 0 {
		sum.sum = s.sum
	}
	return sum
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
