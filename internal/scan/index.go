package scan

import (
	"errors"
	"iter"

	"github.com/seedkit/seedkit/internal/btree"
)

// errNotUTF8 reports a database whose text is UTF-16.
var errNotUTF8 = errors.New("the text of the database is not UTF-8")

// Index yields the entries of the index with the given root page, in order. An entry has the given
// number of columns; the rowid is the last one of an index over a rowid table. Index yields what
// the pages hold, which may differ from the table, also in the storage class: a real column of an
// index can have integers. Index does not read the entries of a database with UTF-16, or keys with
// overflow pages; it then yields an error. An error is the last thing yielded. An entry is valid
// until the iteration after the next.
func (s *Scanner) Index(root uint32, columns int) iter.Seq2[[]Value, error] {
	return func(yield func([]Value, error) bool) {
		d := decoding{}
		var err error
		if d.snapshot, err = hold(s.conn); err == nil {
			d.reader, err = s.conn.Pages()
		}
		defer d.close()
		if err == nil {
			err = d.index(s, root, columns, yield)
		}
		if err != nil {
			yield(nil, corrupt(err))
		}
	}
}

func (d *decoding) index(
	s *Scanner, root uint32, columns int, yield func([]Value, error) bool,
) error {
	pages, err := d.pages(s.conn)
	if err != nil {
		return err
	}
	if pages == nil {
		return errNotUTF8
	}
	// one field more than there should be, to notice it
	l := &layout{columns: make([]column, columns+1), fields: make([]int, columns+1)}
	for i := range l.fields {
		l.fields[i] = i
	}
	entries := [2]*rowDecoder{newRowDecoder(l), newRowDecoder(l)}
	var records [2][]byte
	walk := btree.NewIndexWalk(pages, root)
	for i := 0; ; i = 1 - i {
		record, err := walk.Next()
		if record == nil || err != nil {
			return err
		}
		records[i] = append(records[i][:0], record...)
		if n, ok := entries[i].read(records[i]); !ok || n != columns {
			return &btree.CorruptError{Page: root, Msg: "is of an index with a malformed record"}
		}
		if !yield(entries[i].values[:columns], nil) {
			return nil
		}
	}
}
