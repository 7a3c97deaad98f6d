package rowdiff

import (
	"fmt"
	"slices"

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

// lookup finds rows by one unique key.
type lookup struct {
	columns []string
	at      []int // the positions of the key's columns in a row
	query   *sqlite.Stmt
}

// NewMatcher returns a Matcher for rows of the given columns, all of which the
// table there must have. Unsaid are the sets of columns that a row may leave
// unsaid; without them, a row none of whose unique keys is said is New. The
// Matcher must be closed.
func NewMatcher(columns []string, unsaid [][]bool, c *sqlite.Conn, t *schema.Table) (*Matcher, error) {
	m := &Matcher{table: t.Name, columns: columns}
	m.bag = newBag(unsaid)
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

func lookupSQL(table string, columns []string, u schema.Unique) string {
	return fmt.Sprintf("SELECT %s FROM %s WHERE %s",
		sqltext.QuoteIdents(columns), quote(table), u.Equal())
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
func (m *Matcher) Compare(given Given) (Row, error) {
	row, err := m.compare(given)
	if err != nil {
		err = &OtherError{Table: m.table, Err: err}
	}
	return row, err
}

func (m *Matcher) compare(given Given) (Row, error) {
	if given.saidOtherwise() {
		row, err := m.match(Given{Values: given.Before, Unsaid: given.Unsaid})
		if err != nil || row.Class == Identical {
			return row, err
		}
	}
	return m.match(given)
}

func (m *Matcher) match(given Given) (Row, error) {
	row, keyed, err := m.lookUp(given, false)
	if err == nil && row.Class == New && given.Unsaid != nil {
		row, _, err = m.lookUp(given, true)
	}
	if err == nil && row.Class == Conflict {
		row.Clash.Same, err = m.sameEntity(given, row.Clash.There)
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
func (m *Matcher) lookUp(given Given, unsaid bool) (row Row, keyed bool, err error) {
	row = Row{Values: given.Values, Unsaid: given.Unsaid}
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
			return Row{Values: given.Values, Unsaid: given.Unsaid, Class: Identical}, true, nil
		}
		if row.Clash == nil {
			row.Class = Conflict
			row.Clash = &Clash{Columns: key.columns, Values: have, There: there, Differ: differ}
		}
	}
	return row, keyed, nil
}

// sameEntity reports whether a row agrees with one that is there in every key
// that is said and has no NULL in either, if there is one. Each key is looked
// up, so that its collations decide.
func (m *Matcher) sameEntity(given Given, there []sqlite.Value) (bool, error) {
	same := false
	for _, key := range m.keys {
		have := sqlite.Pick(given.Values, key.at)
		if given.leavesOut(key.at) || hasNull(have) || hasNull(sqlite.Pick(there, key.at)) {
			continue
		}
		found, err := key.find(have)
		if err != nil || !slices.Equal(found, there) {
			return false, err
		}
		same = true
	}
	return same, nil
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
