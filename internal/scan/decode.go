package scan

import (
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/seedkit/seedkit/internal/btree"
	"github.com/seedkit/seedkit/internal/sqlite"
)

// decoding is a table being decoded from its pages.
type decoding struct {
	reader   *sqlite.PageReader
	snapshot *sqlite.Stmt // keeps the snapshot that all pages belong to
	walk     *btree.Walk
	layout   *layout
}

func (d *decoding) close() {
	if d.reader != nil {
		d.reader.Close()
	}
	d.snapshot.Close()
}

// decode begins to decode the query's table. It returns nil if SQLite would read other values or
// another order, so that SQLite must read the rows.
func (s *Scanner) decode(q Query) (*decoding, error) {
	if s.method == Step {
		return nil, nil
	}
	d := &decoding{}
	ok, err := d.begin(s, q)
	if !ok || err != nil {
		d.close()
		return nil, corrupt(err)
	}
	return d, nil
}

func (d *decoding) begin(s *Scanner, q Query) (ok bool, err error) {
	if d.snapshot, err = hold(s.conn); err != nil {
		return false, err
	}
	program, err := explain(s.conn, q.SQL)
	if err != nil {
		return false, err
	}
	if d.layout = newLayout(program); d.layout == nil {
		return false, nil
	}
	if d.reader, err = s.conn.Pages(); err != nil {
		return false, err
	}
	if s.method == DecodeLarge {
		root, err := d.reader.Read(d.layout.root)
		if err != nil || btree.IsLeaf(root) {
			return false, err
		}
	}
	if ok, err := findDefaults(s.conn, q.Table, d.layout); !ok || err != nil {
		return false, err
	}
	pages, err := d.pages(s.conn)
	if pages == nil || err != nil {
		return false, err
	}
	d.walk = btree.NewWalk(pages, d.layout.root)
	return true, nil
}

// hold returns a statement on a row. The statement keeps a read transaction open, because every
// page is read by a statement of its own. Within a transaction hold returns nil.
func hold(c *sqlite.Conn) (*sqlite.Stmt, error) {
	if c.InTransaction() {
		return nil, nil
	}
	s, err := c.PrepareOne("SELECT 1 FROM sqlite_schema")
	if err != nil {
		return nil, err
	}
	_, err = s.Step()
	return s, err
}

// pages describes the database to btree. It returns nil if the database's text is not UTF-8
// (https://sqlite.org/fileformat2.html#the_database_header).
func (d *decoding) pages(c *sqlite.Conn) (*btree.Pages, error) {
	count, err := c.Int64("PRAGMA page_count")
	if err != nil {
		return nil, err
	}
	header, err := d.reader.Read(1)
	if err != nil || len(header) < 100 {
		return nil, err
	}
	const utf8 = 1
	if binary.BigEndian.Uint32(header[56:]) != utf8 {
		return nil, nil
	}
	return &btree.Pages{
		Read:   d.reader.Read,
		Count:  uint32(count),
		Size:   len(header),
		Usable: len(header) - int(header[20]),
	}, nil
}

// rows yields the rows, or the error that ends them.
func (d *decoding) rows(yield func([]Value, error) bool) {
	var chunk btree.Chunk
	rows := newRowDecoder(d.layout)
	for {
		more, err := d.walk.Next(&chunk)
		if err != nil {
			yield(nil, corrupt(err))
		}
		if err != nil || !more {
			return
		}
		for i := range chunk.Rows {
			values, err := rows.decode(&chunk.Rows[i])
			if err != nil {
				yield(nil, corrupt(err))
				return
			}
			if !yield(values, nil) {
				return
			}
		}
		rows.forget()
	}
}

// corrupt gives an error of btree the code that SQLite has for a corrupt database.
func corrupt(err error) error {
	if c, ok := errors.AsType[*btree.CorruptError](err); ok {
		return fmt.Errorf("%w: %w",
			&sqlite.Error{
				Extended: int32(sqlite.Corrupt), Msg: "the database is malformed", Offset: -1,
			}, c)
	}
	return err
}
