package btree

// Chunk holds consecutive rows of a table, independent of the database: one goroutine can read it
// while another continues the walk. The zero Chunk is empty. A Chunk reuses its memory for the next
// rows.
type Chunk struct {
	// Rows are in the order of the table. Their records are valid until the chunk is filled again.
	Rows []Row

	pages    []byte // the pages that hold the rows
	overflow []byte // the complete records that continue on overflow pages
	large    bool   // overflow belongs to the walk
}

// Row is a row of a table.
type Row struct {
	ID     int64 // the rowid
	Page   uint32
	Record []byte // see https://sqlite.org/fileformat2.html#record_format
}

// IsLarge reports whether the chunk has a row so large that memory should not hold another one. See
// [Walk.Next].
func (c *Chunk) IsLarge() bool { return c.large }

func (c *Chunk) reset() {
	if c.large {
		c.overflow, c.large = nil, false
		clear(c.Rows[:cap(c.Rows)])
	}
	c.Rows, c.pages, c.overflow = c.Rows[:0], c.pages[:0], c.overflow[:0]
}

func (c *Chunk) isFull() bool { return c.large || len(c.pages)+len(c.overflow) >= chunkSize }

// add copies a leaf into the chunk and returns the copy. It does not move pages that the chunk
// already has.
func (c *Chunk) add(n node) node {
	if c.pages == nil {
		c.pages = make([]byte, 0, chunkSize+len(n.data))
	}
	at := len(c.pages)
	c.pages = append(c.pages, n.data...)
	n.data = c.pages[at:]
	first := n.start() + 8
	n.pointers = n.data[first:][:len(n.pointers)]
	return n
}
