package apply

import (
	"errors"
	"fmt"
	"slices"

	"github.com/seedkit/seedkit/internal/live"
	"github.com/seedkit/seedkit/internal/sqlite"
)

// rehearse makes the plan. It does what the transaction will do on an overlay of the target's
// snapshot, records what happens, and discards the overlay. So the plan finds everything that the
// target would refuse, and blocks no other connection.
func (r *run) rehearse() error {
	overlay, err := sqlite.OpenOverlay(r.dst)
	if err != nil {
		return err
	}
	defer overlay.Close()
	trial := *r
	trial.dst = overlay
	p := &planner{plan: &trial.plan, times: r.times}
	defer p.close()
	if err := trial.carryOut(p); err != nil {
		if ctx := r.dst.Context(); ctx.Err() != nil {
			return ctx.Err() // instead of an I/O error of the overlay
		}
		return err
	}
	plan := trial.plan
	plan.CanSkip = len(plan.Conflicts) > 0 && trial.blocked == nil && plan.EstrangedRows == 0 &&
		plan.RefusedRows == 0 && (len(plan.Triggers) == 0 || r.opts.AllowTriggers)
	r.plan, r.blocked = plan, trial.blocked
	return nil
}

// carryOut does the transaction's work on the overlay.
func (r *run) carryOut(p *planner) error {
	if err := r.beginTrial(); err != nil {
		return err
	}
	defer r.dst.Rollback()
	if err := r.edit(p.edited); err != nil {
		return err
	}
	x := newTransfer(r, p)
	p.references = &referenceCheck{c: r.dst}
	for i, t := range r.tables {
		reporter(r.opts.Progress).report(Planning, int64(i), int64(len(r.tables)))
		if err := p.begin(t); err != nil {
			return err
		}
		if err := x.table(t); err != nil {
			return err
		}
		p.end(t)
	}
	if err := p.references.finish(p.refused); err != nil {
		return err
	}
	if p.plan.New() > 0 {
		lower, err := r.counters(r.dst)
		if err != nil {
			return err
		}
		p.plan.Counters = lower
	}
	return r.rehearseChecks(p)
}

// beginTrial begins the plan's transaction. If no trigger fires and nothing is edited, SQLite does
// not check foreign keys, because [referenceCheck] does, and knows which row has no parent. An
// INSERT that SQLite cannot compile with foreign keys on is an error: the foreign key has no unique
// parent key.
func (r *run) beginTrial() error {
	if err := r.dst.Exec("PRAGMA foreign_keys = ON"); err != nil {
		return err
	}
	minds := r.opts.Edits != nil
	for _, t := range r.tables {
		minds = minds || len(insertTriggers(t.there)) > 0
		statement, err := r.dst.PrepareOne(insertSQL(t))
		if err != nil {
			return fmt.Errorf("insert into %s: %w", t.there.Name, err)
		}
		statement.Close()
	}
	if !minds {
		return r.dst.ExecScript("PRAGMA foreign_keys = OFF; BEGIN IMMEDIATE")
	}
	return r.dst.ExecScript("BEGIN IMMEDIATE; PRAGMA defer_foreign_keys = ON")
}

// rehearseChecks checks what the edits and the triggers have made of the rows. It does so only if
// all rows were inserted.
func (r *run) rehearseChecks(p *planner) error {
	if p.plan.RefusedRows > 0 || p.plan.EstrangedRows > 0 || p.plan.Changes() == 0 {
		return nil
	}
	r.blocked = r.check()
	if err := r.checkEdits(); err != nil {
		return err
	}
	if r.firesTriggers() {
		checked := *r
		checked.opts.Progress = nil
		err := checked.checkPresence()
		if row, ok := errors.AsType[*RowError](err); ok {
			return p.refused(row)
		}
		if err != nil {
			return err
		}
	}
	if r.firesTriggers() || r.opts.Edits != nil {
		return r.checkDangling(p)
	}
	return nil
}

// checkDangling looks for references that dangle because of an edit, or in the rows that triggers
// have inserted or changed.
func (r *run) checkDangling(p *planner) error {
	after, err := live.ForeignKeyViolations(r.dst)
	if err != nil {
		return err
	}
	r.dst.Rollback()
	before, err := live.ForeignKeyViolations(r.dst)
	if err != nil {
		return err
	}
	for _, v := range after {
		if !slices.Contains(before, v) {
			dangling := fmt.Errorf("foreign keys would be violated: %s", v)
			if r.opts.Edits != nil {
				r.blocked = dangling
				return nil
			}
			if err := p.refused(&RowError{Table: v.Table, Err: dangling}); err != nil {
				return err
			}
		}
	}
	return nil
}

// planner records what happens in a transfer. It never ends the transfer.
type planner struct {
	plan       *Plan
	times      times
	table      TablePlan // the plan of the current table
	place      tablePlace
	references *referenceCheck
}

func (p *planner) begin(t tablePlace) error {
	p.table, p.place = *p.plan.table(t.there.Name), t
	p.plan.Tables = slices.DeleteFunc(p.plan.Tables, func(done TablePlan) bool {
		return done.Table == t.there.Name
	})
	return p.references.begin(t)
}

func (p *planner) end(t tablePlace) {
	p.plan.Tables = append(p.plan.Tables, p.table)
	p.plan.Times = append(p.plan.Times, p.times.converters[t.seed].Notes()...)
	if p.table.New > 0 {
		p.plan.addTriggers(insertTriggers(t.there))
	}
}

func (p *planner) close() {
	if p.references != nil {
		p.references.close()
	}
}

func (p *planner) decided(t tablePlace, d decision) error {
	if d.fate != keep {
		p.times.converters[t.seed].Count()
	}
	switch d.fate {
	case insert:
		p.table.New++
	case keep:
		p.table.Identical++
	default:
		p.table.Conflicting++
		p.plan.Conflicts = appendListed(p.plan.Conflicts, newConflict(t, d.Row))
	}
	return nil
}

func (p *planner) inserted(t tablePlace, row []sqlite.Value) error {
	return p.references.check(t, row)
}

func (p *planner) refused(err *RowError) error {
	p.plan.RefusedRows++
	p.plan.Refused = appendListed(p.plan.Refused, err)
	return nil
}

// estranged counts a new row at its parent, and lists the first few for each parent.
func (p *planner) estranged(s Stranger) error {
	const children = 3
	p.plan.EstrangedRows++
	for i := range p.plan.Strangers {
		known := &p.plan.Strangers[i]
		if known.Table == s.Table && known.Seed == s.Seed {
			known.Total++
			if len(known.Children) < children {
				known.Children = append(known.Children, s.Children...)
			}
			return nil
		}
	}
	p.plan.Strangers = appendListed(p.plan.Strangers, s)
	return nil
}

// appendListed appends an item unless the list has as many items as a plan lists.
func appendListed[T any](list []T, item T) []T {
	if len(list) == listed {
		return list
	}
	return append(list, item)
}
