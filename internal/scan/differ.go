package scan

import (
	"bytes"
	"errors"
	"iter"
)

// Side says which of two queries a row belongs to.
type Side int

const (
	Here  Side = iota // the query of the receiver
	There             // the other query
)

// Differ passes rows of two queries to row. Without these rows, both queries have the same rows,
// each equally often. If both tables are decoded, Differ leaves out rows with equal rowids and
// values; otherwise it passes all rows. Values are equal if their storage classes and bytes are. A
// row is valid until the function returns. An error of row ends the scan.
func (s *Scanner) Differ(
	q Query, other *Scanner, there Query, row func(side Side, values []Value) error,
) error {
	a, err := s.decode(q)
	if err != nil {
		return err
	}
	if a != nil {
		defer a.close()
	}
	b, err := other.decode(there)
	if err != nil {
		return err
	}
	if b != nil {
		defer b.close()
	}
	if a != nil && b != nil {
		return corrupt(differ(a, b, row))
	}
	if err := passAll(Here, s.Rows(q), row); err != nil {
		return err
	}
	return passAll(There, other.Rows(there), row)
}

func passAll(
	side Side, rows iter.Seq2[[]Value, error], row func(side Side, values []Value) error,
) error {
	for values, err := range rows {
		if err == nil {
			err = row(side, values)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// differ walks through both tables in the order of their rowids.
func differ(a, b *decoding, row func(side Side, values []Value) error) error {
	as, bs := readAhead(a.walk), readAhead(b.walk)
	defer as.stop()
	defer bs.stop()
	alike := a.layout.equal(b.layout)
	rows, others := newRowDecoder(a.layout), newRowDecoder(b.layout)
	x, y := as.next(), bs.next()
	for x != nil || y != nil {
		if err := errors.Join(as.failed(), bs.failed()); err != nil {
			return err
		}
		if x != nil && y != nil && x.ID == y.ID && alike && bytes.Equal(x.Record, y.Record) {
			x, y = as.next(), bs.next()
			continue
		}
		var values, theirs []Value
		var err error
		takeHere := y == nil || x != nil && x.ID <= y.ID
		takeThere := x == nil || y != nil && y.ID <= x.ID
		if takeHere {
			values, err = rows.decode(x)
		}
		if takeThere && err == nil {
			theirs, err = others.decode(y)
		}
		same := takeHere && takeThere && sameRow(values, theirs)
		if err == nil && takeHere && !same {
			err = row(Here, values)
		}
		if err == nil && takeThere && !same {
			err = row(There, theirs)
		}
		if err != nil {
			return err
		}
		if takeHere {
			x = as.next()
		}
		if takeThere {
			y = bs.next()
		}
	}
	return errors.Join(as.failed(), bs.failed())
}
