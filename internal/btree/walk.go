package btree

import (
	"encoding/binary"
	"fmt"
	"runtime/debug"
)

// maxDepth is the largest depth of a b-tree (BTCURSOR_MAX_DEPTH of SQLite's btreeInt.h).
const maxDepth = 20

// chunkSize is the number of bytes that fill a [Chunk].
const chunkSize = 64 << 10

// largeRecord is the number of bytes from which a record is large.
const largeRecord = 16 * chunkSize

// muchMemory is an amount of memory that justifies a garbage collection.
const muchMemory = 8 << 20

// Walk goes through the leaves of a table from left to right.
type Walk struct {
	pages   *Pages
	below   [][]uint32 // for every level, the pages to visit
	visited uint32
	leaf    uint32 // the page whose cells, from number cell on, come next; 0 if none do
	cell    int
	large   []byte // the memory for large records, used for one after the other

	borrower *Chunk // the last chunk that used large
}

// NewWalk begins a walk through the table with the given root page.
func NewWalk(pages *Pages, root uint32) *Walk {
	return &Walk{pages: pages, below: [][]uint32{{root}}}
}

// Next fills the chunk with the next rows, and reports whether there are any. The chunk loses its
// former rows. The caller must be done with a large chunk before the next call, even if that call
// fills a different chunk.
func (w *Walk) Next(c *Chunk) (bool, error) {
	c.reset()
	for !c.isFull() {
		n, err := w.next()
		if err != nil {
			return false, err
		}
		if n.number == 0 {
			if len(c.Rows) == 0 {
				w.replaceLarge(0) // the caller may need the memory
			}
			return len(c.Rows) > 0, nil
		}
		if err := w.addLeaf(c, n); err != nil {
			return false, err
		}
	}
	return true, nil
}

// next returns the leaf with the next cells, or a node with number 0 at the end.
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

// count counts the pages of the tree and of its records. There cannot be more than the database
// has, so a walk through a tree with a cycle ends.
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

// addLeaf adds the rows of the leaf to the chunk. It stops at a row with overflow pages if the
// chunk has no room for them.
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

// follow adds a record that continues on overflow pages to the chunk
// (https://sqlite.org/fileformat2.html#ovflpgs).
func (w *Walk) follow(c *Chunk, leaf uint32, cell leafCell) ([]byte, error) {
	room, rest := w.pages.Usable-4, cell.size-len(cell.local)
	if rest/room >= int(w.pages.Count) {
		return nil, corrupt(leaf, "has a record of %d bytes, which is more than the database has",
			cell.size)
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

// lend gives the memory for large records to the chunk. A walk never has more of this memory than
// its largest record needs.
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
		// otherwise the old and the new memory would exist together for a while
		debug.FreeOSMemory()
	}
	w.large = make([]byte, 0, size)
}
