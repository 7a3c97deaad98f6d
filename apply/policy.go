package apply

import (
	"fmt"
	"maps"
	"slices"

	"github.com/seedkit/seedkit/internal/nearest"
	"github.com/seedkit/seedkit/internal/schema"
)

// Policy says what [Run] does with a row of the seed that is in conflict: the target has a row with
// one of the row's unique keys and with other values.
//
// The row and the target's row are the same entity if they agree in every unique key that has no
// NULL in either row. [Adopt], [Update] and [Renumber] do not compare the primary key if the table
// has another unique key: the ids of one role may differ from database to database. A row to which
// a policy cannot do what it says ends the run, as with [Abort].
type Policy string

const (
	// Abort ends the run before it inserts any row.
	Abort Policy = "abort"
	// Skip leaves the row out, and leaves the target's row as it is. If the target's row is another
	// entity, a new row that refers to the skipped row is an error, a [*StrangersError].
	Skip Policy = "skip"
	// Update gives the target's row of the same entity the seed's values. The target's row keeps
	// its primary key, and the seed's references follow to that key. Update changes no column to
	// which foreign keys of the target refer, and no unique key.
	Update Policy = "update"
	// Adopt leaves the target's row of the same entity as it is, and the seed's references follow
	// to its keys.
	Adopt Policy = "adopt"
	// Renumber inserts a row whose integer primary key is taken under a free one, and the seed's
	// references follow. The table must have another unique key, by which the next run finds the
	// row.
	Renumber Policy = "renumber"
)

// Policies lists the policies, the default first.
var Policies = []Policy{Abort, Skip, Update, Adopt, Renumber}

// moves reports whether a row of the seed may get another key in the target by the policy.
func (p Policy) moves() bool { return p == Update || p == Adopt || p == Renumber }

// PolicyError reports a policy in [Options] that does not exist, or a policy for a table that the
// target does not have.
type PolicyError struct {
	// Table is the unknown table. It is empty if Policy is unknown.
	Table  string
	Policy Policy
	near   string
}

func (e *PolicyError) Error() string {
	if e.Table != "" {
		return fmt.Sprintf("the target has no table %s for the policy %s%s",
			e.Table, e.Policy, e.near)
	}
	return fmt.Sprintf("there is no policy %s%s", e.Policy, e.near)
}

// policies has the policies of all tables.
type policies struct {
	of   map[*schema.Table]Policy // by the target's table
	rest Policy
}

func (p policies) table(t tablePlace) Policy {
	if policy, ok := p.of[t.there]; ok {
		return policy
	}
	return p.rest
}

// update reports whether the policy of a table is [Update].
func (p policies) update() bool {
	return p.rest == Update || slices.Contains(slices.Collect(maps.Values(p.of)), Update)
}

// with returns the policies with another one for a table.
func (p policies) with(t tablePlace, policy Policy) policies {
	of := maps.Clone(p.of)
	of[t.there] = policy
	return policies{of: of, rest: p.rest}
}

// readPolicies finds the tables of the options' policies.
func readPolicies(opts Options, there *schema.Schema) (policies, error) {
	p := policies{of: map[*schema.Table]Policy{}, rest: opts.OnConflict}
	if p.rest == "" {
		p.rest = Abort
	}
	if err := checkPolicy(p.rest); err != nil {
		return p, err
	}
	for _, name := range slices.Sorted(maps.Keys(opts.OnConflictIn)) {
		policy, t := opts.OnConflictIn[name], there.Table(name)
		if err := checkPolicy(policy); err != nil {
			return p, err
		}
		if t == nil {
			near := nearest.DidYouMean(name, there.Names())
			return p, &PolicyError{Table: name, Policy: policy, near: near}
		}
		if other, twice := p.of[t]; twice && other != policy {
			return p, fmt.Errorf("table %s has two policies, %s and %s", t.Name, other, policy)
		}
		p.of[t] = policy
	}
	return p, nil
}

func checkPolicy(p Policy) error {
	if slices.Contains(Policies, p) {
		return nil
	}
	words := make([]string, len(Policies))
	for i, known := range Policies {
		words[i] = string(known)
	}
	return &PolicyError{Policy: p, near: nearest.DidYouMean(string(p), words)}
}
