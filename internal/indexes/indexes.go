// Package indexes compares the indexes of tables with their rows, faster than PRAGMA
// integrity_check does.
package indexes

import (
	"encoding/binary"
	"hash/maphash"
	"slices"
	"strings"

	"github.com/seedkit/seedkit/internal/scan"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/sqltext"
)

// Agree reports whether the indexes of a table are shown to be right: for each row an index has one
// entry and no others, the entries are in order, and the keys of a unique index are unique. It does
// not show whether the pages of the indexes are sound. PRAGMA quick_check does.
//
// False can mean that Agree cannot tell. It reads plain indexes only: over columns of a rowid
// table, for all its rows, with the collations BINARY and NOCASE, in a database with UTF-8.
//
// An index and its table are compared by sums of 64-bit hashes with a random key. So Agree is wrong
// about a wrong index with a probability of 2^-64.
func Agree(c *sqlite.Conn, table string) (bool, error) {
	list, plain, err := read(c, table)
	if err != nil || !plain || len(list) == 0 {
		return plain, err
	}
	s := scan.New(c, scan.DecodeLarge)
	seed := maphash.MakeSeed()
	want, err := sumRows(s, table, list, seed)
	if err != nil {
		return false, err
	}
	for i, index := range list {
		got, ordered, err := index.sumEntries(s, seed)
		if err != nil || !ordered || got != want[i] {
			return false, err
		}
	}
	return true, nil
}

// index is a plain index.
type index struct {
	root    uint32
	unique  bool
	columns []column
}

type column struct {
	name       string
	descending bool
	noCase     bool
}

// read lists the indexes of a table. It returns false if one is not plain.
func read(c *sqlite.Conn, table string) (list []index, plain bool, err error) {
	const indexes = `SELECT l.name, l."unique", l.partial, s.rootpage
		FROM pragma_index_list(?1) l
		LEFT JOIN sqlite_schema s ON s.type = 'index' AND s.name = l.name
		ORDER BY l.seq`
	for row, err := range c.Query(indexes, table) {
		if err != nil {
			return nil, false, err
		}
		name, partial := row.Text(0), row.Int64(2) != 0
		i := index{root: uint32(row.Int64(3)), unique: row.Int64(1) != 0}
		i.columns, plain, err = readColumns(c, name)
		if err != nil || !plain || partial || i.root == 0 { // the key of a table WITHOUT ROWID
			return nil, false, err
		}
		list = append(list, i)
	}
	return list, true, nil
}

// readColumns lists the columns of the index's key. It returns false if the index is not plain.
func readColumns(c *sqlite.Conn, index string) (columns []column, plain bool, err error) {
	const ofIndex = `SELECT cid, name, "desc", coll, key FROM pragma_index_xinfo(?) ORDER BY seqno`
	rowid := false
	for row, err := range c.Query(ofIndex, index) {
		if err != nil {
			return nil, false, err
		}
		cid, key := row.Int64(0), row.Int64(4) != 0
		if !key {
			if rowid || cid != -1 { // a table WITHOUT ROWID has columns here
				return nil, false, nil
			}
			rowid = true
			continue
		}
		collation := strings.ToUpper(row.Text(3))
		if rowid || cid < 0 || collation != "BINARY" && collation != "NOCASE" {
			return nil, false, nil
		}
		columns = append(columns, column{row.Text(1), row.Int64(2) != 0, collation == "NOCASE"})
	}
	return columns, rowid, nil
}

// sum is the number of keys with their rowids, and the sum of their hashes.
type sum struct {
	keys int64
	hash uint64
}

func (s *sum) add(hash uint64) {
	s.keys++
	s.hash += hash
}

// sumRows returns for each index what its entries must add up to.
func sumRows(s *scan.Scanner, table string, list []index, seed maphash.Seed) ([]sum, error) {
	names, at := columnsOf(list)
	query := scan.Query{Table: table, SQL: "SELECT " + sqltext.QuoteIdents(names) +
		", rowid FROM " + sqltext.QuoteIdent(table) + " NOT INDEXED"}
	format := func(text *scan.Buffer, row []scan.Value) {
		for i := range list {
			end := len(text.Bytes)
			for _, c := range at[i] {
				text.Bytes = appendKey(text.Bytes, &row[c])
			}
			text.Bytes = appendKey(text.Bytes, &row[len(names)])
			hash := maphash.Bytes(seed, text.Bytes[end:])
			text.Bytes = binary.LittleEndian.AppendUint64(text.Bytes[:end], hash)
		}
	}
	sums := make([]sum, len(list))
	err := s.Text(query, format, func(text []byte, _ int64) error {
		for i := 0; len(text) > 0; i = (i + 1) % len(sums) {
			sums[i].add(binary.LittleEndian.Uint64(text))
			text = text[8:]
		}
		return nil
	})
	return sums, err
}

// columnsOf returns the columns of all indexes, and for each index where they are in this list.
func columnsOf(list []index) (names []string, at [][]int) {
	at = make([][]int, len(list))
	for i, index := range list {
		for _, c := range index.columns {
			n := slices.Index(names, c.name)
			if n < 0 {
				n = len(names)
				names = append(names, c.name)
			}
			at[i] = append(at[i], n)
		}
	}
	return names, at
}

// sumEntries returns what the entries of the index add up to, and whether they are in order and
// unique where they must be.
func (x index) sumEntries(s *scan.Scanner, seed maphash.Seed) (total sum, ordered bool, err error) {
	var last []scan.Value
	var key []byte
	for entry, err := range s.Index(x.root, len(x.columns)+1) {
		if err != nil {
			return total, false, err
		}
		if last != nil && !x.follows(entry, last) {
			return total, false, nil
		}
		key = key[:0]
		for i := range entry {
			key = appendKey(key, &entry[i])
		}
		total.add(maphash.Bytes(seed, key))
		last = entry
	}
	return total, true, nil
}
