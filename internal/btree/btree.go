// Package btree finds the rows of tables in the pages of an SQLite database, as
// https://sqlite.org/fileformat2.html describes them: b-trees of rowid tables, with their overflow
// pages. It does not decode records.
//
// The caller provides the pages, so the caller is responsible for locks, the -wal and the snapshot.
// btree does not trust the pages: data that contradicts the format or itself is a [*CorruptError].
// A walk reads no more pages than the database has, and takes the memory of a [Chunk] and the
// largest row.
package btree

import (
	"encoding/binary"
	"fmt"
)

// Pages gives access to the pages of a database.
type Pages struct {
	// Read returns a page, counted from 1. The bytes are valid until the next call.
	Read func(number uint32) ([]byte, error)

	Count uint32 // the number of pages
	Size  int    // the size of a page in bytes

	// Usable is the number of bytes of a page that hold data. The rest is reserved for extensions,
	// such as a checksum.
	Usable int
}

// CorruptError reports a page that contradicts the file format.
type CorruptError struct {
	Page uint32
	Msg  string
}

func (e *CorruptError) Error() string { return fmt.Sprintf("page %d %s", e.Page, e.Msg) }

func corrupt(page uint32, format string, args ...any) error {
	return &CorruptError{page, fmt.Sprintf(format, args...)}
}

// read returns the usable bytes of a page, and checks its number and its size.
func (p *Pages) read(number uint32) ([]byte, error) {
	if number == 0 || number > p.Count {
		return nil, corrupt(number, "is referred to, but the database has %d pages", p.Count)
	}
	data, err := p.Read(number)
	if err != nil {
		return nil, fmt.Errorf("read page %d: %w", number, err)
	}
	if len(data) != p.Size {
		return nil, corrupt(number, "has %d bytes, not %d", len(data), p.Size)
	}
	return data[:p.Usable], nil
}

// The types of b-tree pages, in the first byte of their header
// (https://sqlite.org/fileformat2.html#b_tree_pages).
const (
	interiorIndex = 0x02
	interiorTable = 0x05
	leafIndex     = 0x0a
	leafTable     = 0x0d
)

// IsLeaf reports whether the page is a leaf of a table. It must not be the first page of the
// database. A root that is a leaf has all rows of its table.
func IsLeaf(page []byte) bool { return len(page) > 0 && page[0] == leafTable }

type node struct {
	number   uint32
	data     []byte
	pointers []byte // two bytes for every cell: its offset in data
}

// parseNode reads the header of a page of a table and finds its cell pointers.
func parseNode(number uint32, data []byte) (node, error) {
	return parseNodeOf(number, data, interiorTable, leafTable, "a table")
}

// parseNodeOf reads a page of one of the given types, those of what.
func parseNodeOf(number uint32, data []byte, interior, leaf byte, what string) (node, error) {
	start := 0
	if number == 1 {
		start = 100 // the database header comes first
	}
	if len(data) < start+12 {
		return node{}, corrupt(number, "has %d bytes", len(data))
	}
	header := 8
	switch kind := data[start]; kind {
	case leaf:
	case interior:
		header = 12
	default:
		return node{}, corrupt(number, "is of type %#02x, not one of %s", kind, what)
	}
	cells := int(binary.BigEndian.Uint16(data[start+3:]))
	pointers := data[start+header:]
	if 2*cells > len(pointers) {
		return node{}, corrupt(number, "has %d cells, which is more than it has room for", cells)
	}
	return node{number, data, pointers[:2*cells]}, nil
}

func (n node) isLeaf() bool { return len(n.data) > 0 && n.data[n.start()] == leafTable }

func (n node) start() int {
	if n.number == 1 {
		return 100
	}
	return 0
}

func (n node) cells() int { return len(n.pointers) / 2 }

// cell returns the part of the page from the start of cell i.
func (n node) cell(i int) ([]byte, error) {
	at := int(binary.BigEndian.Uint16(n.pointers[2*i:]))
	if at < n.start()+8+len(n.pointers) || at > len(n.data)-4 {
		return nil, corrupt(n.number, "has cell %d at byte %d", i, at)
	}
	return n.data[at:], nil
}

// children appends the numbers of the pages below an interior page, from left to right.
func (n node) children(dst []uint32) ([]uint32, error) {
	for i := range n.cells() {
		cell, err := n.cell(i)
		if err != nil {
			return dst, err
		}
		dst = append(dst, binary.BigEndian.Uint32(cell))
	}
	return append(dst, binary.BigEndian.Uint32(n.data[n.start()+8:])), nil
}
