package rowdiff

import (
	"fmt"
	"strings"

	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/sqltext"
)

// matcher looks rows up in a table by each of its unique keys.
type matcher struct {
	table   string
	columns []string
	keys    []lookup
	bag     bag
}

// lookup finds rows by one unique key.
type lookup struct {
	columns []string
	at      []int // the positions of the key's columns in a row
	query   *sqlite.Stmt
}

func newMatcher(columns []string, unsaid [][]bool, c *sqlite.Conn, t *schema.Table) (*matcher, error) {
	m := &matcher{table: t.Name, columns: columns}
	m.bag = newBag(unsaid)
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

func (m *matcher) compare(given Given) (Row, error) {
	if given.saidOtherwise() {
		row, err := m.match(Given{Values: given.Before, Unsaid: given.Unsaid})
		if err != nil || row.Class == Identical {
			return row, err
		}
	}
	return m.match(given)
}

func (m *matcher) match(given Given) (Row, error) {
	row, keyed, err := m.lookUp(given, false)
	if err == nil && row.Class == New && given.Unsaid != nil {
		row, _, err = m.lookUp(given, true)
	}
	if keyed && err == nil && row.Class == Identical && m.bag.wanted {
		m.bag.count(given.Values, -1) // it is none of those that others may be
	}
	if keyed || err != nil || row.Class == Conflict {
		return row, err
	}
	// A row that is found by what is not said of it is one of those that agree.
	found, err := m.bag.take(given)
	if found {
		row.Class = Identical
	}
	return row, err
}

// lookUp looks for a row by each key that has unsaid columns, or by each that
// has none. It is keyed if there is such a key without a NULL.
func (m *matcher) lookUp(given Given, unsaid bool) (row Row, keyed bool, err error) {
	row.Values = given.Values
	for _, key := range m.keys {
		have := sqlite.Pick(given.Values, key.at)
		if given.leavesOut(key.at) != unsaid || hasNull(have) {
			continue
		}
		keyed = true
		there, err := key.find(have)
		if err != nil {
			return row, true, err
		}
		if there == nil {
			continue
		}
		differ := differences(m.columns, given, there)
		if len(differ) == 0 {
			return Row{Values: given.Values, Class: Identical}, true, nil
		}
		if row.Clash == nil {
			row.Class = Conflict
			row.Clash = &Clash{Columns: key.columns, Values: have, Differ: differ}
		}
	}
	return row, keyed, nil
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

func quote(name string) string { return sqltext.QuoteIdent(name) }
