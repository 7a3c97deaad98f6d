package generate

import (
	"cmp"
	"fmt"
	"hash/fnv"
	"math"
	"slices"
	"strings"

	"github.com/seedkit/seedkit/internal/chance"
	"github.com/seedkit/seedkit/internal/model"
	"github.com/seedkit/seedkit/internal/sqlite"
)

// matches keeps the values of unique keys different in [contest]s. Values that are given come
// first. Then the rows choose one after another, in the order of their hashes, those with the least
// choice first. Each takes the value that it prefers among those that are free. So the order of
// declarations does not matter. A new row or a new value moves one row after another until one of
// them finds a value that nobody took: hardly any, as long as there are more values than rows.
type matches struct {
	drawer   *drawer
	prepared map[*model.Table]bool
	keys     map[*model.Unique]*match
	choices  map[*model.Column]*ring
	// hopeful leaves contests to SQLite where that makes no difference as long as it refuses no
	// row.
	hopeful bool
}

// match is the state of one unique key.
type match struct {
	taken map[uint64]bool // the hashes of keys
	seats map[string]*seats
	picks map[uint64]*pick // by the hash of the row
	asked map[string]int   // the rows that chose, by the values that were settled before
	short map[string]int   // those of them that found nothing free
	told  map[string]bool
}

// option is the number of a row that a row can choose, or of a value of its column.
type option uint32

// none is the option NULL.
const none = option(math.MaxUint32)

// pick is what a row chose.
type pick struct {
	attempt uint64   // the attempt of the row
	options []option // by factor
	key     uint64   // the hash in taken, 0 if there is none
	group   string   // the values that were settled before; set if nothing is free
	missing bool     // nothing is free
}

func newMatches(d *drawer) *matches {
	m := &matches{drawer: d, choices: map[*model.Column]*ring{}}
	m.reset()
	return m
}

// reset forgets what rows chose.
func (m *matches) reset() {
	m.prepared, m.keys = map[*model.Table]bool{}, map[*model.Unique]*match{}
}

func (m *matches) key(u *model.Unique) *match {
	if m.keys[u] == nil {
		m.keys[u] = &match{
			taken: map[uint64]bool{}, seats: map[string]*seats{}, picks: map[uint64]*pick{},
			asked: map[string]int{}, short: map[string]int{}, told: map[string]bool{},
		}
	}
	return m.keys[u]
}

// prepare lets the rows of a table choose, in the order of their hashes. Rows that need not choose
// take their values before.
func (m *matches) prepare(t *model.Table) {
	if m.prepared[t] {
		return
	}
	m.prepared[t] = true
	outer := m.drawer.drawing // the rows do not depend on the cell that asks for the first of them
	m.drawer.drawing = cellOf{}
	defer func() { m.drawer.drawing = outer }()
	contested := m.contested(t)
	if len(contested) == 0 {
		return
	}
	rows := slices.Collect(m.drawer.plot.rows(t))
	for _, r := range slices.Concat(m.drawer.parents.baselines[t].others, rows) {
		if m.drawer.plot.stopped() {
			return
		}
		for u := range contested {
			if !r.competes(u) && !r.refused {
				m.occupy(r, u)
			}
		}
	}
	for _, r := range inTurn(rows) {
		if m.drawer.plot.stopped() {
			return
		}
		for _, c := range r.template.contests {
			if contested[c.unique] && r.competes(c.unique) && !r.refused {
				m.compete(r, c)
			}
		}
	}
}

// contested returns the unique keys of a table for which rows compete.
func (m *matches) contested(t *model.Table) map[*model.Unique]bool {
	keys := map[*model.Unique]bool{}
	for _, template := range m.drawer.plot.templates[t] {
		for _, c := range template.contests {
			if !m.hopeful || !c.leftToSQLite(t) {
				keys[c.unique] = true
			}
		}
	}
	return keys
}

// competes reports whether a row has no value of a key yet.
func (r *row) competes(u *model.Unique) bool {
	return !r.adopted && slices.ContainsFunc(r.template.contests, func(c *contest) bool {
		return c.unique == u
	})
}

// inTurn returns rows in the order in which they choose: those with the least choice first, then in
// the order of their hashes.
func inTurn(rows []*row) []*row {
	factors := func(r *row) (n int) {
		for _, c := range r.template.contests {
			n += len(c.factors)
		}
		return n
	}
	return slices.SortedStableFunc(slices.Values(rows), func(a, b *row) int {
		return cmp.Or(factors(a)-factors(b), cmp.Compare(a.hash, b.hash),
			cmp.Compare(a.path(), b.path()))
	})
}

// occupy takes the key of a row that does not compete.
func (m *matches) occupy(r *row, u *model.Unique) {
	m.early(r, false, func() {
		if key := m.hash(r, u); key != 0 {
			m.key(u).taken[key] = true
		}
	})
}

