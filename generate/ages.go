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
	var tables []*model.Table // parents first
	parents := map[*model.Table][]*model.Table{}
	begun, done := map[*model.Table]bool{}, map[*model.Table]bool{}
	var visit func(t *model.Table)
	visit = func(t *model.Table) {
		if begun[t] {
			return
		}
		begun[t] = true
		var a age
		for _, fk := range t.References() {
			visit(fk.Parent)
			if done[fk.Parent] {
				parents[t] = append(parents[t], fk.Parent)
				a.after = max(a.after, ages[fk.Parent].after+1)
			}
		}
		ages[t], done[t] = a, true
		tables = append(tables, t)
	}
	for _, t := range m.ParentsFirst() {
		visit(t)
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
