package apply

import (
	"errors"
	"fmt"

	"github.com/seedkit/seedkit/internal/live"
	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/sqlite"
)

// The plan inserts the rows into an overlay of the target. The draft is what the overlay then has
// written: the pages as the transaction must leave them. If nobody writes to the target between the
// plan and the transaction, the transaction writes the draft's pages, and inserts no row again. So
// the rows are inserted once, and the write lock is held only for the pages.

// draftable reports whether the plan may keep its draft: the transaction would make the same pages
// at any later time, and every row that it inserts is a row of the seed.
func (r *run) draftable() bool {
	if r.reachesFurther() || r.opts.Check != nil || !r.decidesAlone() {
		return false
	}
	for _, t := range r.tables {
		_, complete := schema.Positions(t.seed.Stored(), t.there.Stored())
		if !complete || !r.storesAsGiven(t) {
			return false
		}
	}
	return true
}

// takeDraft commits the transaction of the plan on the overlay, and takes the overlay's pages. It
// returns nil if the plan is not carried out as it is.
func (r *run) takeDraft(p *planner) (*sqlite.Draft, error) {
	plan := p.plan
	if plan.New() == 0 || plan.RefusedRows > 0 || plan.EstrangedRows > 0 ||
		plan.Conflicting() > plan.Skipped() || !r.draftable() {
		return nil, nil
	}
	for _, f := range p.fates {
		if f.lost {
			return nil, nil
		}
	}
	if err := r.raiseCounters(); err != nil {
		return nil, err
	}
	if err := r.dst.Exec("COMMIT"); err != nil {
		return nil, err
	}
	return r.dst.TakeDraft()
}

// errOutdated reports that others have written to the target after the plan.
var errOutdated = errors.New("the target has changed since the plan")

// writeDraft carries the plan out by writing the draft's pages. It returns [errOutdated] if it
// cannot.
func (r *run) writeDraft() (*writer, error) {
	w := &writer{run: r}
	if err := r.logDraft(w); err != nil {
		return nil, err
	}
	if err := r.dst.Exec("BEGIN IMMEDIATE"); err != nil {
		return nil, fmt.Errorf("%s: %w", r.path, err)
	}
	defer live.RollBack(r.dst)
	r.locked = r.now()
	unwritten, err := r.checkSeen()
	if err == nil && !unwritten {
		err = errOutdated
	}
	if err != nil {
		return nil, err
	}
	return w, r.commit(func() error {
		reporter(r.opts.Progress).report(Inserting, 0, 1)
		if err := r.draft.Write(r.dst); err != nil {
			return fmt.Errorf("%s: %w; rolled back", r.path, err)
		}
		return nil
	})
}

// logDraft writes the rows that the draft inserts into the journal, before the target is locked.
func (r *run) logDraft(w *writer) error {
	for _, t := range r.tables {
		r.log.begin(t, true)
		decisions, _ := r.asPlanned(t)
		for d, err := range decisions {
			if err == nil {
				err = w.inserted(t, d.Values)
			}
			if err != nil {
				return err
			}
		}
	}
	return r.log.ready()
}
