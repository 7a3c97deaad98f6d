package apply

import (
	"errors"
	"fmt"
	"slices"

	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/sqlite"
)

// rehearse makes the plan. It does what the transaction will do on an overlay of the target's
// snapshot, records what happens, and closes the overlay. So the plan finds everything that the
// target would refuse, and blocks no other connection.
func (r *run) rehearse() error {
	err := r.rehearseWith(true)
	if isMany(err) {
		for _, c := range r.times.converters {
			c.Forget()
		}
		err = r.rehearseWith(false)
	}
	return err
}

// rehearseWith does the work of rehearse. many allows one statement to insert many rows. If the
// target refuses one of them, and the statement does not tell which, the error is a [*manyError].
func (r *run) rehearseWith(many bool) error {
	overlay, err := sqlite.OpenOverlay(r.dst)
	if err != nil {
		return err
	}
	defer overlay.Close()
	if !r.reachesFurther() {
		// Nothing is rolled back but rows that SQLite refuses before it stores anything of them.
		if err := overlay.Exec("PRAGMA journal_mode = OFF"); err != nil {
			return err
		}
	}
	trial := *r
	trial.dst = overlay
	p := &planner{
		plan: &trial.plan, times: r.times, fates: map[*schema.Table]*fates{},
		isNumbered: r.seed.IsNumbered,
	}
	defer p.close()
	if err := trial.carryOut(p, many); err != nil {
		if ctx := r.dst.Context(); ctx.Err() != nil {
			return ctx.Err() // instead of an I/O error of the overlay
		}
		return err
	}
	plan := trial.plan
	plan.CanSkip = len(plan.Conflicts) > 0 && trial.blocked == nil && plan.EstrangedRows == 0 &&
		plan.RefusedRows == 0 && (len(plan.Triggers) == 0 || r.opts.AllowTriggers) &&
		r.decidesAlone()
	r.plan, r.blocked, r.updates, r.draft = plan, trial.blocked, trial.updates, trial.draft
	if r.decidesAlone() {
		r.fates = p.fates
	}
	return nil
}

// carryOut does the transaction's work on the overlay.
func (r *run) carryOut(p *planner, many bool) error {
	if err := r.compileInserts(); err != nil {
		return err
	}
	touched, err := r.begin()
	if err != nil {
		return err
	}
	defer touched.close()
	defer r.dst.Rollback()
	if err := r.edit(p.edited); err != nil {
		return err
	}
	if err := r.mapKeys(); err != nil {
		return err
	}
	undeclared := r.checkUndeclared()
	if undeclared != nil && !isUndeclared(undeclared) {
		return undeclared
	}
	x := newTransfer(r, p)
	x.many = x.many && many
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
	r.updates = x.updates.sum()
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
	if err := r.rehearseChecks(p, touched); err != nil {
		return err
	}
	if r.blocked == nil {
		r.blocked = undeclared
	}
	r.draft, err = r.takeDraft(p)
	return err
}

// compileInserts compiles the INSERTs with foreign keys on. SQLite compiles none if a foreign key
// refers to a missing table or to columns without a unique key.
func (r *run) compileInserts() error {
	if err := r.dst.Exec("PRAGMA foreign_keys = ON"); err != nil {
		return err
	}
	for _, t := range r.tables {
		statement, err := r.dst.PrepareOne(insertSQL(t))
		if err != nil {
			return fmt.Errorf("insert into %s: %w", t.there.Name, err)
		}
		statement.Close()
	}
	return nil
}

// begin begins the transaction of the plan or of the insertion. If only the seed's rows can refer
// to missing rows, SQLite does not check foreign keys, because [referenceCheck] does, and knows
// which row has no parent. Otherwise SQLite checks them, and begin returns what notes the rows that
// may refer to missing rows.
func (r *run) begin() (*touched, error) {
	if !r.reachesFurther() {
		return nil, r.dst.ExecScript("PRAGMA foreign_keys = OFF; BEGIN IMMEDIATE")
	}
	const begin = "PRAGMA foreign_keys = ON; BEGIN IMMEDIATE; PRAGMA defer_foreign_keys = ON"
	if err := r.dst.ExecScript(begin); err != nil {
		return nil, err
	}
	return watchTouched(r.dst, r.there)
}

