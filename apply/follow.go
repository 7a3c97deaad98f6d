package apply

import (
	"fmt"
	"slices"
	"strings"

	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/seed"
	"github.com/seedkit/seedkit/internal/sqlite"
)

// follower changes the references of a table to rows that have other keys in the target.
type follower struct {
	parent *mover
	at     []int // the foreign key's columns in a row of the child
	from   []int // the parent columns in the columns of the mover
	inSeed *seed.Finder
	last   []sqlite.Value // the last key
	moved  []sqlite.Value // what the target has in place of it; nil for the same
}

// addFollowers prepares the foreign keys of a table.
func (m *moves) addFollowers(r *run, t tablePlace) error {
	for _, fk := range references(t) {
		i := slices.IndexFunc(m.movers, func(c *mover) bool {
			return strings.EqualFold(c.place.there.Name, fk.Parent)
		})
		at, ok := schema.Positions(t.seed.Stored(), fk.Columns)
		if i < 0 || !ok || len(fk.ParentColumns) != len(fk.Columns) {
			continue
		}
		f := &follower{parent: m.movers[i], at: at}
		if f.from, ok = schema.Positions(f.parent.columns, fk.ParentColumns); !ok {
			continue
		}
		var err error
		if f.inSeed, err = r.seed.Finder(f.parent.place.seed, fk.ParentColumns); err != nil {
			return err
		}
		m.follows[t.seed] = append(m.follows[t.seed], f)
	}
	return nil
}

// forget makes the followers look again.
func (m *moves) forget() {
	for _, followers := range m.follows {
		for _, f := range followers {
			f.last, f.moved = nil, nil
		}
	}
}

// find returns the key that the target has in place of the one that a row refers to. It returns nil
// if the key is the same.
func (f *follower) find(row seed.Row) ([]sqlite.Value, error) {
	if f.parent.keys.count == 0 {
		return nil, nil
	}
	key := sqlite.Pick(row.Values, f.at)
	theirs := func(at int) bool { return row.Theirs != nil && row.Theirs[at] }
	if slices.ContainsFunc(key, sqlite.Value.IsNull) || slices.ContainsFunc(f.at, theirs) {
		return nil, nil
	}
	if slices.Equal(key, f.last) {
		return f.moved, nil
	}
	parent, ok, err := f.inSeed.Find(key)
	if err != nil {
		return nil, err
	}
	f.last, f.moved = key, nil
	if ok {
		all, _, moved, err := f.parent.keys.find(sqlite.Pick(parent.Values, f.parent.at))
		if err != nil {
			return nil, err
		}
		if moved {
			f.moved = sqlite.Pick(all, f.from)
		}
	}
	return f.moved, nil
}

// follow returns a row of the seed with the keys that the target has. own reports that the row
// itself has another key there. It returns row.Values if nothing moves.
func (m *moves) follow(t *schema.Table, row seed.Row) (values []sqlite.Value, own bool, err error) {
	values = row.Values
	if m == nil {
		return values, false, nil
	}
	set := func(at int, v sqlite.Value) error {
		switch {
		case v == values[at]:
			return nil
		case values[at] != row.Values[at]:
			return fmt.Errorf("%s: the rows that a row refers to by column %s have different keys "+
				"in the target", t.Name, t.Stored()[at])
		case &values[0] == &row.Values[0]:
			values = slices.Clone(values)
		}
		values[at] = v
		return nil
	}
	for _, f := range m.follows[t] {
		moved, err := f.find(row)
		if err != nil {
			return nil, false, err
		}
		for i, v := range moved {
			if err := set(f.at[i], v); err != nil {
				return nil, false, err
			}
		}
	}
	c := m.mover(t)
	if c == nil {
		return values, false, nil
	}
	moved, own, _, err := c.keys.find(sqlite.Pick(row.Values, c.at))
	if err != nil || !own {
		return values, false, err
	}
	if &values[0] == &row.Values[0] {
		values = slices.Clone(values)
	}
	for i, at := range c.at {
		values[at] = moved[i]
	}
	return values, true, nil
}
