package command

import (
	"errors"

	"github.com/seedkit/seedkit/apply"
)

// planFailure is an error of a plan whose rows showPlan has listed. Its text does not repeat them.
type planFailure struct {
	text string
	err  error
}

func (f *planFailure) Error() string { return f.text }

// Unwrap returns the error that names a row.
func (f *planFailure) Unwrap() error { return f.err }

// afterPlan returns the error of a plan without the rows that showPlan has listed.
func (t *terminal) afterPlan(plan apply.Plan, err error) error {
	if t.quiet || saysAll(plan, err) {
		return err
	}
	if _, ok := errors.AsType[*apply.ConflictsError](err); ok {
		text := countRows(plan.Conflicting()) + " in conflict with rows of the target"
		return &planFailure{text, err}
	}
	if _, ok := errors.AsType[*apply.StrangersError](err); ok {
		rows := count(plan.EstrangedRows, "new row")
		return &planFailure{rows + " would refer to other rows than in the seed", err}
	}
	if _, ok := errors.AsType[*apply.RefusedError](err); ok {
		return &planFailure{"the target refuses " + countRows(plan.RefusedRows), err}
	}
	return err
}

// saysAll reports whether the error names everything that the plan cannot insert, so that showPlan
// need not list it.
func saysAll(plan apply.Plan, err error) bool {
	_, estranged := errors.AsType[*apply.StrangersError](err)
	_, refused := errors.AsType[*apply.RefusedError](err)
	return (estranged || refused) && len(plan.Strangers)+len(plan.Refused) == 1
}
