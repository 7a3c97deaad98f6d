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

// matcher looks rows up in a table by each of its unique keys.
type matcher struct {
	columns []string
	keys    []lookup
	bag     map[[sha256.Size]byte]int // of a table without keys: how many of each row are left
}

// lookup finds the row that has one unique key.
type lookup struct {
	columns []string
	at      []int // where the key's columns are in a row
	query   *sqlite.Stmt
}

func newMatcher(columns []string, c *sqlite.Conn, t *schema.Table) (*matcher, error) {
	m := &matcher{columns: columns}
	for _, u := range t.Uniques {
		at, ok := positions(u.Columns, columns)
		if !ok {
			continue
		}
		query, err := c.PrepareOne(lookupSQL(t.Name, columns, u))
		if err != nil {
			m.close()
			return nil, fmt.Errorf("compare table %s: %w", t.Name, err)
		}
		m.keys = append(m.keys, lookup{columns: u.Columns, at: at, query: query})
	}
	if len(m.keys) > 0 {
		return m, nil
	}
	return m, m.fillBag(c, t)
}

func lookupSQL(table string, columns []string, u schema.Unique) string {
	var where []string
	for i, column := range u.Columns {
		where = append(where, fmt.Sprintf("%s = ? COLLATE %s", quote(column), quote(u.Collations[i])))
	}
	return fmt.Sprintf("SELECT %s FROM %s WHERE %s", columnList(columns), quote(table), strings.Join(where, " AND "))
}

func (m *matcher) close() {
	for _, key := range m.keys {
		key.query.Close()
	}
}

func (m *matcher) compare(values []sqlite.Value) (Row, error) {
	if m.bag != nil {
		return m.take(values), nil
	}
	row := Row{Values: values}
	for _, key := range m.keys {
		have := pick(values, key.at)
		if hasNull(have) {
			continue
		}
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
			row.Class, row.Clash = Conflict, &Clash{Columns: key.columns, Values: have, Differ: differ}
		}
	}
	return row, nil
}

// find returns the row with the given key, nil if there is none.
func (l *lookup) find(key []sqlite.Value) ([]sqlite.Value, error) {
	args := make([]any, len(key))
	for i, v := range key {
		args[i] = v
	}
	for row, err := range l.query.Rows(args...) {
		if err != nil {
			return nil, err
		}
		return row.Values(), nil
	}
	return nil, nil
}

func (m *matcher) fillBag(c *sqlite.Conn, t *schema.Table) error {
	m.bag = map[[sha256.Size]byte]int{}
	sql := fmt.Sprintf("SELECT %s FROM %s", columnList(m.columns), quote(t.Name))
	for row, err := range c.Query(sql) {
		if err != nil {
			return fmt.Errorf("compare table %s: %w", t.Name, err)
		}
		m.bag[hash(row.Values())]++
	}
	return nil
}

func (m *matcher) take(values []sqlite.Value) Row {
	h := hash(values)
	if m.bag[h] == 0 {
		return Row{Values: values}
	}
	m.bag[h]--
	return Row{Values: values, Class: Identical}
}

func hash(values []sqlite.Value) [sha256.Size]byte {
	var key []byte
	for _, v := range values {
		key = v.AppendKey(key)
	}
	return sha256.Sum256(key)
}

// positions returns where each of the wanted columns is among columns.
func positions(wanted, columns []string) ([]int, bool) {
	at := make([]int, len(wanted))
	for i, name := range wanted {
		at[i] = slices.IndexFunc(columns, func(c string) bool { return strings.EqualFold(c, name) })
		if at[i] < 0 {
			return nil, false
		}
	}
	return at, true
}

func columnList(columns []string) string {
	quoted := make([]string, len(columns))
	for i, column := range columns {
		quoted[i] = quote(column)
	}
	return strings.Join(quoted, ", ")
}

func quote(name string) string { return sqltext.QuoteIdent(name) }
