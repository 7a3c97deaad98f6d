package sqlite

import (
	"fmt"

	"github.com/seedkit/seedkit/internal/tempfile"
)

// writtenPages keeps the pages of a database that were written: in memory while they are few, and
// then in a temporary file, where each page has its own place. The file has holes for all other
// pages. The zero writtenPages has no pages.
type writtenPages struct {
	few  map[int64][]byte
	file *tempfile.File // nil while there are few pages
	has  []uint64       // the pages in the file, as bits
}

// mostInMemory is the size of the pages that are kept in memory.
const mostInMemory = 4 << 20

// put keeps a page. Pages are numbered from 1.
func (w *writtenPages) put(number int64, page []byte) error {
	if w.file == nil && (len(w.few)+1)*len(page) > mostInMemory {
		if err := w.spill(); err != nil {
			return err
		}
	}
	if w.file != nil {
		return w.write(number, page)
	}
	if w.few == nil {
		w.few = map[int64][]byte{}
	}
	w.few[number] = append(w.few[number][:0], page...)
	return nil
}

// spill moves the pages into a file.
func (w *writtenPages) spill() error {
	file, err := tempfile.New()
	if err != nil {
		return err
	}
	w.file = &file
	for number, page := range w.few {
		if err := w.write(number, page); err != nil {
			return err
		}
	}
	w.few = nil
	return nil
}

func (w *writtenPages) write(number int64, page []byte) error {
	if _, err := w.file.WriteAt(page, (number-1)*int64(len(page))); err != nil {
		return fmt.Errorf("keep page %d: %w", number, err)
	}
	for number/64 >= int64(len(w.has)) {
		w.has = append(w.has, make([]uint64, len(w.has)+16)...)
	}
	w.has[number/64] |= 1 << (number % 64)
	return nil
}

// get copies a page into dst. It reports whether the page was written.
func (w *writtenPages) get(dst []byte, number int64) (bool, error) {
	if w.file == nil {
		page, ok := w.few[number]
		copy(dst, page)
		return ok, nil
	}
	if !w.holds(number) {
		return false, nil
	}
	if _, err := w.file.ReadAt(dst, (number-1)*int64(len(dst))); err != nil {
		return false, fmt.Errorf("read page %d: %w", number, err)
	}
	return true, nil
}

// truncate drops the pages after the first ones.
func (w *writtenPages) truncate(pages int64) {
	for number := range w.few {
		if number > pages {
			delete(w.few, number)
		}
	}
	for number := pages + 1; number < int64(len(w.has))*64; number++ {
		w.has[number/64] &^= 1 << (number % 64)
	}
}

func (w *writtenPages) close() {
	if w.file != nil {
		w.file.Close()
	}
}
