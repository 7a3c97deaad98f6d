package backup

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"iter"
	"math/bits"
	"strings"

	"github.com/seedkit/seedkit/internal/sqlite"
)

// TableDigest counts the rows of a table, and has a hash of them.
type TableDigest struct {
	Name string `json:"name"`
	Rows int64  `json:"rows"`
	// Hash is the sum of the SHA-256 of every row, modulo 2^256 and in hexadecimal. The SHA-256 of
	// a row is of the values' storage classes and bytes in the order of the columns, without
	// generated columns. It does not depend on the order of the rows or on their rowids, because
	// VACUUM may change both.
	Hash string `json:"hash"`
}

// table is a table that stores rows, and the query that reads them.
type table struct{ name, rows string }

// readTables lists the tables in the order of their creation. It leaves out the statistics of
// SQLite's planner, because they are no data, and virtual tables, because other tables store their
// rows.
func readTables(c *sqlite.Conn) ([]table, error) {
	const list = `SELECT t.name, format('SELECT %s FROM "%w"',
			group_concat(format('"%w"', c.name), ', ' ORDER BY c.cid), t.name)
		FROM sqlite_schema t JOIN pragma_table_xinfo(t.name) c ON c.hidden = 0
		WHERE t.type = 'table' AND t.rootpage > 0 AND t.name NOT GLOB 'sqlite_stat[1-4]'
		GROUP BY t.rowid ORDER BY t.rowid`
	var tables []table
	for row, err := range c.Query(list) {
		if err != nil {
			return nil, fmt.Errorf("list tables: %w", err)
		}
		tables = append(tables, table{row.Text(0), row.Text(1)})
	}
	return tables, nil
}

// isSQLites reports whether a table is one of SQLite's own, such as sqlite_sequence. No other table
// may have such a name (https://sqlite.org/lang_createtable.html).
func isSQLites(table string) bool { return strings.HasPrefix(table, "sqlite_") }

// digestTables reads every row of the database. A table WITHOUT ROWID cannot be read without the
// collations of its key, and the app may have collations of its own. They get stand-ins, because a
// digest does not depend on the order of the rows.
func digestTables(c *sqlite.Conn, progress reporter) ([]TableDigest, error) {
	if err := c.StandInForCollations(); err != nil {
		return nil, err
	}
	tables, err := readTables(c)
	if err != nil {
		return nil, err
	}
	digests := make([]TableDigest, len(tables))
	for i, t := range tables {
		progress.report(Counting, int64(i), int64(len(tables)))
		if digests[i], err = t.digest(c); err != nil {
			return nil, err
		}
	}
	progress.report(Counting, int64(len(tables)), int64(len(tables)))
	return digests, nil
}

func (t table) digest(c *sqlite.Conn) (TableDigest, error) {
	var n int64
	var total sum
	for hash, err := range t.hashes(c) {
		if err != nil {
			return TableDigest{}, err
		}
		n++
		total.add(hash)
	}
	return TableDigest{Name: t.name, Rows: n, Hash: total.String()}, nil
}

// hashes yields the SHA-256 of each row.
func (t table) hashes(c *sqlite.Conn) iter.Seq2[[sha256.Size]byte, error] {
	return func(yield func([sha256.Size]byte, error) bool) {
		var key []byte
		for row, err := range c.Query(t.rows) {
			if err != nil {
				yield([sha256.Size]byte{}, fmt.Errorf("read table %s: %w", t.name, err))
				return
			}
			key = key[:0]
			for i := range row.Columns() {
				key = row.Value(i).AppendKey(key)
			}
			if !yield(sha256.Sum256(key), nil) {
				return
			}
		}
	}
}

// sum is a number less than 2^256. The most significant word is the first.
type sum [4]uint64

func (s *sum) add(hash [sha256.Size]byte) {
	var carry uint64
	for i := 3; i >= 0; i-- {
		s[i], carry = bits.Add64(s[i], binary.BigEndian.Uint64(hash[8*i:]), carry)
	}
}

func (s *sum) String() string {
	var b []byte
	for _, word := range s {
		b = binary.BigEndian.AppendUint64(b, word)
	}
	return hex.EncodeToString(b)
}

// digestSchema hashes the text of the schema. The hash does not depend on the order in which tables
// and indexes were created.
func digestSchema(c *sqlite.Conn) (string, error) {
	const list = `SELECT type, name, tbl_name, sql FROM sqlite_schema
		WHERE name NOT GLOB 'sqlite_stat[1-4]' ORDER BY type, name`
	hash := sha256.New()
	var key []byte
	for row, err := range c.Query(list) {
		if err != nil {
			return "", fmt.Errorf("read the schema: %w", err)
		}
		key = key[:0]
		for _, v := range row.Values() {
			key = v.AppendKey(key)
		}
		hash.Write(key)
	}
	return hex.EncodeToString(hash.Sum(nil)), nil
}
