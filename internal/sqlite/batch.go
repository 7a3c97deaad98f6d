package sqlite

import (
	"fmt"
	"io"
	"math"

	"modernc.org/libc"
	lib "modernc.org/sqlite/lib"
)

// Batch holds values to bind, row after row. The values are in memory of SQLite's kind, so binding
// copies nothing. A Batch needs no connection, so one goroutine can fill a Batch while another
// inserts the values of the Batch before. The zero Batch is empty. The caller must free it.
type Batch struct {
	tls   *libc.TLS
	p     uintptr
	size  int // the size of the memory at p
	used  int
	cells []cell
}

type cell struct {
	kind Kind
	bits int64 // the integer, the bits of the floating-point number, or the offset of the bytes
	n    int   // the number of bytes
}

// Size returns the total size of the texts and blobs in bytes.
func (b *Batch) Size() int { return b.used }

// Reset empties the batch. The batch keeps its memory for the next values, unless it has become
// large.
func (b *Batch) Reset() {
	const much = 1 << 20
	b.cells, b.used = b.cells[:0], 0
	if b.size > much {
		b.Free()
	}
}

// Free empties the batch and frees its memory.
func (b *Batch) Free() {
	if b.tls == nil {
		return
	}
	libc.Xfree(b.tls, b.p)
	b.tls.Close()
	*b = Batch{cells: b.cells[:0]}
}

func (b *Batch) AppendNull() { b.cells = append(b.cells, cell{kind: Null}) }

func (b *Batch) AppendInt(i int64) { b.cells = append(b.cells, cell{kind: Integer, bits: i}) }

func (b *Batch) AppendFloat(f float64) {
	b.cells = append(b.cells, cell{kind: Real, bits: int64(math.Float64bits(f))})
}

func (b *Batch) AppendText(text []byte) { appendBytes(b, Text, text) }

func (b *Batch) AppendBlob(blob []byte) { appendBytes(b, Blob, blob) }

// Append appends a row of values.
func (b *Batch) Append(row []Value) {
	for _, v := range row {
		switch v.kind {
		case Text, Blob:
			appendBytes(b, v.kind, v.data)
		default:
			b.cells = append(b.cells, cell{kind: v.kind, bits: v.bits})
		}
	}
}

func appendBytes[bytes string | []byte](b *Batch, kind Kind, data bytes) {
	if b.used+len(data) >= b.size {
		b.grow(b.used + len(data) + 1) // one more byte, because even an empty text needs an address
	}
	copy(libc.GoBytes(b.p, b.size)[b.used:], data)
	b.cells = append(b.cells, cell{kind: kind, bits: int64(b.used), n: len(data)})
	b.used += len(data)
}

// Digest writes bytes that identify the values to w, which is a hash or any other writer that
// accepts every byte.
func (b *Batch) Digest(w io.Writer) {
	w.Write(libc.GoBytes(b.p, b.used))
	for _, cell := range b.cells {
		fmt.Fprintln(w, cell.kind, cell.bits, cell.n)
	}
}

func (b *Batch) grow(size int) {
	if b.tls == nil {
		b.tls = libc.NewTLS()
	}
	b.size = max(64<<10, size+size/4)
	b.p = libc.Xrealloc(b.tls, b.p, libc.Tsize_t(b.size))
	if b.p == 0 {
		panic(fmt.Sprintf("sqlite: no memory for %d bytes", b.size))
	}
}

// Kind returns the storage class of value i, counted from 0.
func (b *Batch) Kind(i int) Kind { return b.cells[i].kind }

// Int64 returns value i, which must be an integer.
func (b *Batch) Int64(i int) int64 { return b.cells[i].bits }

// Float64 returns value i, which must be a floating-point number.
func (b *Batch) Float64(i int) float64 { return math.Float64frombits(uint64(b.cells[i].bits)) }

// Data returns the bytes of value i, which must be a text or a blob. The bytes belong to the batch.
func (b *Batch) Data(i int) []byte {
	cell := b.cells[i]
	return libc.GoBytes(b.p, b.size)[cell.bits:][:cell.n:cell.n]
}

// BindBatch sets the statement's parameters to n values of the batch, starting with value first.
// The batch must not change before the statement was stepped.
func (s *Stmt) BindBatch(b *Batch, first, n int) error {
	for i, cell := range b.cells[first:][:n] {
		if rc := s.bindCell(int32(i+1), cell, b.p); rc != lib.SQLITE_OK {
			return fmt.Errorf("bind parameter %d: %w", i+1, s.c.check(rc))
		}
	}
	return nil
}

// static tells SQLite that the bytes of a value stay where they are (SQLITE_STATIC).
const static = 0

func (s *Stmt) bindCell(i int32, c cell, base uintptr) int32 {
	tls := s.c.tls
	switch c.kind {
	case Integer:
		return lib.Xsqlite3_bind_int64(tls, s.stmt, i, c.bits)
	case Real:
		return lib.Xsqlite3_bind_double(tls, s.stmt, i, math.Float64frombits(uint64(c.bits)))
	case Text:
		return lib.Xsqlite3_bind_text64(tls, s.stmt, i, base+uintptr(c.bits), uint64(c.n), static,
			lib.SQLITE_UTF8)
	case Blob:
		return lib.Xsqlite3_bind_blob64(tls, s.stmt, i, base+uintptr(c.bits), uint64(c.n), static)
	}
	return lib.Xsqlite3_bind_null(tls, s.stmt, i)
}
