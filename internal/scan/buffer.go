package scan

// PieceSize is the number of bytes of text, or of a value, that are processed at once.
const PieceSize = 64 << 10

// Buffer collects the text of rows. The zero Buffer keeps every byte.
type Buffer struct {
	Bytes []byte // callers append to it

	full  int // the number of bytes at which they are written; 0 to keep all
	write func([]byte) error
	err   error // the first error of write, after which nothing is written
}

// Spill writes the bytes if there are many. A [Format] calls it after every value, because the text
// of a row may be larger than memory.
func (b *Buffer) Spill() {
	if b.full > 0 && len(b.Bytes) >= b.full {
		b.flush()
	}
}

// flush is a separate function so that Spill is small enough for inlining.
//
//go:noinline
func (b *Buffer) flush() error {
	if b.err == nil {
		b.err = b.write(b.Bytes)
	}
	b.Bytes = b.Bytes[:0]
	return b.err
}

// AppendPieces appends the result of appendPiece for the data, piece by piece. The data may be
// long, and its text is longer.
func (b *Buffer) AppendPieces(data []byte, appendPiece func(dst, piece []byte) []byte) {
	for len(data) > PieceSize {
		b.Bytes = appendPiece(b.Bytes, data[:PieceSize])
		data = data[PieceSize:]
		b.Spill()
	}
	b.Bytes = appendPiece(b.Bytes, data)
}
