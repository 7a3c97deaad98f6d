package generate

import (
	"slices"
	"time"

	"github.com/seedkit/seedkit/internal/model"
)

// age says when the rows of a table are created, relative to those of other tables.
type age struct {
	after  int // the number of tables in the longest chain to which the table's rows refer
	before int // the number of tables in the longest chain that refers to them
}

// readAges reads the chains of references. References in a cycle of tables count in one direction
// only.
func readAges(m *model.Model) map[*model.Table]age {
	ages := map[*model.Table]age{}
	tables := m.ParentsFirst()
	parents := map[*model.Table][]*model.Table{}
	done := map[*model.Table]bool{}
	for _, t := range tables {
		a := ages[t]
		for _, fk := range t.Keys {
			if done[fk.Parent] {
				parents[t] = append(parents[t], fk.Parent)
				a.after = max(a.after, ages[fk.Parent].after+1)
			}
		}
		ages[t], done[t] = a, true
	}
	for _, t := range slices.Backward(tables) {
		for _, parent := range parents[t] {
			a := ages[parent]
			a.before = max(a.before, ages[t].before+1)
			ages[parent] = a
		}
	}
	return ages
}

// window returns the time before the clock in which rows are created, the beginning first. The
// windows of a table and of a table that refers to it do not overlap, and the table that no other
// refers to has rows until the clock.
func (a age) window() (from, to time.Duration) {
	share := year / time.Duration(a.after+a.before+1)
	from = year - time.Duration(a.after)*share
	return from, from - share
}
