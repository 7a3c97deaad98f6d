package dump

import (
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/seedkit/seedkit/internal/btree"
	"github.com/seedkit/seedkit/internal/sqlite"
)

// method is how rows are read. All give the same bytes.
type method int

const (
	decodeLarge method = iota // from the pages, for tables of more than one
	decodeAll                 // from the pages wherever that is possible
	selectAll                 // with a SELECT
	selectEach                // with a SELECT, and each statement is written by itself
)

// decode writes a table's rows as they are decoded from its pages, and reports
// whether it did: it leaves to SQLite what it would not read in the same order
// or with the same values.
func (d *dumper) decode(t table, query string, insert []byte) (bool, error) {
	if d.method >= selectAll || t.isVirtual() {
		return false, nil
	}
	reader, err := d.conn.Pages()
	if err != nil {
		return false, err
	}
	defer reader.Close()
	program, err := d.program(query)
	if err != nil {
		return false, err
	}
	l, ok := layoutOf(program)
	if !ok {
		return false, nil
	}
	if d.method == decodeLarge {
		root, err := reader.Read(l.root)
		if err != nil || btree.IsLeaf(root) {
			return false, err
		}
	}
	if ok, err := d.findDefaults(t.name, l); err != nil || !ok {
		return false, err
	}
	pages, ok, err := d.pages(reader)
	if err != nil || !ok {
		return false, err
	}
	if err := d.out.flush(); err != nil {
		return true, err
	}
	if d.jobs == nil {
		d.jobs = newJobs()
	}
	err = newPipeline(d.jobs, btree.NewWalk(pages, l.root), l, insert).run(func(text []byte, rows int64) error {
		d.progress.Rows += rows
		return d.write(text)
	})
	return true, corrupt(err)
}

// pages describes the database to btree. It reports false if the text in it is
// not UTF-8 (https://sqlite.org/fileformat2.html#the_database_header).
func (d *dumper) pages(reader *sqlite.PageReader) (*btree.Pages, bool, error) {
	count, err := d.conn.Int64("PRAGMA page_count")
	if err != nil {
		return nil, false, err
	}
	header, err := reader.Read(1)
	if err != nil || len(header) < 100 {
		return nil, false, err
	}
	const utf8 = 1
	pages := &btree.Pages{
		Read:   reader.Read,
		Count:  uint32(count),
		Size:   len(header),
		Usable: len(header) - int(header[20]),
	}
	return pages, binary.BigEndian.Uint32(header[56:]) == utf8, nil
}

// corrupt gives a contradiction in the pages the code that SQLite has for it.
func corrupt(err error) error {
	if c, ok := errors.AsType[*btree.CorruptError](err); ok {
		return fmt.Errorf("%w: %w", &sqlite.Error{Extended: int32(sqlite.Corrupt), Msg: "the database is malformed", Offset: -1}, c)
	}
	return err
}
