package scan

import (
	"encoding/binary"
	"fmt"

	"github.com/seedkit/seedkit/internal/btree"
	"github.com/seedkit/seedkit/internal/sqlite"
)

type rowDecoder struct {
	*layout
	values []Value
	rowid  [8]byte
	real   []byte // eight bytes for every column in reals, for reals stored as integers
}

func newRowDecoder(l *layout) *rowDecoder {
	d := &rowDecoder{
		layout: l, values: make([]Value, len(l.columns)), real: make([]byte, 8*len(l.reals)),
	}
	for _, i := range l.rowids {
		d.values[i] = Value{serialInt64, d.rowid[:]}
	}
	return d
}

// decode returns the values of a row. The values are valid until the next row, and no longer than
// the record.
func (d *rowDecoder) decode(row *btree.Row) ([]Value, error) {
	fields, ok := d.read(row.Record)
	if !ok {
		return nil, &btree.CorruptError{
			Page: row.Page, Msg: fmt.Sprintf("has a malformed record, that of rowid %d", row.ID),
		}
	}
	binary.BigEndian.PutUint64(d.rowid[:], uint64(row.ID))
	for _, i := range d.fields[fields:] { // these were added to the table after the row
		if i != unread {
			d.values[i] = d.columns[i].missing
		}
	}
	for n, i := range d.reals {
		if v := &d.values[i]; v.Kind() == sqlite.Integer {
			*v = float64Value(d.real[8*n:][:8], float64(v.Int64()))
		}
	}
	return d.values, nil
}

// read sets the values of the fields in a record, and returns the number of wanted fields that the
// record has. It returns false if the bytes are not a record.
func (d *rowDecoder) read(record []byte) (fields int, ok bool) {
	size, at := btree.Varint(record)
	if size == 0 && at == 1 {
		return 0, true // SQLite reads 0 as an empty header, although it writes 1
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

// forget releases values that may keep the memory of a large record.
func (d *rowDecoder) forget() {
	for _, i := range d.fields {
		if i != unread {
			d.values[i] = Value{}
		}
	}
}
