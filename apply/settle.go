package apply

import (
	"fmt"
	"slices"
	"strings"

	"github.com/seedkit/seedkit/internal/rowdiff"
	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/sqlite"
)

// count adds a row to the plan of its table, and lists the row if it is in conflict.
func (p *planner) count(t tablePlace, d decision) {
	n := &p.table
	switch d.fate {
	case insert:
		n.New++
		if d.Moved {
			n.Renumbered++
		}
	case keep:
		n.Identical++
	case adopt:
		n.Adopted++
	case update:
		n.Updated++
	case leaveOut:
		n.Skipped++
		n.Conflicting++
	case stop:
		n.Conflicting++
	}
	switch {
	case d.fate == stop, d.fate == leaveOut:
		p.plan.Conflicts = appendListed(p.plan.Conflicts, newConflict(t, d))
	case d.fate == adopt, d.fate == update, d.Moved:
		p.settle(t, d)
	}
}

// settle lists a row in conflict that a policy settles, unless as many with its outcome are listed
// as a plan lists.
func (p *planner) settle(t tablePlace, d decision) {
	outcome, n := d.outcome(), 0
	for _, c := range p.plan.Settled {
		if c.Outcome == outcome {
			n++
		}
	}
	if n < listed {
		p.plan.Settled = append(p.plan.Settled, newConflict(t, d))
	}
}

// foundBy returns the columns and values by which the target's row of the same entity is found.
func foundBy(t tablePlace, row rowdiff.Row) (columns, values []string) {
	given := rowdiff.Given{Values: row.Values, Unsaid: row.Unsaid}
	for _, u := range t.there.Uniques {
		at, ok := schema.Positions(t.seed.Stored(), u.Columns)
		if ok && isComplete(given, at) && !slices.Equal(u.Columns, t.there.PrimaryKey) {
			return u.Columns, keyTexts(u.Columns, sqlite.Pick(row.Values, at))
		}
	}
	columns = t.there.PrimaryKey
	at, _ := schema.Positions(t.seed.Stored(), columns)
	return columns, keyTexts(columns, sqlite.Pick(row.Source, at))
}

// whyNot returns why the policy of the table does not settle a row's conflict, or "" for [Abort].
func (r *run) whyNot(t tablePlace, row rowdiff.Row, policy Policy) string {
	if !policy.moves() {
		return ""
	}
	c := r.moves.mover(t.seed)
	switch {
	case c != nil && c.circular:
		return fmt.Sprintf("the keys of %s refer to each other in a circle, "+
			"so no row can be found by them", t.there.Name)
	case policy == Renumber && row.Clash.Same:
		return "the row is there, and more than its id differs"
	case policy == Renumber && len(t.there.PrimaryKey) != 1:
		return "the primary key is not one integer"
	case policy == Renumber:
		return r.whyNotRenumber(t, row, c)
	case c == nil || len(c.natural) == 0:
		return "another row has the key"
	}
	return fmt.Sprintf("the row of the target is not the same in every unique key beside %s",
		strings.Join(t.there.PrimaryKey, ", "))
}

// whyNotRenumber returns why a row does not get another id.
func (r *run) whyNotRenumber(t tablePlace, row rowdiff.Row, c *mover) string {
	id := t.there.PrimaryKey[0]
	given := rowdiff.Given{Values: row.Values, Unsaid: row.Unsaid}
	at, ok := schema.Positions(t.seed.Stored(), []string{id})
	switch {
	case !ok || row.Values[at[0]].Kind() != sqlite.Integer:
		return fmt.Sprintf("%s is no integer", id)
	case c != nil:
		for _, u := range c.natural {
			at, _ := schema.Positions(t.seed.Stored(), u.Columns)
			if isComplete(given, at) {
				return fmt.Sprintf("a row of the target has the same %s, and is not the same in "+
					"every unique key", strings.Join(row.Clash.Columns, ", "))
			}
		}
	}
	return fmt.Sprintf("the row has no unique key beside %s, by which the next run would find it",
		id)
}
