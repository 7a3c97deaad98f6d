package apply

import (
	"fmt"
	"iter"
	"strings"

	"github.com/seedkit/seedkit/internal/seed"
	"github.com/seedkit/seedkit/internal/sqlite"
)

// keyMap has, for rows of one table of the seed, the values that the target has in place of the
// seed's in the columns of keys. The entries are in a scratch database, so memory does not grow
// with them.
type keyMap struct {
	store    *keyStore
	name     string
	width    int
	count    int64 // the number of entries
	put, get *sqlite.Stmt
}

// keyStore is the scratch database of all key maps. c is nil before the first entry.
type keyStore struct {
	c    *sqlite.Conn
	maps []*keyMap
}

// newMap returns an empty map for keys of width columns.
func (s *keyStore) newMap(width int) *keyMap {
	m := &keyMap{store: s, name: fmt.Sprintf("moved%d", len(s.maps)), width: width}
	s.maps = append(s.maps, m)
	return m
}

func (s *keyStore) close() {
	for _, m := range s.maps {
		if m.put != nil {
			m.put.Close()
		}
		if m.get != nil {
			m.get.Close()
		}
	}
	if s.c != nil {
		s.c.Close()
	}
}

// columns returns the names of a row's columns: "o0, o1".
func (m *keyMap) columns(prefix string) string {
	names := make([]string, m.width)
	for i := range names {
		names[i] = fmt.Sprint(prefix, i)
	}
	return strings.Join(names, ", ")
}

// open makes the table of the map.
func (m *keyMap) open(target *sqlite.Conn) (err error) {
	if m.store.c == nil {
		if m.store.c, err = seed.OpenScratch(target.Context()); err != nil {
			return err
		}
		if err := m.store.c.ExecScript("PRAGMA cache_size = -4000; BEGIN"); err != nil {
			return err
		}
	}
	old := m.columns("o")
	if err := m.store.c.Exec(fmt.Sprintf("CREATE TABLE %s(%s, %s, own, UNIQUE(%s))",
		m.name, old, m.columns("n"), old)); err != nil {
		return err
	}
	m.put, err = m.store.c.PrepareOne(fmt.Sprintf("INSERT INTO %s VALUES(?%s)",
		m.name, strings.Repeat(", ?", 2*m.width)))
	if err != nil {
		return err
	}
	m.get, err = m.store.c.PrepareOne(fmt.Sprintf("SELECT %s, own FROM %s WHERE %s IS ?",
		m.columns("n"), m.name, strings.ReplaceAll(old, ", ", " IS ? AND ")))
	return err
}

// clear removes all entries.
func (m *keyMap) clear() error {
	if m.count == 0 {
		return nil
	}
	m.count = 0
	return m.store.c.Exec("DELETE FROM " + m.name)
}

// add makes an entry. own says that the row itself has another key in the target, and not only the
// rows that its key refers to.
func (m *keyMap) add(target *sqlite.Conn, old, moved []sqlite.Value, own bool) error {
	if m.put == nil {
		if err := m.open(target); err != nil {
			return err
		}
	}
	m.count++
	args := append(sqlite.Args(old), sqlite.Args(moved)...)
	return m.put.Exec(append(args, own)...)
}

// find returns what the target has in place of the seed's values. ok is false if it has the same.
func (m *keyMap) find(old []sqlite.Value) (moved []sqlite.Value, own, ok bool, err error) {
	if m.count == 0 {
		return nil, false, false, nil
	}
	for row, err := range m.get.Rows(sqlite.Args(old)...) {
		if err != nil {
			return nil, false, false, err
		}
		values := row.Values()
		return values[:m.width], row.Bool(m.width), true, nil
	}
	return nil, false, false, nil
}

// merged returns a key of the target that two rows of the seed would have, or nil.
func (m *keyMap) merged() ([]sqlite.Value, error) {
	if m.count == 0 {
		return nil, nil
	}
	moved := m.columns("n")
	for row, err := range m.store.c.Query(fmt.Sprintf(
		"SELECT %s FROM %s WHERE own GROUP BY %s HAVING count(*) > 1 LIMIT 1",
		moved, m.name, moved)) {
		if err != nil {
			return nil, err
		}
		return row.Values(), nil
	}
	return nil, nil
}

// all yields the keys of the target of rows that have another key there themselves.
func (m *keyMap) all() iter.Seq2[[]sqlite.Value, error] {
	return func(yield func([]sqlite.Value, error) bool) {
		sql := fmt.Sprintf("SELECT %s FROM %s WHERE own", m.columns("n"), m.name)
		for row, err := range m.store.c.Query(sql) {
			if err != nil {
				yield(nil, err)
				return
			}
			if !yield(row.Values(), nil) {
				return
			}
		}
	}
}
