package rowdiff

import (
	"fmt"
	"slices"

	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/sqltext"
)

// Matcher looks up rows in a table by each of the table's unique keys.
type Matcher struct {
	table   string
	columns []string
	keys    []lookup
	bag     bag
	// findsAll says that a key of the table never has a NULL, so that the keys find all its rows.
	findsAll bool
	trail    *trail // nil if there is none
}

// lookup finds rows by one unique key.
type lookup struct {
	columns []string
	at      []int // The positions of the key's columns in a row.
	query   *sqlite.Stmt
}

// NewMatcher returns a Matcher for rows with the given columns. The table must have all of them.
// unsaid lists the sets of columns that a row may leave unsaid. Without unsaid, a row is New if no
// unique key of the row is said. The caller must close the Matcher.
func NewMatcher(
	columns []string, unsaid [][]bool, c *sqlite.Conn, t *schema.Table,
) (*Matcher, error) {
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
		m.findsAll = m.findsAll || !slices.ContainsFunc(u.Columns, func(name string) bool {
			column, _ := t.Column(name)
			return !column.NotNull && name != t.RowidAlias
		})
	}
	var err error
	if m.bag.query, err = c.PrepareOne(m.bagSQL(t.Name)); err == nil {
		m.trail, err = newTrail(columns, c, t)
	}
	if err != nil {
		m.Close()
		return nil, &OtherError{Table: t.Name, Err: err}
	}
	return m, nil
}

func lookupSQL(table string, columns []string, u schema.Unique) string {
	return fmt.Sprintf("SELECT %s FROM %s WHERE %s",
		sqltext.QuoteIdents(columns), quote(table), u.Equal())
}

// Close frees the Matcher's statements.
func (m *Matcher) Close() {
	for _, key := range m.keys {
		key.query.Close()
	}
	m.bag.query.Close()
	m.trail.close()
}

// Compare compares a row with the rows of the table. It is fastest if the rows come in the order of
// the table. An error is an [*OtherError].
func (m *Matcher) Compare(given Given) (Row, error) {
	row, err := m.compare(given)
	if err == nil && row.found != nil {
		err = m.trail.start(row.found)
	}
	if err != nil {
		err = &OtherError{Table: m.table, Err: err}
	}
	return row, err
}

func (m *Matcher) compare(given Given) (Row, error) {
	// A row that has a key, and is equal to a row of the table, is the row that its keys find.
	if given.Before == nil && given.Usual == nil && m.Follows() && m.HasKey(given) {
		if ok, err := m.trail.leadsTo(given); ok || err != nil {
			row := given.AsNew()
			row.Class = Identical
			return row, err
		}
	}
	return first(given, m.match)
}

// Follows reports whether the rows before were found one after another in the table, so that the
// next comparison is likely to be fast.
func (m *Matcher) Follows() bool { return m.trail != nil && m.trail.open }

// Changing must be called before a row of the table is inserted or changed, unless no row was
// compared since the last call.
func (m *Matcher) Changing() { m.trail.stop() }

// AsNew returns the row as one that is not in the other database.
func (g Given) AsNew() Row {
	return Row{
		Values: g.Values, Unsaid: g.Unsaid, Theirs: g.Theirs, Source: g.Source, Moved: g.Moved,
	}
}

// first returns the result for the first form of the row that is Identical, otherwise that for the
// row as given, which is the last form.
func first(given Given, find func(Given) (Row, error)) (row Row, err error) {
	for _, form := range given.forms() {
		row, err = find(form)
		if err != nil || row.Class == Identical {
			return row, err
		}
	}
	return row, nil
}

// byKey does what compare does without the bag: a row that no key finds is New.
func (m *Matcher) byKey(given Given) (Row, error) {
	return first(given, func(form Given) (Row, error) {
		row, _, err := m.lookUpAll(form)
		return row, err
	})
}

func (m *Matcher) match(given Given) (Row, error) {
	row, keyed, err := m.lookUpAll(given)
	if err == nil && row.Class == Conflict {
		row.Clash.Same, err = m.sameEntity(given, row.Clash.There)
	}
	if keyed || err != nil || row.Class != New {
		return row, err
	}
	found, err := m.bag.take(given)
	if found {
		row.Class = Identical
	}
	return row, err
}

// lookUpAll looks up a row by the keys without unsaid columns, and then by the others. keyed
// reports whether the row has a key of the first kind that contains no NULL.
func (m *Matcher) lookUpAll(given Given) (row Row, keyed bool, err error) {
	row, keyed, err = m.lookUp(given, false)
	if err == nil && row.Class == New && given.Unsaid != nil {
		row, _, err = m.lookUp(given, true)
	}
	return row, keyed, err
}

// lookUp looks up a row by its keys. If unsaid is true, it uses the keys with unsaid columns,
// otherwise the keys without. keyed reports whether the row has such a key that contains no NULL.
func (m *Matcher) lookUp(given Given, unsaid bool) (row Row, keyed bool, err error) {
	row = given.AsNew()
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
			row.Class, row.Clash, row.found = Identical, nil, there
			return row, true, nil
		}
		if row.Clash == nil {
			row.Class = Conflict
			row.Clash = &Clash{Columns: key.columns, Values: have, There: there, Differ: differ}
		}
	}
	return row, keyed, nil
}

// sameEntity reports whether a row has the same values as the row there in every key that is said
// and has no NULL in either row. It is false if there is no such key. It looks up each key, so that
// the key's collations decide.
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
