package scan

import (
	"encoding/binary"
	"fmt"
	"math"

	"github.com/seedkit/seedkit/internal/btree"
	"github.com/seedkit/seedkit/internal/sqlite"
)

// rowDecoder decodes the rows of one table, one after another.
type rowDecoder struct {
	*layout
	values []Value
	rowid  [8]byte
	real   []byte // eight bytes a column of reals, for those that are stored as integers
}

func newRowDecoder(l *layout) *rowDecoder {
	d := &rowDecoder{layout: l, values: make([]Value, len(l.columns)), real: make([]byte, 8*len(l.reals))}
	for _, i := range l.rowids {
		d.values[i] = Value{serialInt64, d.rowid[:]}
	}
	return d
}

// decode returns a row's values, which are good until the next row, and as long
// as the record is.
func (d *rowDecoder) decode(row *btree.Row) ([]Value, error) {
	fields, ok := d.read(row.Record)
	if !ok {
		return nil, &btree.CorruptError{Page: row.Page, Msg: fmt.Sprintf("has a malformed record, that of rowid %d", row.ID)}
	}
	binary.BigEndian.PutUint64(d.rowid[:], uint64(row.ID))
	for _, i := range d.fields[fields:] { // that were added to the table after the row
		if i != unread {
			d.values[i] = d.columns[i].missing
		}
	}
	for n, i := range d.reals {
		if v := &d.values[i]; v.Kind() == sqlite.Integer {
			body := d.real[8*n:][:8]
			binary.BigEndian.PutUint64(body, math.Float64bits(float64(v.Int64())))
			*v = Value{serialReal, body}
		}
	}
	return d.values, nil
}

// read sets the values of the fields that a record has, and returns how many of
// those that are wanted it has. It reports false for what is no record.
func (d *rowDecoder) read(record []byte) (fields int, ok bool) {
	size, at := btree.Varint(record)
	if size == 0 && at == 1 {
		return 0, true // as SQLite has it, though it writes 1
	}
	if at == 0 || size < uint64(at) || size > uint64(len(record)) {
		return 0, false
	}
	header, body := record[at:size], record[size:]
	for ; fields < len(d.fields) && len(header) > 0; fields++ {
		serial, took := btree.Varint(header)
		length := bodySize(serial)
		if took == 0 || length > uint64(len(body)) {
			return 0, false
		}
		if i := d.fields[fields]; i != unread {
			d.values[i] = Value{serial, body[:length]}
		}
		header, body = header[took:], body[length:]
	}
	return fields, len(header) > 0 || len(body) == 0
}

func bodySize(serial uint64) uint64 {
	if serial < serialBlob {
		return sizes[serial]
	}
	return (serial - serialBlob) / 2
}

// forget lets go of what may be the memory of a large record.
func (d *rowDecoder) forget() {
	for _, i := range d.fields {
		if i != unread {
			d.values[i] = Value{}
		}
	}
}
