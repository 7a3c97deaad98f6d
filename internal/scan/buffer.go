package scan

// PieceSize is how many bytes of text, or of a value, are dealt with at once.
const PieceSize = 64 << 10

// Buffer gathers the text of rows. The zero Buffer keeps all that is appended.
type Buffer struct {
	Bytes []byte // to append to

	full  int // how many bytes there may be before they are written; 0 if all are kept
	write func([]byte) error
	err   error // the first one of write's, after which nothing is written
}

// Spill writes the bytes if there are many. A [Format] calls it after each
// value: a row may be larger than memory has room for as text.
func (b *Buffer) Spill() {
	if b.full > 0 && len(b.Bytes) >= b.full {
		b.flush()
	}
}

// flush is kept out of Spill, which is small enough to be inlined then.
//
//go:noinline
func (b *Buffer) flush() error {
	if b.err == nil {
		b.err = b.write(b.Bytes)
	}
	b.Bytes = b.Bytes[:0]
	return b.err
}

// AppendPieces appends what appendPiece makes of the data, piece by piece: it
// may be long, and its text is longer.
func (b *Buffer) AppendPieces(data []byte, appendPiece func(dst, piece []byte) []byte) {
	for len(data) > PieceSize {
		b.Bytes = appendPiece(b.Bytes, data[:PieceSize])
		data = data[PieceSize:]
		b.Spill()
	}
	b.Bytes = appendPiece(b.Bytes, data)
}