// compete lets a row choose its values. Functions of the fixture draw again if their values are
// taken.
func (m *matches) compete(r *row, c *contest) {
	drawn := slices.ContainsFunc(c.unique.Columns, func(i int) bool {
		return r.template.sources[i].kind == lazy
	})
	m.early(r, drawn, func() {
		if len(c.factors) > 0 {
			m.choose(r, c)
			return
		}
		taken := m.key(c.unique).taken
		for {
			key := m.hash(r, c.unique)
			if key == 0 || !taken[key] {
				taken[key] = key != 0
				return
			}
			for i := range r.table.Columns {
				m.drawer.cell(r, i)
			}
			r.clashed = true
			if r.attempt == attempts || !r.redraw(c.unique.Columns) {
				return
			}
		}
	})
}

// early calls fn, which generates cells of a row before its time. A mistake in the row shows when
// the row is inserted. To hold only few cells in memory, early forgets those that will be
// generated again with the same values, unless keep is set: a function may have drawn them.
func (m *matches) early(r *row, keep bool, fn func()) {
	fresh := r.cells == nil
	defer m.drawer.using(r)()
	defer func() {
		if fresh && !keep && r.attempt == 0 &&
			!slices.ContainsFunc(r.cells, func(c cell) bool { return c.state&(lent|asked) != 0 }) {
			r.cells = nil
		} else {
			m.drawer.plot.hold(r)
		}
		switch p := recover().(type) {
		case nil, abort:
		default:
			panic(p)
		}
	}()
	fn()
}

// hash returns a hash of a row's values of a key, or 0 if one of them is NULL.
func (m *matches) hash(r *row, u *model.Unique) uint64 {
	var key []byte
	for _, i := range u.Columns {
		v := m.drawer.cell(r, i)
		if v.IsNull() && !u.Nulls {
			return 0
		}
		if u.Folds && v.Kind() == sqlite.Text {
			v = sqlite.String(strings.ToLower(v.Data()))
		}
		key = v.AppendKey(key)
	}
	h := fnv.New64a()
	h.Write(key)
	return h.Sum64() | 1
}

// option returns what a row chose for a column.
func (m *matches) option(r *row, column *model.Column) option {
	m.prepare(r.table)
	c := r.template.contest[column.Index]
	k := m.key(c.unique)
	p := k.picks[r.hash]
	if p == nil || p.attempt != r.attempt {
		m.choose(r, c)
		p = k.picks[r.hash]
	}
	if p.missing {
		panic(abort{r: r, msg: k.missing(r, c, p.group), alone: true})
	}
	i := slices.IndexFunc(c.factors, func(f factor) bool {
		return slices.Contains(r.template.chosenBy(f), column.Index)
	})
	return p.options[i]
}

// missing says that a row finds nothing free. It says so only once of rows with the same settled
// values.
func (k *match) missing(r *row, c *contest, group string) string {
	if k.told[group] {
		return ""
	}
	k.told[group] = true
	asked := k.asked[group]
	return fmt.Sprintf("%s must differ from row to row: %d %s, %d possible",
		columnList(r.table.ColumnNames(c.unique.Columns)), asked, plural(asked),
		asked-k.short[group])
}

func plural(rows int) string {
	if rows == 1 {
		return "row"
	}
	return "rows"
}

// columnList names columns.
func columnList(names []string) string {
	if len(names) == 1 {
		return fmt.Sprintf("column %q", names[0])
	}
	for i, name := range names {
		names[i] = fmt.Sprintf("%q", name)
	}
	last := len(names) - 1
	return "columns " + strings.Join(names[:last], ", ") + " and " + names[last]
}

// choose lets a row choose the factors of a contest that are not settled. After an attempt that
// failed for another reason than this key, what the row had chosen is free again.
func (m *matches) choose(r *row, c *contest) {
	k := m.key(c.unique)
	p := &pick{attempt: r.attempt, options: make([]option, len(c.factors))}
	if old := k.picks[r.hash]; old != nil {
		copy(p.options, old.options)
		if !r.clashed && old.key != 0 {
			delete(k.taken, old.key)
			clear(k.seats)
		}
	}
	k.picks[r.hash] = p
	ch := &choice{matches: m, match: k, row: r, contest: c, pick: p}
	for i, f := range c.factors {
		if r.cell(r.template.chosenBy(f)[0]).state&known == 0 {
			ch.open = append(ch.open, i)
		}
	}
	group := string(ch.settled())
	if r.attempt == 0 {
		k.asked[group]++
	}
	if !ch.try(ch.open) && !ch.giveUp() {
		p.missing, p.group = true, group
		k.short[group]++
	}
	for _, i := range ch.open {
		ch.unset(i)
	}
}

// values returns the ring of a column's values.
func (m *matches) values(c *model.Column) *ring {
	if m.choices[c] == nil {
		m.choices[c] = newRing(func(yield func(uint32, uint64) bool) {
			for i, v := range c.Choices {
				if !yield(uint32(i), chance.Hash(string(v.AppendKey(nil)))) {
					return
				}
			}
		})
	}
	return m.choices[c]
}

// drawChoice returns the value of a column that has only a few and competes for a unique key.
func (m *matches) drawChoice(r *row, c *model.Column) (v sqlite.Value) {
	if r.varies(c) && m.drawer.leavesNull(r, c, m.drawer.hashes[c]) {
		return v
	}
	if chosen := m.option(r, c); chosen != none {
		v = c.Choices[chosen]
	}
	return v
}
