package apply

import (
	"fmt"
	"math"
	"slices"

	"github.com/seedkit/seedkit/internal/rowdiff"
	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/seed"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/sqltext"
)

// mapKeys finds the keys that the seed's rows have or get in r.dst. It must run before a row is
// inserted: the insertion, the checks and the reading back then use the same keys.
func (r *run) mapKeys() error {
	// What a follower has found before all keys are mapped does not hold later.
	r.moves.forget()
	defer r.moves.forget()
	for _, c := range r.moves.movers {
		c.fresh = 0
		if err := c.keys.clear(); err != nil {
			return err
		}
	}
	for _, c := range r.moves.movers {
		if err := r.mapTable(c); err != nil {
			return err
		}
	}
	return nil
}

// mapTable maps the keys of a table. The keys of the tables to which they refer are mapped.
func (r *run) mapTable(c *mover) error {
	search, err := r.newEntitySearch(c)
	if err != nil {
		return err
	}
	defer search.close()
	for row, err := range r.seed.Rows(c.place.seed) {
		if err != nil {
			return r.nameDatabase(err)
		}
		given, err := r.given(c.place.seed, row)
		if err != nil {
			return r.nameDatabase(err)
		}
		old, now := sqlite.Pick(row.Values, c.at), sqlite.Pick(given.Values, c.at)
		moved, err := search.keyOf(given, now)
		if err != nil {
			return r.nameDatabase(err)
		}
		if !slices.Equal(moved, old) {
			if err := c.keys.add(r.dst, old, moved, !slices.Equal(moved, now)); err != nil {
				return err
			}
		}
	}
	return r.checkMerged(c)
}

// MergedError reports two rows of the seed that would be one row of the target.
type MergedError struct {
	Table  string
	Policy Policy
	Row    string // the target's row, by the columns of its keys: `id = 7`
}

func (e *MergedError) Error() string {
	return fmt.Sprintf("%s %s: two rows of the seed would be one row of the target, "+
		"the one with %s", e.Policy, e.Table, e.Row)
}

// checkMerged returns a [*MergedError] if two rows of the seed have the same key in the target.
func (r *run) checkMerged(c *mover) error {
	merged, err := c.keys.merged()
	if err == nil && merged == nil {
		merged, err = r.metByAnother(c)
	}
	if err != nil || merged == nil {
		return err
	}
	return &MergedError{
		Table: c.place.there.Name, Policy: c.policy,
		Row: assignments(c.columns, keyTexts(c.columns, merged)),
	}
}

// metByAnother returns a key of the target that one row of the seed has got, and that another row
// of the seed has had from the start, or nil. If both rows are in the target, they are one row.
func (r *run) metByAnother(c *mover) ([]sqlite.Value, error) {
	if c.keys.count == 0 {
		return nil, nil
	}
	finder, err := r.seed.Finder(c.place.seed, c.columns)
	if err != nil {
		return nil, err
	}
	defer finder.Close()
	all, err := rowdiff.NewMatcher(c.place.seed.Stored(), nil, r.dst, c.place.there)
	if err != nil {
		return nil, r.nameDatabase(err)
	}
	defer all.Close()
	for moved, err := range c.keys.all() {
		if err != nil {
			return nil, err
		}
		other, ok, err := finder.Find(moved)
		if err != nil {
			return nil, err
		}
		if !ok {
			continue
		}
		if _, _, gone, err := c.keys.find(sqlite.Pick(other.Values, c.at)); err != nil || gone {
			if err != nil {
				return nil, err
			}
			continue
		}
		given, err := r.given(c.place.seed, other)
		if err != nil {
			return nil, err
		}
		row, err := all.Compare(given)
		if err != nil {
			return nil, r.nameDatabase(err)
		}
		if row.Class == rowdiff.Identical || row.Class == rowdiff.Conflict && row.Clash.Same {
			return moved, nil
		}
	}
	return nil, nil
}

// entitySearch finds the target's row of the same entity as a row of the seed.
type entitySearch struct {
	run     *run
	mover   *mover
	at      [][]int          // the positions of the natural keys in a row
	primary []int            // the positions of the primary key
	natural *rowdiff.Matcher // compares by the natural keys; nil if there is none
	all     *rowdiff.Matcher // compares by all keys
}

