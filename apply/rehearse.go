package apply

import (
	"errors"
	"fmt"
	"slices"

	"github.com/seedkit/seedkit/internal/live"
	"github.com/seedkit/seedkit/internal/sqlite"
)

// rehearse plans: it does what the transaction will do, on an overlay of the
// target's snapshot that is gone afterwards, and writes down what happens. So
// whatever the target would refuse is found, and nobody is held up by it.
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
			return ctx.Err() // and not an I/O error of the overlay's
		}
		return err
	}
	plan := trial.plan
	nothingElse := plan.EstrangedRows == 0 && plan.RefusedRows == 0 && (len(plan.Triggers) == 0 || r.opts.AllowTriggers)
	plan.CanSkip = len(plan.Conflicts) > 0 && nothingElse
	r.plan = plan
	return nil
}

// carryOut does the transaction's work for the plan.
func (r *run) carryOut(p *planner) error {
	if err := r.beginTrial(); err != nil {
		return err
	}
	defer r.dst.Rollback()
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

// beginTrial begins the plan's transaction. SQLite need not look references up
// if no trigger fires: [referenceCheck] does, and knows which row refers to
// nothing. Where references cannot be looked up at all, an INSERT does not
// compile while SQLite minds them.
func (r *run) beginTrial() error {
	if err := r.dst.Exec("PRAGMA foreign_keys = ON"); err != nil {
		return err
	}
	triggers := false
	for _, t := range r.tables {
		triggers = triggers || len(insertTriggers(t.there)) > 0
		statement, err := r.dst.PrepareOne(insertSQL(t))
		if err != nil {
			return fmt.Errorf("insert into %s: %w", t.there.Name, err)
		}
		statement.Close()
	}
	if !triggers {
		return r.dst.ExecScript("PRAGMA foreign_keys = OFF; BEGIN IMMEDIATE")
	}
	return r.dst.ExecScript("BEGIN IMMEDIATE; PRAGMA defer_foreign_keys = ON")
}

// rehearseChecks looks at what triggers have made of the rows, if all were
// inserted.
func (r *run) rehearseChecks(p *planner) error {
	if p.plan.RefusedRows > 0 || p.plan.EstrangedRows > 0 || !r.firesTriggers() {
		return nil
	}
	checked := *r
	checked.opts.Progress = nil
	err := checked.checkPresence()
	if row, ok := errors.AsType[*RowError](err); ok {
		return p.refused(row)
	}
	if err != nil {
		return err
	}
	return r.checkTriggersRows(p)
}

// checkTriggersRows looks for references that dangle in what triggers have
// inserted or changed.
func (r *run) checkTriggersRows(p *planner) error {
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
			if err := p.refused(&RowError{Table: v.Table, Err: dangling}); err != nil {
				return err
			}
		}
	}
	return nil
}

// planner writes down what happens in a transfer, which it never ends.
type planner struct {
	plan       *Plan
	times      times
	table      TablePlan // that is being planned
	place      tablePlace
	references *referenceCheck
}

func (p *planner) begin(t tablePlace) error {
	p.table, p.place = TablePlan{Table: t.there.Name}, t
	return p.references.begin(t)
}

func (p *planner) end(t tablePlace) {
	p.plan.Tables = append(p.plan.Tables, p.table)
	p.plan.Times = append(p.plan.Times, p.times.converters[t.seed].Notes()...)
	if p.table.New > 0 {
		p.plan.Triggers = append(p.plan.Triggers, insertTriggers(t.there)...)
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

// estranged adds a child to its parent's, of which a plan lists the first few.
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
