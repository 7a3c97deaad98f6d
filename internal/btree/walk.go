package btree

import (
	"encoding/binary"
	"fmt"
	"runtime/debug"
)

// maxDepth is how deep a b-tree can be
// (BTCURSOR_MAX_DEPTH of SQLite's btreeInt.h).
const maxDepth = 20

// chunkSize is how many bytes make a [Chunk] full.
const chunkSize = 64 << 10

// largeRecord is how many bytes make a record large.
const largeRecord = 16 * chunkSize

// muchMemory is worth a garbage collection.
const muchMemory = 8 << 20

// Walk goes through the leaves of a table from left to right.
type Walk struct {
	pages   *Pages
	below   [][]uint32 // for each level, the pages that are still to visit
	visited uint32
	leaf    uint32 // whose cells from the one numbered cell on are next; 0 if none are
	cell    int
	large   []byte // holds the large records, one after the other

	borrower *Chunk // that had large last
}

// NewWalk begins a walk through the table with that root page.
func NewWalk(pages *Pages, root uint32) *Walk {
	return &Walk{pages: pages, below: [][]uint32{{root}}}
}

// Next fills the chunk with the rows that follow, and reports whether there
// are any. What the chunk held before is gone. If a chunk is large, it must be
// done with before the next call, whichever chunk that is for.
func (w *Walk) Next(c *Chunk) (bool, error) {
	c.reset()
	for !c.isFull() {
		n, err := w.next()
		if err != nil {
			return false, err
		}
		if n.number == 0 {
			if len(c.Rows) == 0 {
				w.replaceLarge(0) // what comes next may need the memory
			}
			return len(c.Rows) > 0, nil
		}
		if err := w.addLeaf(c, n); err != nil {
			return false, err
		}
	}
	return true, nil
}

// next returns the leaf of which cells are next; one of number 0 at the end.
func (w *Walk) next() (node, error) {
	if w.leaf != 0 {
		return w.node(w.leaf)
	}
	for len(w.below) > 0 {
		last := len(w.below) - 1
		if len(w.below[last]) == 0 {
			w.below = w.below[:last]
			continue
		}
		number := w.below[last][0]
		w.below[last] = w.below[last][1:]
		n, err := w.visit(number)
		if err != nil {
			return node{}, err
		}
		if n.isLeaf() {
			w.leaf, w.cell = number, 0
			return n, nil
		}
		if len(w.below) == maxDepth {
			return node{}, corrupt(number, "is deeper in its table than any can be")
		}
		children, err := n.children(nil)
		if err != nil {
			return node{}, err
		}
		w.below = append(w.below, children)
	}
	return node{}, nil
}

// visit reads a page of the tree.
func (w *Walk) visit(number uint32) (node, error) {
	if err := w.count(number); err != nil {
		return node{}, err
	}
	n, err := w.node(number)
	if err == nil && n.cells() == 0 && (len(w.below) > 1 || !n.isLeaf()) {
		err = corrupt(number, "has no cells, and is not the only one of its table")
	}
	return n, err
}

// count counts the pages of the tree and its records. There can be no more than
// the database has, so a tree whose pages are its own ancestors has an end.
func (w *Walk) count(number uint32) error {
	if w.visited++; w.visited > w.pages.Count {
		return corrupt(number, "is in its table more than once, or another is")
	}
	return nil
}

func (w *Walk) node(number uint32) (node, error) {
	data, err := w.pages.read(number)
	if err != nil {
		return node{}, err
	}
	return parseNode(number, data)
}

// addLeaf puts the rows of the leaf into the chunk, with what they have on
// overflow pages, as long as there is room for these.
func (w *Walk) addLeaf(c *Chunk, n node) error {
	n = c.add(n)
	for used := 0; w.cell < n.cells(); w.cell++ {
		cell, err := n.leafCell(w.cell)
		if err != nil {
			return err
		}
		if used += cell.length; used > len(n.data) {
			return corrupt(n.number, "has cells that overlap")
		}
		record := cell.local
		if cell.overflows() {
			if c.large || len(c.overflow) >= chunkSize {
				return nil
			}
			if record, err = w.follow(c, n.number, cell); err != nil {
				return err
			}
		}
		c.Rows = append(c.Rows, Row{cell.rowid, n.number, record})
	}
	w.leaf = 0
	return nil
}

// follow puts a record that continues on overflow pages into the chunk
// (https://sqlite.org/fileformat2.html#ovflpgs).
func (w *Walk) follow(c *Chunk, leaf uint32, cell leafCell) ([]byte, error) {
	room, rest := w.pages.Usable-4, cell.size-len(cell.local)
	if rest/room >= int(w.pages.Count) {
		return nil, corrupt(leaf, "has a record of %d bytes, which is more than the database has", cell.size)
	}
	if cell.size >= largeRecord {
		w.lend(c, cell.size)
	}
	at := len(c.overflow)
	c.overflow = append(c.overflow, cell.local...)
	for next := cell.overflow; rest > 0; {
		if err := w.count(next); err != nil {
			return nil, err
		}
		data, err := w.pages.read(next)
		if err != nil {
			return nil, fmt.Errorf("row on page %d: %w", leaf, err)
		}
		next = binary.BigEndian.Uint32(data)
		part := data[4:][:min(rest, room)]
		c.overflow = append(c.overflow, part...)
		rest -= len(part)
	}
	return c.overflow[at:], nil
}

// lend gives the memory for large records to the chunk, so that there is never
// more of it than the largest needs.
func (w *Walk) lend(c *Chunk, size int) {
	if size += len(c.overflow); cap(w.large) < size {
		w.replaceLarge(size)
	}
	c.overflow = append(w.large[:0], c.overflow...)
	c.large = true
	w.borrower = c
}

func (w *Walk) replaceLarge(size int) {
	old := cap(w.large)
	if w.large = nil; w.borrower != nil && w.borrower.large {
		w.borrower.reset()
	}
	if old > muchMemory {
		debug.FreeOSMemory() // else both would be there for a while
	}
	w.large = make([]byte, 0, size)
}
