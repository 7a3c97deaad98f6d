package rowdiff

import (
	"crypto/sha256"
	"fmt"
	"iter"
	"slices"

	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/sqltext"
)

// bag holds the rows that have no key without a NULL, and whatever agrees with
// what is said of a row none of whose keys is said: how many of each are left.
// Where no row leaves anything unsaid, it is filled when the first of these is
// compared.
type bag struct {
	query  *sqlite.Stmt
	unsaid [][]bool // the sets of columns without which rows are counted, too
	wanted bool     // left has all that will be asked for, before it is filled; else it gets all there is
	filled bool
	left   map[[sha256.Size]byte]int
}

func newBag(unsaid [][]bool) bag {
	return bag{unsaid: unsaid, left: map[[sha256.Size]byte]int{}}
}

// want looks through rows that may leave keys unsaid for those that the bag will
// be asked for: only as many have to be counted, however many are there, and it
// is done before any of the rows is inserted.
func (m *Matcher) want(rows iter.Seq2[Given, error]) error {
	m.bag.wanted = len(m.bag.unsaid) > 0
	if !m.bag.wanted {
		return nil
	}
	for given, err := range rows {
		if err != nil {
			return err
		}
		if m.hasSaidKey(given) {
			continue
		}
		m.bag.left[hash(given)] = 0
		if given.Before != nil {
			m.bag.left[hash(Given{Values: given.Before, Unsaid: given.Unsaid})] = 0
		}
	}
	if len(m.bag.left) == 0 {
		return nil
	}
	if err := m.bag.fill(); err != nil {
		return &OtherError{Table: m.table, Err: err}
	}
	return nil
}

// hasSaidKey reports whether a key of the row is said, and has no NULL.
func (m *Matcher) hasSaidKey(given Given) bool {
	return slices.ContainsFunc(m.keys, func(key lookup) bool {
		return !given.leavesOut(key.at) && !hasNull(sqlite.Pick(given.Values, key.at))
	})
}

// bagSQL selects the rows that have a NULL in each key, or all if rows may leave
// keys unsaid.
func (m *Matcher) bagSQL(table string) string {
	where := "1"
	keys := m.keys
	if len(m.bag.unsaid) > 0 {
		keys = nil
	}
	for _, key := range keys {
		where += " AND (0"
		for _, column := range key.columns {
			where += fmt.Sprintf(" OR %s IS NULL", quote(column))
		}
		where += ")"
	}
	return fmt.Sprintf("SELECT %s FROM %s WHERE %s", sqltext.QuoteIdents(m.columns), quote(table), where)
}

// take removes an equal row from the bag and reports whether there was one.
func (b *bag) take(given Given) (bool, error) {
	if !b.filled {
		if err := b.fill(); err != nil {
			return false, err
		}
	}
	if b.left[hash(given)] == 0 {
		return false, nil
	}
	if given.Unsaid != nil {
		b.left[hash(given)]--
	} else {
		b.count(given.Values, -1)
	}
	return true, nil
}

func (b *bag) fill() error {
	b.filled = true
	for row, err := range b.query.Rows() {
		if err != nil {
			return err
		}
		b.count(row.Values(), 1)
	}
	return nil
}

// count adds n rows, as a whole and without each set of columns.
func (b *bag) count(values []sqlite.Value, n int) {
	for _, unsaid := range append([][]bool{nil}, b.unsaid...) {
		h := hash(Given{Values: values, Unsaid: unsaid})
		if _, wanted := b.left[h]; wanted || !b.wanted {
			b.left[h] += n
		}
	}
}

// hash stands for what is said of a row.
func hash(given Given) [sha256.Size]byte {
	var key []byte
	for i, v := range given.Values {
		if given.isUnsaid(i) {
			key = append(key, '?')
		} else {
			key = v.AppendKey(key)
		}
	}
	return sha256.Sum256(key)
}
