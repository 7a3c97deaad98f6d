package btree

import (
	"encoding/binary"
	"errors"
)

// ErrLongKey reports an entry of an index that continues on overflow pages. An [IndexWalk] does not
// read such entries.
var ErrLongKey = errors.New("an index has a key that is too long for a page")

// IndexWalk goes through the entries of an index in their order, from the first to the last. It
// takes the memory of a page for every level of the index.
type IndexWalk struct {
	pages   *Pages
	root    uint32
	path    []position // from the root to the entry that comes next
	visited uint32
}

// position is a page, and the cell of it that comes next.
type position struct {
	node
	cell  int
	below bool // the page below the cell was visited
}

// NewIndexWalk begins a walk through the index with the given root page.
func NewIndexWalk(pages *Pages, root uint32) *IndexWalk {
	return &IndexWalk{pages: pages, root: root}
}

// Next returns the record of the next entry, or nil at the end
// (https://sqlite.org/fileformat2.html#record_format). The record is valid until the next call.
func (w *IndexWalk) Next() ([]byte, error) {
	if w.visited == 0 {
		if err := w.descend(w.root); err != nil {
			return nil, err
		}
	}
	for len(w.path) > 0 {
		at := &w.path[len(w.path)-1]
		interior := at.data[at.start()] == interiorIndex
		if interior && !at.below {
			at.below = true
			child, err := at.child()
			if err == nil {
				err = w.descend(child)
			}
			if err != nil {
				return nil, err
			}
			continue
		}
		if at.cell < at.cells() {
			record, err := at.indexCell(at.cell, interior)
			at.cell++
			at.below = false
			return record, err
		}
		w.path = w.path[:len(w.path)-1]
	}
	return nil, nil
}

// child returns the number of the page below the next cell. After the last cell it is the rightmost
// page.
func (p *position) child() (uint32, error) {
	if p.cell == p.cells() {
		return binary.BigEndian.Uint32(p.data[p.start()+8:]), nil
	}
	cell, err := p.node.cell(p.cell)
	if err != nil {
		return 0, err
	}
	return binary.BigEndian.Uint32(cell), nil
}

// descend goes to the first cell of a page.
func (w *IndexWalk) descend(number uint32) error {
	if w.visited++; w.visited > w.pages.Count {
		return corrupt(number, "is in its index more than once, or another is")
	}
	if len(w.path) == maxDepth {
		return corrupt(number, "is deeper in its index than any can be")
	}
	data, err := w.pages.read(number)
	if err != nil {
		return err
	}
	level := len(w.path)
	if cap(w.path) > level {
		// the memory of the page that was visited before
		data = append(w.path[:level+1][level].data[:0], data...)
	} else {
		data = append([]byte(nil), data...)
	}
	n, err := parseNodeOf(number, data, interiorIndex, leafIndex, "an index")
	w.path = append(w.path, position{node: n})
	return err
}

// indexCell returns the record in cell i of an index.
func (n node) indexCell(i int, interior bool) ([]byte, error) {
	cell, err := n.cell(i)
	if err != nil {
		return nil, err
	}
	if interior {
		cell = cell[4:] // the page below
	}
	size, a := Varint(cell)
	if a == 0 {
		return nil, corrupt(n.number, "ends within cell %d", i)
	}
	if size > uint64(longestKey(len(n.data))) {
		return nil, ErrLongKey
	}
	if size > uint64(len(cell)-a) {
		return nil, corrupt(n.number, "ends within cell %d", i)
	}
	return cell[a:][:size], nil
}

// longestKey is the number of bytes of the longest record without overflow pages
// (https://sqlite.org/fileformat2.html#cell_payload_overflow_pages).
func longestKey(usable int) int { return (usable-12)*64/255 - 23 }
