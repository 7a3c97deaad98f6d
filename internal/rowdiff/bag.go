package rowdiff

import (
	"crypto/sha256"
	"fmt"
	"iter"
	"slices"

	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/sqltext"
)

// bag counts the rows of the other table that no lookup finds: rows with a NULL in every unique
// key, and, for rows that say none of their keys, rows that are equal in the columns that are said.
type bag struct {
	query  *sqlite.Stmt
	unsaid [][]bool // the sets of columns that a row may leave unsaid
	wanted bool     // left counts only the rows that it has an entry for; otherwise all rows
	filled bool
	left   map[rowHash]int
}

// rowHash is a part of a SHA-256 that tells rows apart.
type rowHash [16]byte

func newBag(unsaid [][]bool) bag {
	return bag{unsaid: unsaid, left: map[rowHash]int{}}
}

// Expect reads the rows that Compare will get. Among rows that no key finds, Compare then counts
// only these rows, so that memory does not grow with the other table. A row of the other table that
// a key finds is not counted, in whatever order the rows come. Expect must run before any of the
// rows is inserted.
func (m *Matcher) Expect(rows iter.Seq2[Given, error]) error {
	m.bag.wanted, m.bag.filled = true, true
	if m.findsAll && len(m.bag.unsaid) == 0 {
		return nil
	}
	for given, err := range rows {
		if err != nil {
			return err
		}
		if m.HasKey(given) {
			continue
		}
		for _, form := range given.forms() {
			m.bag.left[hash(form)] = 0
		}
	}
	if len(m.bag.left) == 0 {
		return nil
	}
	if err := m.bag.fill(); err != nil {
		return &OtherError{Table: m.table, Err: err}
	}
	if len(m.bag.unsaid) == 0 {
		return nil // the bag has no row that a key finds
	}
	return m.takeFound(rows)
}

// takeFound takes the rows that keys find from the bag.
func (m *Matcher) takeFound(rows iter.Seq2[Given, error]) error {
	for given, err := range rows {
		if err != nil {
			return err
		}
		row, err := m.byKey(given)
		if err != nil {
			return &OtherError{Table: m.table, Err: err}
		}
		if row.Class == Identical {
			m.bag.count(row.found, -1)
		}
	}
	return nil
}

// HasKey reports whether the row says a unique key that has no NULL.
func (m *Matcher) HasKey(given Given) bool {
	if m.findsAll && given.Unsaid == nil {
		return true
	}
	return slices.ContainsFunc(m.keys, func(key lookup) bool {
		return !given.leavesOut(key.at) && !hasNull(sqlite.Pick(given.Values, key.at))
	})
}

// bagSQL selects the rows that have a NULL in every key. If rows may leave keys unsaid, it selects
// all rows.
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
	return fmt.Sprintf("SELECT %s FROM %s WHERE %s",
		sqltext.QuoteIdents(m.columns), quote(table), where)
}

// take removes one equal row from the bag and reports whether the bag had one.
func (b *bag) take(given Given) (bool, error) {
	if !b.filled {
		if err := b.fill(); err != nil {
			return false, err
		}
	}
	h := hash(given)
	if b.left[h] <= 0 {
		return false, nil
	}
	if given.Unsaid != nil {
		b.left[h]--
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

// count adds n equal rows: to the count for all columns, and to the count for the columns outside
// every set in unsaid.
func (b *bag) count(values []sqlite.Value, n int) {
	b.countWithout(nil, values, n)
	for _, unsaid := range b.unsaid {
		b.countWithout(unsaid, values, n)
	}
}

func (b *bag) countWithout(unsaid []bool, values []sqlite.Value, n int) {
	h := hash(Given{Values: values, Unsaid: unsaid})
	if _, wanted := b.left[h]; wanted || !b.wanted {
		b.left[h] += n
	}
}

// hash is equal for rows that leave the same columns unsaid and are equal in the others.
func hash(given Given) rowHash {
	var key []byte
	for i, v := range given.Values {
		if given.isUnsaid(i) {
			key = append(key, '?')
		} else {
			key = v.AppendKey(key)
		}
	}
	sum := sha256.Sum256(key)
	return rowHash(sum[:])
}
