package dump

import (
	"github.com/seedkit/seedkit/internal/btree"
	"github.com/seedkit/seedkit/internal/sqlite"
)

// row writes one INSERT, given up to its first value, of a row that SQLite has
// read.
func (s *script) row(insert []byte, row *sqlite.Stmt) {
	s.buf = append(s.buf, insert...)
	for i := range row.Columns() {
		if i > 0 {
			s.buf = append(s.buf, ',')
		}
		s.column(row, i)
	}
	s.endRow()
}

func (s *script) column(row *sqlite.Stmt, i int) {
	switch row.Kind(i) {
	case sqlite.Integer:
		s.integer(row.Int64(i))
	case sqlite.Real:
		s.real(row.Float64(i))
	case sqlite.Text:
		s.text(row.View(i))
	case sqlite.Blob:
		s.blob(row.View(i))
	default:
		s.null()
	}
	s.flushIfFull()
}

// record writes one INSERT of a row in a b-tree, of which these are the fields.
func (s *script) record(insert []byte, columns []column, id int64, fields []btree.Value) {
	s.buf = append(s.buf, insert...)
	for i := range columns {
		if i > 0 {
			s.buf = append(s.buf, ',')
		}
		switch c := &columns[i]; {
		case c.field == rowid:
			s.integer(id)
		case c.field >= len(fields):
			s.buf = append(s.buf, c.missing...)
		default:
			s.field(&fields[c.field], c.isReal)
		}
	}
	s.endRow()
}

func (s *script) field(v *btree.Value, isReal bool) {
	switch serial := v.Serial; {
	case serial == btree.SerialNull || serial == btree.SerialInternal || serial == btree.SerialInternal+1:
		s.null()
	case serial == btree.SerialReal:
		s.real(v.Real())
	case serial < btree.SerialBlob && isReal:
		s.real(float64(v.Int()))
	case serial < btree.SerialBlob:
		s.integer(v.Int())
	case serial%2 == 0:
		s.blob(v.Data)
	default:
		s.text(v.Data)
	}
	s.flushIfFull()
}

func (s *script) endRow() {
	s.buf = append(s.buf, ");\n"...)
	s.endStatement()
}
