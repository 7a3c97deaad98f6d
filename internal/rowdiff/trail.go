package rowdiff

import (
	"fmt"

	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/sqltext"
)

// trail reads the rows of a table in the order of their rowids, after a row that a key has found.
// Rows that were inserted one after another are one after another, too. So most rows need no
// lookup: they are the next rows of the trail.
type trail struct {
	rowid *sqlite.Stmt // finds the rowid of a row by a key
	key   []int        // the positions of the key's columns
	next  *sqlite.Stmt // the rows after a rowid
	open  bool         // next has a row
	// A trail that soon ends is not worth the time. So each trail is tried only after a number of
	// lookups, which grows while the trails are short.
	length, wait, waited int
}

const (
	shortTrail = 8
	mostWait   = 1 << 12
)

// newTrail returns nil if the rows cannot be read by their rowids.
func newTrail(columns []string, c *sqlite.Conn, t *schema.Table) (*trail, error) {
	name := t.RowidName()
	for _, u := range t.Uniques {
		at, ok := schema.Positions(columns, u.Columns)
		if !ok || name == "" {
			continue
		}
		rowid, err := c.PrepareOne(fmt.Sprintf("SELECT %s FROM %s WHERE %s",
			name, quote(t.Name), u.Equal()))
		if err != nil {
			return nil, err
		}
		next, err := c.PrepareOne(fmt.Sprintf(
			"SELECT %s FROM %s NOT INDEXED WHERE %s > ? ORDER BY %[3]s",
			sqltext.QuoteIdents(columns), quote(t.Name), name))
		if err != nil {
			rowid.Close()
			return nil, err
		}
		return &trail{rowid: rowid, key: at, next: next}, nil
	}
	return nil, nil
}

func (t *trail) close() {
	if t != nil {
		t.rowid.Close()
		t.next.Close()
	}
}

// leadsTo reports whether the next row of the trail is equal to the row. If so, the trail moves on.
// Otherwise the trail ends.
func (t *trail) leadsTo(given Given) (bool, error) {
	if t == nil || !t.open {
		return false, nil
	}
	for i, v := range given.Values {
		if !given.isUnsaid(i) && !t.next.Is(i, v) {
			t.end()
			return false, nil
		}
	}
	t.length++
	return true, t.step()
}

func (t *trail) step() (err error) {
	t.open, err = t.next.Step()
	return err
}

func (t *trail) end() {
	if t.length >= shortTrail {
		t.wait = 0
	} else {
		t.wait = min(mostWait, 2*t.wait+1)
	}
	t.waited, t.open = 0, false
	t.next.Reset()
}

// stop ends the trail, however long it is.
func (t *trail) stop() {
	if t != nil && t.open {
		t.open = false
		t.next.Reset()
	}
}

// start begins a trail after a row that a lookup has found.
func (t *trail) start(there []sqlite.Value) error {
	if t == nil || t.open {
		return nil
	}
	if t.waited++; t.waited <= t.wait {
		return nil
	}
	key := sqlite.Pick(there, t.key)
	if hasNull(key) {
		return nil
	}
	for row, err := range t.rowid.Rows(sqlite.Args(key)...) {
		if err != nil {
			return err
		}
		if err := t.next.Bind(row.Int64(0)); err != nil {
			return err
		}
		t.length = 0
		return t.step()
	}
	return nil
}
