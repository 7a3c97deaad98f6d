package btree

import "encoding/binary"

// leafCell is a row as a leaf page stores it.
type leafCell struct {
	rowid    int64
	length   int    // the bytes of the cell on the leaf
	size     int    // the bytes of the record
	local    []byte // the part of the record on the leaf
	overflow uint32 // the page with the next part, if the record overflows
}

func (c leafCell) overflows() bool { return len(c.local) < c.size }

// leafCell decodes cell i of a leaf page.
func (n node) leafCell(i int) (leafCell, error) {
	cell, err := n.cell(i)
	if err != nil {
		return leafCell{}, err
	}
	size, a := Varint(cell)
	rowid, b := Varint(cell[a:])
	if a == 0 || b == 0 {
		return leafCell{}, corrupt(n.number, "ends within cell %d", i)
	}
	if size > maxRecord {
		return leafCell{}, corrupt(n.number, "has a record of %d bytes in cell %d", size, i)
	}
	c := leafCell{rowid: int64(rowid), size: int(size), local: cell[a+b:]}
	local := localSize(c.size, len(n.data))
	if local < c.size {
		if local+4 > len(c.local) {
			return leafCell{}, corrupt(n.number, "ends within cell %d", i)
		}
		c.overflow = binary.BigEndian.Uint32(c.local[local:])
		c.length = 4
	} else if local > len(c.local) {
		return leafCell{}, corrupt(n.number, "ends within cell %d", i)
	}
	c.local = c.local[:local]
	c.length += a + b + local
	return c, nil
}

// maxRecord is more than the length of the longest record that SQLite writes, which is that of the
// longest string (https://sqlite.org/limits.html).
const maxRecord = 1<<31 - 1

// localSize is the number of bytes of a record of the given size that are on the leaf itself
// (https://sqlite.org/fileformat2.html#cell_payload_overflow_pages).
func localSize(size, usable int) int {
	most := usable - 35
	if size <= most {
		return size
	}
	least := (usable-12)*32/255 - 23
	if local := least + (size-least)%(usable-4); local <= most {
		return local
	}
	return least
}

// Varint decodes an integer of one to nine bytes (https://sqlite.org/fileformat2.html#varint) and
// returns it with its length. The length is 0 if the data ends too early.
func Varint(data []byte) (uint64, int) {
	if len(data) > 0 && data[0] < 0x80 {
		return uint64(data[0]), 1
	}
	var v uint64
	for i, b := range data[:min(9, len(data))] {
		if i == 8 {
			return v<<8 | uint64(b), 9
		}
		v = v<<7 | uint64(b&0x7f)
		if b < 0x80 {
			return v, i + 1
		}
	}
	return 0, 0
}