// reachesFurther reports whether the transaction may change more references than the seed gives: it
// makes edits or updates, triggers may fire, or a default may refer to a row.
func (r *run) reachesFurther() bool {
	return r.opts.Edits != nil || slices.ContainsFunc(r.tables, func(t tablePlace) bool {
		return r.moves.policies.table(t) == Update || len(insertTriggers(t.there)) > 0 ||
			slices.ContainsFunc(t.there.ForeignKeys, func(fk schema.ForeignKey) bool {
				_, given := schema.Positions(t.seed.Stored(), fk.Columns)
				return !given
			})
	})
}

// rehearseChecks checks what the edits and the triggers have made of the rows. It does so only if
// all rows were inserted.
func (r *run) rehearseChecks(p *planner, touched *touched) error {
	if p.plan.RefusedRows > 0 || p.plan.EstrangedRows > 0 || p.plan.Changes() == 0 {
		return nil
	}
	r.blocked = r.check()
	if err := r.checkEdits(); err != nil {
		return err
	}
	if r.firesTriggers() || p.updates {
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
	if touched != nil {
		return r.checkDangling(p, touched)
	}
	return nil
}

// checkDangling looks for references that dangle because of an edit, or in the rows that triggers
// have inserted or changed.
func (r *run) checkDangling(p *planner, touched *touched) error {
	err := touched.check()
	dangling, ok := errors.AsType[*DanglingError](err)
	switch {
	case !ok:
		return err
	case r.opts.Edits != nil:
		r.blocked = dangling
		return nil
	}
	return p.refused(&RowError{Table: dangling.Table, Key: dangling.Key, Err: dangling.Err})
}

// planner records what happens in a transfer. It never ends the transfer.
type planner struct {
	plan       *Plan
	times      times
	table      TablePlan // the plan of the current table
	place      tablePlace
	fates      map[*schema.Table]*fates
	references *referenceCheck
	updates    bool // the policy of a table updates rows
	isNumbered func(*schema.Table) bool
}

func (p *planner) begin(t tablePlace) error {
	p.table, p.place = *p.plan.table(t.there.Name), t
	p.plan.Tables = slices.DeleteFunc(p.plan.Tables, func(done TablePlan) bool {
		return done.Table == t.there.Name
	})
	p.fates[t.seed] = &fates{}
	return p.references.begin(t)
}

func (p *planner) end(t tablePlace) {
	p.plan.Tables = append(p.plan.Tables, p.table)
	p.plan.Times = append(p.plan.Times, p.times.converters[t.seed].Notes()...)
	numbered := p.table.New - p.table.Renumbered + p.table.Conflicting
	if p.isNumbered(t.seed) && numbered > 0 {
		p.plan.Numbered = append(p.plan.Numbered, t.there.Name)
	}
	if p.table.New > 0 {
		p.plan.addTriggers(insertTriggers(t.there))
	}
	if p.table.Updated > 0 {
		p.plan.addTriggers(triggersOn(t.there, "UPDATE"))
	}
}

func (p *planner) close() {
	if p.references != nil {
		p.references.close()
	}
}

func (p *planner) decided(t tablePlace, d decision) error {
	p.fates[t.seed].add(d.fate)
	if d.noted && d.fate != keep {
		p.times.converters[t.seed].Count()
	}
	p.count(t, d)
	return nil
}

func (p *planner) inserted(t tablePlace, row []sqlite.Value) error {
	return p.references.check(t, row, false)
}

func (p *planner) updated(t tablePlace, d decision) error {
	p.updates = true
	return p.references.check(t, d.Values, true)
}

// refused notes a row that the target refuses. It ends the plan if the row is not the reason: after
// such an error SQLite has rolled back, and no later row would find what it needs.
func (p *planner) refused(err *RowError) error {
	for _, code := range []sqlite.Code{
		sqlite.IOError, sqlite.Full, sqlite.NoMemory, sqlite.CantOpen,
	} {
		if sqlite.Is(err.Err, code) {
			return fmt.Errorf("plan: %w", err)
		}
	}
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
