package scan

import (
	"bytes"
	"errors"
	"iter"
	"slices"
)

// Same reports whether the query returns the same rows as another query on another connection:
// equally many, in the same order, with values of the same storage classes and bytes.
func (s *Scanner) Same(q Query, other *Scanner, there Query) (bool, error) {
	a, err := s.decode(q)
	if err != nil {
		return false, err
	}
	if a != nil {
		defer a.close()
	}
	b, err := other.decode(there)
	if err != nil {
		return false, err
	}
	if b != nil {
		defer b.close()
	}
	if a == nil || b == nil {
		return inStep(s.Rows(q), other.Rows(there))
	}
	same, err := sameRecords(a, b)
	return same, corrupt(err)
}

func inStep(rows, others iter.Seq2[[]Value, error]) (bool, error) {
	next, stop := iter.Pull2(others)
	defer stop()
	for row, err := range rows {
		if err != nil {
			return false, err
		}
		other, err, ok := next()
		if err != nil {
			return false, err
		}
		if !ok || !sameRow(row, other) {
			return false, nil
		}
	}
	_, err, more := next()
	return !more, err
}

func sameRow(a, b []Value) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if !equal(&a[i], &b[i]) {
			return false
		}
	}
	return true
}

// sameRecords compares the bytes of records, and decodes records that differ, because there is more
// than one way to write a value.
func sameRecords(a, b *decoding) (bool, error) {
	as, bs := readAhead(a.walk), readAhead(b.walk)
	defer as.stop()
	defer bs.stop()
	alike := a.layout.equal(b.layout)
	rows, others := newRowDecoder(a.layout), newRowDecoder(b.layout)
	for {
		x, y := as.next(), bs.next()
		if x == nil || y == nil {
			err := errors.Join(as.failed(), bs.failed())
			return x == y && err == nil, err
		}
		if alike && (x.ID == y.ID || len(a.layout.rowids) == 0) && bytes.Equal(x.Record, y.Record) {
			continue
		}
		row, err := rows.decode(x)
		other, otherErr := others.decode(y)
		if err := errors.Join(err, otherErr); err != nil || !sameRow(row, other) {
			return false, err
		}
	}
}

// equal reports whether equal records with equal rowids are equal rows.
func (l *layout) equal(other *layout) bool {
	return slices.Equal(l.fields, other.fields) && slices.Equal(l.rowids, other.rowids) &&
		slices.Equal(l.reals, other.reals) &&
		slices.EqualFunc(l.columns, other.columns, func(a, b column) bool {
			return equal(&a.missing, &b.missing)
		})
}
