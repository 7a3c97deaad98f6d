package rowdiff

import (
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"

	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/sqltext"
)

// Matcher looks rows up in a table by each of its unique keys.
type Matcher struct {
	table   string
	columns []string
	keys    []lookup
	bag     bag
}

// bag holds the rows that have no key without a NULL, which no lookup finds:
// how many of each are left. It is filled when the first such row is compared.
type bag struct {
	query *sqlite.Stmt
	left  map[[sha256.Size]byte]int
}

// lookup finds the row that has one unique key.
type lookup struct {
	columns []string
	at      []int // where the key's columns are in a row
	query   *sqlite.Stmt
}

// NewMatcher returns a Matcher for rows of the given columns, all of which the
// table there must have. It must be closed.
func NewMatcher(columns []string, c *sqlite.Conn, t *schema.Table) (*Matcher, error) {
	m := &Matcher{table: t.Name, columns: columns}
	for _, u := range t.Uniques {
		at, ok := schema.Positions(columns, u.Columns)
		if !ok {
			continue
		}
		query, err := c.PrepareOne(lookupSQL(t.Name, columns, u))
		if err != nil {
			m.Close()
			return nil, &OtherError{Table: t.Name, Err: err}
		}
		m.keys = append(m.keys, lookup{columns: u.Columns, at: at, query: query})
	}
	var err error
	if m.bag.query, err = c.PrepareOne(m.bagSQL(t.Name)); err != nil {
		m.Close()
		return nil, &OtherError{Table: t.Name, Err: err}
	}
	return m, nil
}

// bagSQL selects the rows that have a NULL in each key.
func (m *Matcher) bagSQL(table string) string {
	where := "1"
	for _, key := range m.keys {
		where += " AND (0"
		for _, column := range key.columns {
			where += fmt.Sprintf(" OR %s IS NULL", quote(column))
		}
		where += ")"
	}
	return fmt.Sprintf("SELECT %s FROM %s WHERE %s", sqltext.QuoteIdents(m.columns), quote(table), where)
}

func lookupSQL(table string, columns []string, u schema.Unique) string {
	var where []string
	for i, column := range u.Columns {
		where = append(where, fmt.Sprintf("%s = ? COLLATE %s", quote(column), quote(u.Collations[i])))
	}
	return fmt.Sprintf("SELECT %s FROM %s WHERE %s", sqltext.QuoteIdents(columns), quote(table), strings.Join(where, " AND "))
}

// Close frees the lookups.
func (m *Matcher) Close() {
	for _, key := range m.keys {
		key.query.Close()
	}
	m.bag.query.Close()
}

// Compare tells how a row stands to those of the table. An error is an
// [*OtherError].
func (m *Matcher) Compare(values []sqlite.Value) (Row, error) {
	row, err := m.compare(values)
	if err != nil {
		err = &OtherError{Table: m.table, Err: err}
	}
	return row, err
}

func (m *Matcher) compare(values []sqlite.Value) (Row, error) {
	row := Row{Values: values}
	keyed := false
	for _, key := range m.keys {
		have := sqlite.Pick(values, key.at)
		if hasNull(have) {
			continue
		}
		keyed = true
		there, err := key.find(have)
		if err != nil {
			return row, err
		}
		if there == nil {
			continue
		}
		differ := differences(m.columns, values, there)
		if len(differ) == 0 {
			return Row{Values: values, Class: Identical}, nil
		}
		if row.Clash == nil {
			row.Class = Conflict
			row.Clash = &Clash{Columns: key.columns, Values: have, There: there, Differ: differ}
		}
	}
	switch {
	case row.Clash != nil:
		same, err := m.sameEntity(values, row.Clash.There)
		row.Clash.Same = same
		return row, err
	case keyed:
		return row, nil
	}
	found, err := m.bag.take(values)
	if found {
		row.Class = Identical
	}
	return row, err
}

// sameEntity reports whether a row agrees with one that is there in every key
// which has no NULL in either. Each key is looked up, so that its collations
// decide.
func (m *Matcher) sameEntity(values, there []sqlite.Value) (bool, error) {
	for _, key := range m.keys {
		have := sqlite.Pick(values, key.at)
		if hasNull(have) || hasNull(sqlite.Pick(there, key.at)) {
			continue
		}
		found, err := key.find(have)
		if err != nil || !slices.Equal(found, there) {
			return false, err
		}
	}
	return true, nil
}

// find returns the row with the given key, nil if there is none.
func (l *lookup) find(key []sqlite.Value) ([]sqlite.Value, error) {
	for row, err := range l.query.Rows(sqlite.Args(key)...) {
		if err != nil {
			return nil, err
		}
		return row.Values(), nil
	}
	return nil, nil
}

// take removes an equal row from the bag and reports whether there was one.
func (b *bag) take(values []sqlite.Value) (bool, error) {
	if b.left == nil {
		if err := b.fill(); err != nil {
			return false, err
		}
	}
	h := hash(values)
	if b.left[h] == 0 {
		return false, nil
	}
	b.left[h]--
	return true, nil
}

func (b *bag) fill() error {
	b.left = map[[sha256.Size]byte]int{}
	for row, err := range b.query.Rows() {
		if err != nil {
			return err
		}
		b.left[hash(row.Values())]++
	}
	return nil
}

func hash(values []sqlite.Value) [sha256.Size]byte {
	var key []byte
	for _, v := range values {
		key = v.AppendKey(key)
	}
	return sha256.Sum256(key)
}

func quote(name string) string { return sqltext.QuoteIdent(name) }
