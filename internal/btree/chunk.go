package btree

import "iter"

// Chunk holds consecutive rows of a table, apart from the database: it can be
// read in another goroutine than that which goes on with the walk. The zero
// Chunk is empty. It keeps its memory for the next rows.
type Chunk struct {
	pages    []byte // of the leaves
	leaves   []leaf
	overflow []byte // the records that continue on overflow pages, whole
	large    bool   // overflow is the walk's
}

// leaf is a page in a chunk, and which of its cells belong to the chunk.
type leaf struct {
	number   uint32
	at, size int
	from, to int
}

// Row is a row of a table. Its record is good as long as the chunk is left
// alone.
type Row struct {
	ID     int64 // the rowid
	Page   uint32
	Record []byte
}

func (c *Chunk) reset() {
	if c.large {
		c.overflow, c.large = nil, false
	}
	c.pages, c.leaves, c.overflow = c.pages[:0], c.leaves[:0], c.overflow[:0]
}

// IsLarge reports whether a row in the chunk is so large that there should not
// be another like it in memory; see [Walk.Next].
func (c *Chunk) IsLarge() bool { return c.large }

// add copies a leaf into the chunk, and returns the copy.
func (c *Chunk) add(n node, from int) node {
	at := len(c.pages)
	c.pages = append(c.pages, n.data...)
	c.leaves = append(c.leaves, leaf{number: n.number, at: at, size: len(n.data), from: from})
	return c.node(c.leaves[len(c.leaves)-1])
}

func (c *Chunk) node(l leaf) node {
	n, _ := parseNode(l.number, c.pages[l.at:][:l.size]) // it was parsed before
	return n
}

// end says which cell of the last leaf is the first that does not belong to
// the chunk.
func (c *Chunk) end(to int) { c.leaves[len(c.leaves)-1].to = to }

// Rows yields the rows in order. An error comes last.
func (c *Chunk) Rows() iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		overflow := c.overflow
		for _, l := range c.leaves {
			n := c.node(l)
			for i := l.from; i < l.to; i++ {
				cell, err := n.leafCell(i)
				if err != nil {
					yield(Row{}, err)
					return
				}
				record := cell.local
				if cell.overflows() {
					record, overflow = overflow[:cell.size], overflow[cell.size:]
				}
				if !yield(Row{cell.rowid, l.number, record}, nil) {
					return
				}
			}
		}
	}
}
