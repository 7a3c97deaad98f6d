package btree

import (
	"encoding/binary"
	"math"
)

// Value is a value in a record: its serial type
// (https://sqlite.org/fileformat2.html#record_format) and its bytes.
type Value struct {
	Serial uint64
	Data   []byte
}

// Serial types. Any from 12 on is a blob if it is even, else text.
const (
	SerialNull     = 0
	SerialReal     = 7
	SerialZero     = 8
	SerialOne      = 9
	SerialInternal = 10 // this and the next are SQLite's own, and NULL to it in a file
	SerialBlob     = 12
)

// sizes of the values of the serial types below 12.
var sizes = [12]uint64{0, 1, 2, 3, 4, 6, 8, 8, 0, 0, 0, 0}

// Int returns the value of an integer, of serial type 1 to 6, 8 or 9.
func (v Value) Int() int64 {
	switch d := v.Data; len(d) {
	case 1:
		return int64(int8(d[0]))
	case 2:
		return int64(int16(binary.BigEndian.Uint16(d)))
	case 3:
		return int64(int8(d[0]))<<16 | int64(binary.BigEndian.Uint16(d[1:]))
	case 4:
		return int64(int32(binary.BigEndian.Uint32(d)))
	case 6:
		return int64(int16(binary.BigEndian.Uint16(d)))<<32 | int64(binary.BigEndian.Uint32(d[2:]))
	case 8:
		return int64(binary.BigEndian.Uint64(d))
	}
	if v.Serial == SerialOne {
		return 1
	}
	return 0
}

// Real returns the value of serial type [SerialReal].
func (v Value) Real() float64 { return math.Float64frombits(binary.BigEndian.Uint64(v.Data)) }

// Values appends the values of the row's first n fields to dst. There are
// fewer in a row that was written before a column was added.
func (r Row) Values(dst []Value, n int) ([]Value, error) {
	size, at := varint(r.Record)
	if size == 0 && at == 1 {
		return dst, nil // as SQLite has it, though it writes 1
	}
	if at == 0 || size < uint64(at) || size > uint64(len(r.Record)) {
		return dst, r.corrupt()
	}
	header, body := r.Record[at:size], r.Record[size:]
	for ; n > 0 && len(header) > 0; n-- {
		serial, took := varint(header)
		length := bodySize(serial)
		if took == 0 || length > uint64(len(body)) {
			return dst, r.corrupt()
		}
		dst = append(dst, Value{serial, body[:length]})
		header, body = header[took:], body[length:]
	}
	if len(header) == 0 && len(body) > 0 {
		return dst, r.corrupt()
	}
	return dst, nil
}

func bodySize(serial uint64) uint64 {
	if serial < SerialBlob {
		return sizes[serial]
	}
	return (serial - SerialBlob) / 2
}

func (r Row) corrupt() error {
	return corrupt(r.Page, "has a malformed record, that of rowid %d", r.ID)
}
