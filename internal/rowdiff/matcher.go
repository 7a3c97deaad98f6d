package rowdiff

import (
	"crypto/sha256"
	"fmt"
	"strings"

	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/sqltext"
)

// matcher looks rows up in a table by each of its unique keys.
type matcher struct {
	columns []string
	keys    []lookup
	bag     bag
}

// bag counts the rows of the table that have a NULL in every unique key, because no lookup finds
// them. The comparison of the first such row fills the bag.
type bag struct {
	query *sqlite.Stmt
	left  map[[sha256.Size]byte]int
}

// lookup finds rows by one unique key.
type lookup struct {
	columns []string
	at      []int // the positions of the key's columns in a row
	query   *sqlite.Stmt
}

func newMatcher(columns []string, c *sqlite.Conn, t *schema.Table) (*matcher, error) {
	m := &matcher{columns: columns}
	for _, u := range t.Uniques {
		at, ok := schema.Positions(columns, u.Columns)
		if !ok {
			continue
		}
		query, err := c.PrepareOne(lookupSQL(t.Name, columns, u))
		if err != nil {
			m.close()
			return nil, err
		}
		m.keys = append(m.keys, lookup{columns: u.Columns, at: at, query: query})
	}
	var err error
	if m.bag.query, err = c.PrepareOne(m.bagSQL(t.Name)); err != nil {
		m.close()
		return nil, err
	}
	return m, nil
}

// bagSQL selects the rows that have a NULL in every key.
func (m *matcher) bagSQL(table string) string {
	where := "1"
	for _, key := range m.keys {
		where += " AND (0"
		for _, column := range key.columns {
			where += fmt.Sprintf(" OR %s IS NULL", quote(column))
		}
		where += ")"
	}
	return fmt.Sprintf("SELECT %s FROM %s WHERE %s",
		sqltext.QuoteIdents(m.columns), quote(table), where)
}

func lookupSQL(table string, columns []string, u schema.Unique) string {
	var where []string
	for i, column := range u.Columns {
		where = append(where,
			fmt.Sprintf("%s = ? COLLATE %s", quote(column), quote(u.Collations[i])))
	}
	return fmt.Sprintf("SELECT %s FROM %s WHERE %s",
		sqltext.QuoteIdents(columns), quote(table), strings.Join(where, " AND "))
}

func (m *matcher) close() {
	for _, key := range m.keys {
		key.query.Close()
	}
	m.bag.query.Close()
}

func (m *matcher) compare(values []sqlite.Value) (Row, error) {
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
			row.Clash = &Clash{Columns: key.columns, Values: have, Differ: differ}
		}
	}
	if keyed {
		return row, nil
	}
	found, err := m.bag.take(values)
	if found {
		row.Class = Identical
	}
	return row, err
}

// find returns the row with the given key, or nil if there is none.
func (l *lookup) find(key []sqlite.Value) ([]sqlite.Value, error) {
	for row, err := range l.query.Rows(sqlite.Args(key)...) {
		if err != nil {
			return nil, err
		}
		return row.Values(), nil
	}
	return nil, nil
}

// take removes one equal row from the bag and reports whether the bag had one.
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
