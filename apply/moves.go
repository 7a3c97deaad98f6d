package apply

import (
	"fmt"
	"slices"
	"strings"

	"github.com/seedkit/seedkit/internal/schema"
)

// moves knows which rows of the seed have other keys in the target: rows that a policy lets the
// target have under another key, and rows whose keys refer to such rows.
type moves struct {
	policies policies
	movers   []*mover // each after the movers to which its keys refer
	follows  map[*schema.Table][]*follower
	store    keyStore
}

// mover is a table of the seed whose rows may get other keys in the target.
type mover struct {
	place  tablePlace
	policy Policy
	chosen bool // the table is not left out
	// columns are the primary key and all columns to which foreign keys refer. at has their
	// positions in a row of the seed.
	columns []string
	at      []int
	// circular reports that the keys refer to rows of the same table, perhaps through other tables.
	// The rows cannot be found by such keys.
	circular bool
	natural  []schema.Unique // the unique keys beside the primary key
	fresh    int64           // the last integer that a renumbered row got; 0 if there is none
	keys     *keyMap
}

// CircularError reports tables whose keys refer to each other, so that no policy can find out which
// keys their rows get.
type CircularError struct{ Tables []string }

func (e *CircularError) Error() string {
	return fmt.Sprintf("the keys of %s refer to each other in a circle, "+
		"so no policy can change them", strings.Join(e.Tables, " and "))
}

// newMoves prepares the tables. The caller must close the result.
func (r *run) newMoves(p policies) (*moves, error) {
	m := &moves{policies: p, follows: map[*schema.Table][]*follower{}}
	places := slices.Concat(r.tables, r.aside)
	var candidates []*mover
	for _, t := range places {
		if c := r.newMover(t, p.table(t)); c != nil {
			candidates = append(candidates, c)
		}
	}
	candidates = thatMayMove(candidates)
	if err := m.order(candidates); err != nil {
		return nil, err
	}
	for _, c := range m.movers {
		c.keys = m.store.newMap(len(c.columns))
	}
	for _, t := range places {
		if err := m.addFollowers(r, t); err != nil {
			m.close()
			return nil, r.nameDatabase(err)
		}
	}
	return m, nil
}

// newMover returns the mover of a table, or nil if the table has no key.
func (r *run) newMover(t tablePlace, policy Policy) *mover {
	c := &mover{place: t, policy: policy, chosen: r.isChosen(t)}
	stored := t.seed.Stored()
	add := func(columns []string) {
		at, ok := schema.Positions(stored, columns)
		if !ok {
			return
		}
		for _, i := range at {
			if !slices.Contains(c.at, i) {
				c.at, c.columns = append(c.at, i), append(c.columns, stored[i])
			}
		}
	}
	add(t.there.PrimaryKey)
	for _, child := range slices.Concat(r.there.Tables, r.seed.Schema.Tables) {
		for _, fk := range child.ForeignKeys {
			if strings.EqualFold(fk.Parent, t.there.Name) {
				add(fk.ParentColumns)
			}
		}
	}
	if len(c.at) == 0 {
		return nil
	}
	for _, u := range t.there.Uniques {
		at, ok := schema.Positions(stored, u.Columns)
		if ok && (len(t.there.PrimaryKey) == 0 || !c.holdsPrimaryKey(at)) {
			c.natural = append(c.natural, u)
		}
	}
	return c
}

// holdsPrimaryKey reports whether all columns of the primary key are at these positions.
func (c *mover) holdsPrimaryKey(at []int) bool {
	primary, ok := schema.Positions(c.place.seed.Stored(), c.place.there.PrimaryKey)
	if !ok {
		return false
	}
	return !slices.ContainsFunc(primary, func(i int) bool { return !slices.Contains(at, i) })
}

// isChosen reports whether the table's rows are applied, and not only referred to.
func (r *run) isChosen(t tablePlace) bool { return slices.Contains(r.tables, t) }

// thatMayMove returns the tables with a policy that moves rows, and the tables whose keys refer to
// such tables by columns to which others refer.
func thatMayMove(all []*mover) []*mover {
	var moving []*mover
	for some := true; some; {
		some = false
		for _, c := range all {
			if slices.Contains(moving, c) {
				continue
			}
			if c.policy.moves() || c.refersBy(c.columns, moving) {
				moving, some = append(moving, c), true
			}
		}
	}
	return slices.DeleteFunc(slices.Clone(all), func(c *mover) bool {
		return !slices.Contains(moving, c)
	})
}

// refersBy reports whether a foreign key with one of the columns refers to one of the others.
func (c *mover) refersBy(columns []string, others []*mover) bool {
	return slices.ContainsFunc(others, func(other *mover) bool {
		return c.keyRefers(columns, other)
	})
}

func (c *mover) keyRefers(columns []string, other *mover) bool {
	shares := func(name string) bool { return contains(columns, name) }
	return slices.ContainsFunc(references(c.place), func(fk schema.ForeignKey) bool {
		return strings.EqualFold(fk.Parent, other.place.there.Name) &&
			slices.ContainsFunc(fk.Columns, shares)
	})
}

// contains reports whether the names have a name, in any case of letters.
func contains(names []string, name string) bool {
	return slices.ContainsFunc(names, func(n string) bool { return strings.EqualFold(n, name) })
}

// keyColumns returns the columns of the keys by which a row is found, and the columns that move.
func (c *mover) keyColumns() []string {
	columns := slices.Clone(c.columns)
	for _, u := range c.place.there.Uniques {
		columns = append(columns, u.Columns...)
	}
	return columns
}

// order puts each table after the tables to which its keys refer. It returns a [*CircularError] if
// the keys of tables in a circle change with each other.
func (m *moves) order(left []*mover) error {
	for len(left) > 0 {
		free := func(c *mover) bool { return !c.refersBy(c.keyColumns(), left) }
		var next []*mover
		if i := slices.IndexFunc(left, free); i >= 0 {
			next = left[i : i+1 : i+1]
		} else {
			next = circleIn(left)
			for _, c := range next {
				c.circular = true
				if c.refersBy(c.columns, next) {
					return &CircularError{Tables: namesOf(next)}
				}
			}
		}
		m.movers = append(m.movers, next...)
		done := func(c *mover) bool { return slices.Contains(m.movers, c) }
		left = slices.DeleteFunc(slices.Clone(left), done)
	}
	return nil
}

// circleIn returns tables that refer to each other by their keys. Each table of left refers to one
// of left.
func circleIn(left []*mover) []*mover {
	path := []*mover{left[0]}
	for {
		last := path[len(path)-1]
		i := slices.IndexFunc(left, func(c *mover) bool {
			return last.keyRefers(last.keyColumns(), c)
		})
		if at := slices.Index(path, left[i]); at >= 0 {
			return path[at:]
		}
		path = append(path, left[i])
	}
}

func namesOf(movers []*mover) []string {
	names := make([]string, len(movers))
	for i, c := range movers {
		names[i] = c.place.there.Name
	}
	return names
}

// mover returns the mover of a table of the seed, or nil.
func (m *moves) mover(t *schema.Table) *mover {
	if m == nil {
		return nil
	}
	i := slices.IndexFunc(m.movers, func(c *mover) bool { return c.place.seed == t })
	if i < 0 {
		return nil
	}
	return m.movers[i]
}

// close frees what m holds. m may be nil.
func (m *moves) close() {
	if m == nil {
		return
	}
	for _, followers := range m.follows {
		for _, f := range followers {
			f.inSeed.Close()
		}
	}
	m.store.close()
}