func (r *run) newEntitySearch(c *mover) (*entitySearch, error) {
	s := &entitySearch{run: r, mover: c}
	stored := c.place.seed.Stored()
	for _, u := range c.natural {
		at, _ := schema.Positions(stored, u.Columns)
		s.at = append(s.at, at)
	}
	if at, ok := schema.Positions(stored, c.place.there.PrimaryKey); ok {
		s.primary = at
	}
	var err error
	if s.all, err = rowdiff.NewMatcher(stored, nil, r.dst, c.place.there); err == nil &&
		len(c.natural) > 0 {
		byNatural := *c.place.there
		byNatural.Uniques = c.natural
		s.natural, err = rowdiff.NewMatcher(stored, nil, r.dst, &byNatural)
	}
	if err != nil {
		s.close()
		return nil, r.nameDatabase(err)
	}
	return s, nil
}

func (s *entitySearch) close() {
	if s.natural != nil {
		s.natural.Close()
	}
	if s.all != nil {
		s.all.Close()
	}
}

// isComplete reports whether a row says a key and the key has no NULL.
func isComplete(given rowdiff.Given, at []int) bool {
	return len(at) > 0 && !slices.ContainsFunc(at, func(i int) bool {
		return given.Values[i].IsNull() || given.Unsaid != nil && given.Unsaid[i]
	})
}

// hasNatural reports whether a row has a natural key.
func (s *entitySearch) hasNatural(given rowdiff.Given) bool {
	return slices.ContainsFunc(s.at, func(at []int) bool { return isComplete(given, at) })
}

// keyOf returns what the target has or gets in the columns of the mover, where the row has now.
func (s *entitySearch) keyOf(given rowdiff.Given, now []sqlite.Value) ([]sqlite.Value, error) {
	c := s.mover
	if !c.policy.moves() || c.circular {
		return now, nil
	}
	matcher := s.natural
	if !s.hasNatural(given) {
		if !isComplete(given, s.primary) {
			return now, nil
		}
		matcher = s.all
	}
	row, err := matcher.Compare(given)
	switch {
	case err != nil:
		return nil, err
	case row.Class == rowdiff.New && c.policy == Renumber && c.chosen && matcher == s.natural:
		return s.freeKey(given, now)
	case row.Class == rowdiff.Conflict && row.Clash.Same:
		return c.theirs(now, sqlite.Pick(row.Clash.There, c.at)), nil
	}
	return now, nil
}

// theirs returns the key of the target's row there. Update takes only the primary key: another
// column must keep the seed's value, so that the plan sees that the column would change.
func (c *mover) theirs(now, there []sqlite.Value) []sqlite.Value {
	out := slices.Clone(now)
	for i, v := range there {
		switch {
		case v.IsNull() && !now[i].IsNull(): // nothing can refer to NULL
			return now
		case c.policy != Update || contains(c.place.there.PrimaryKey, c.columns[i]):
			out[i] = v
		}
	}
	return out
}

// freeKey returns a free integer in place of a primary key that is taken.
func (s *entitySearch) freeKey(given rowdiff.Given, now []sqlite.Value) ([]sqlite.Value, error) {
	c := s.mover
	if len(s.primary) != 1 || given.Values[s.primary[0]].Kind() != sqlite.Integer {
		return now, nil
	}
	row, err := s.all.Compare(given)
	if err != nil || row.Class != rowdiff.Conflict {
		return now, err
	}
	if c.fresh == 0 {
		if c.fresh, err = s.run.highestID(c.place); err != nil {
			return nil, err
		}
	}
	if c.fresh == math.MaxInt64 {
		return nil, fmt.Errorf("table %s has no free id above %d", c.place.there.Name, c.fresh)
	}
	c.fresh++
	out := slices.Clone(now)
	out[slices.Index(c.at, s.primary[0])] = sqlite.Int(c.fresh)
	return out, nil
}

// highestID returns the highest integer in the primary key of the table in the seed and in the
// target, and no less than their counters. The primary key has one column.
func (r *run) highestID(t tablePlace) (highest int64, err error) {
	for _, side := range []struct {
		c     *sqlite.Conn
		table *schema.Table
	}{{r.dst, t.there}, {r.seed.Conn, t.seed}} {
		id := sqltext.QuoteIdent(t.there.PrimaryKey[0])
		n, err := side.c.Int64(fmt.Sprintf(
			"SELECT coalesce(max(%s), 0) FROM %s WHERE typeof(%s) = 'integer'",
			id, sqltext.QuoteIdent(side.table.Name), id))
		if err != nil {
			return 0, fmt.Errorf("find the highest id of table %s: %w", side.table.Name, err)
		}
		highest = max(highest, n)
		if side.table.Autoincrement {
			if n, err = seed.Counter(side.c, side.table); err != nil {
				return 0, err
			}
			highest = max(highest, n)
		}
	}
	return highest, nil
}
