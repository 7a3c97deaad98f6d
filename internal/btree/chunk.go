package btree

// Chunk holds consecutive rows of a table, apart from the database: it can be
// read in another goroutine than that which goes on with the walk. The zero
// Chunk is empty. It keeps its memory for the next rows.
type Chunk struct {
	// Rows are in the order of the table. Their records are good as long as
	// the chunk is left alone.
	Rows []Row

	pages    []byte // that hold the rows
	overflow []byte // the records that continue on overflow pages, whole
	large    bool   // overflow is the walk's
}

// Row is a row of a table.
type Row struct {
	ID     int64 // the rowid
	Page   uint32
	Record []byte // see https://sqlite.org/fileformat2.html#record_format
}

// IsLarge reports whether a row in the chunk is so large that there should not
// be another like it in memory; see [Walk.Next].
func (c *Chunk) IsLarge() bool { return c.large }

func (c *Chunk) reset() {
	if c.large {
		c.overflow, c.large = nil, false
		clear(c.Rows[:cap(c.Rows)])
	}
	c.Rows, c.pages, c.overflow = c.Rows[:0], c.pages[:0], c.overflow[:0]
}

func (c *Chunk) isFull() bool { return c.large || len(c.pages)+len(c.overflow) >= chunkSize }

// add copies a leaf into the chunk, and returns the copy. Rows in pages that
// the chunk already has stay where they are.
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
