package apply

import (
	"errors"
	"slices"
)

// Choice is a choice of policies for tables, parents first.
type Choice struct {
	Policies []TablePolicy `json:"policies"`
}

// TablePolicy is the policy of one table.
type TablePolicy struct {
	Table  string `json:"table"`
	Policy Policy `json:"policy"`
}

// conflictsError returns the error of the plan's conflicts.
func (r *run) conflictsError() error {
	e := &ConflictsError{
		Total: r.plan.Conflicting() - r.plan.Skipped(), CanSkip: r.plan.CanSkip, Help: r.plan.Help,
	}
	for _, c := range r.plan.Conflicts {
		if c.Outcome == Stopped {
			e.Conflicts = append(e.Conflicts, c)
		}
	}
	return e
}

// mostHelped is the largest number of rows in conflict for which findHelp tries policies. Each
// attempt takes as long as the plan, or longer, because it updates the rows.
const mostHelped = 10_000

// findHelp finds the policies with which the run would get past its conflicts. It tries each choice
// that it finds as the plan does. It finds none if there are edits, or more than mostHelped rows in
// conflict.
func (r *run) findHelp() error {
	settled := r.plan.Conflicting() == r.plan.Skipped() && r.plan.EstrangedRows == 0
	if r.opts.Edits != nil || settled || r.plan.Conflicting()+r.plan.EstrangedRows > mostHelped {
		return nil
	}
	for _, last := range []Policy{Update, Skip} {
		p, choice, err := r.choose(last)
		if err != nil {
			return err
		}
		if len(choice.Policies) == 0 {
			continue
		}
		ok, err := r.wouldSucceed(p)
		if err != nil {
			return err
		}
		if ok {
			r.plan.Help = append(r.plan.Help, choice)
		}
		isLast := func(p TablePolicy) bool { return p.Policy == last }
		if !slices.ContainsFunc(choice.Policies, isLast) {
			break // the other choice is the same
		}
	}
	return nil
}

// choose chooses policies for the tables in conflict, parents first, because the keys of the
// parents are part of the keys of their children. For rows of the same entity with the same key, it
// chooses last. It chooses [Update] for no table whose rows have no id in the script: the row of
// the target with such an id is nobody the script knows.
func (r *run) choose(last Policy) (policies, Choice, error) {
	p, choice := r.moves.policies, Choice{}
	nothing := Choice{}
	for _, t := range r.tables {
		stuck, _, err := r.stuck(p, t)
		if err != nil {
			return p, nothing, err
		}
		if !stuck && !r.hasStrangersFor(t) {
			continue
		}
		chosen := len(choice.Policies)
		for _, policy := range []Policy{Adopt, Renumber, last} {
			if policy == Skip && r.hasStrangersFor(t) ||
				policy == Update && r.seed.IsNumbered(t.seed) {
				continue
			}
			tried := p.with(t, policy)
			stuck, moved, err := r.stuck(tried, t)
			if err != nil {
				return p, nothing, err
			}
			if !stuck && (moved || policy == last) {
				p = tried
				choice.Policies = append(choice.Policies, TablePolicy{t.there.Name, policy})
				break
			}
		}
		if len(choice.Policies) == chosen {
			return p, nothing, nil
		}
	}
	return p, choice, nil
}

// hasStrangersFor reports whether new rows would refer to strangers of the table.
func (r *run) hasStrangersFor(t tablePlace) bool {
	return slices.ContainsFunc(r.plan.Strangers, func(s Stranger) bool {
		return s.Table == t.there.Name
	})
}

// stuck reports whether a row of the table ends the run by the policies, and whether a row has
// another key in the target.
func (r *run) stuck(p policies, t tablePlace) (stuck, moved bool, err error) {
	trial := *r
	trial.moves, err = r.newMoves(p)
	if err == nil {
		defer trial.moves.close()
		err = trial.mapKeys()
	}
	if err != nil {
		return isRefusedMove(err), false, otherwise(err)
	}
	for d, err := range trial.decisions(t) {
		if err != nil {
			return false, false, err
		}
		stuck, moved = stuck || d.fate == stop, moved || d.Moved
		if stuck {
			break
		}
	}
	return stuck, moved, nil
}

// wouldSucceed reports whether the run would succeed by the policies, with the consents of the
// options.
func (r *run) wouldSucceed(p policies) (bool, error) {
	trial := *r
	trial.plan, trial.blocked, trial.opts.Progress = Plan{}, nil, nil
	var err error
	if trial.moves, err = r.newMoves(p); err == nil {
		defer trial.moves.close()
		trial.draft = nil
		err = trial.rehearse()
		trial.draft.Close()
	}
	if err != nil {
		return false, otherwise(err)
	}
	plan := trial.plan
	return plan.Conflicting() == plan.Skipped() && plan.EstrangedRows == 0 &&
		plan.RefusedRows == 0 && trial.blocked == nil, nil
}

// isRefusedMove reports an error of policies that would be refused.
func isRefusedMove(err error) bool {
	_, merged := errors.AsType[*MergedError](err)
	_, circular := errors.AsType[*CircularError](err)
	return merged || circular
}

// otherwise returns an error unless it is one of policies that would be refused.
func otherwise(err error) error {
	if isRefusedMove(err) {
		return nil
	}
	return err
}
