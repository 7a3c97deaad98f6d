package apply

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/seedkit/seedkit/internal/litefs"
	"github.com/seedkit/seedkit/internal/live"
	"github.com/seedkit/seedkit/internal/sqlite"
)

// RowError reports a row that the target refuses.
type RowError struct {
	Table string `json:"table"`
	// Key names the row: `id = 7`. It is empty for a table without a key.
	Key string `json:"key"`
	// Updates reports that the row would be updated. Otherwise it would be inserted.
	Updates bool `json:"updates,omitempty"`
	// Err is the reason. MarshalJSON writes its text as why.
	Err error `json:"-"`
}

func (e *RowError) Error() string {
	switch {
	case e.Updates:
		return fmt.Sprintf("update %s with %s: %v", e.Table, e.Key, e.Err)
	case e.Key == "":
		return fmt.Sprintf("insert into %s: %v", e.Table, e.Err)
	}
	return fmt.Sprintf("insert into %s the row with %s: %v", e.Table, e.Key, e.Err)
}

// MarshalJSON adds the text of Err. A struct tag cannot.
func (e *RowError) MarshalJSON() ([]byte, error) {
	type plain RowError
	return json.Marshal(struct {
		*plain
		Why string `json:"why"`
	}{(*plain)(e), e.Err.Error()})
}

// Unwrap returns the reason.
func (e *RowError) Unwrap() error { return e.Err }

// write carries the plan out in one transaction, and commits it if every check succeeds. It returns
// how many rows there were.
func (r *run) write() (*writer, error) {
	const settings = "PRAGMA cache_size = -6000; PRAGMA temp_store = MEMORY"
	if err := r.dst.ExecScript(settings); err != nil {
		return nil, fmt.Errorf("%s: %w", r.path, err)
	}
	if r.draft == nil {
		return r.writeRows()
	}
	w, err := r.writeDraft()
	if !errors.Is(err, errOutdated) {
		return w, err
	}
	if err := r.log.restart(); err != nil {
		return nil, err
	}
	return r.writeRows()
}

// writeRows makes the edits and inserts the new rows.
func (r *run) writeRows() (*writer, error) {
	touched, err := r.begin()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", r.path, err)
	}
	defer touched.close()
	defer live.RollBack(r.dst)
	r.locked = r.now()
	unwritten, err := r.checkSeen()
	if err != nil {
		return nil, err
	}
	w := &writer{run: r}
	if touched == nil && !unwritten {
		w.references = &referenceCheck{c: r.dst}
		defer w.references.close()
	}
	return w, r.commit(func() error {
		if err := r.edit(w.edited); err != nil {
			return fmt.Errorf("%w; rolled back", err)
		}
		if err := r.mapKeys(); err != nil {
			return fmt.Errorf("%w; rolled back", err)
		}
		if err := r.insertAll(w, unwritten); err != nil {
			return err
		}
		if err := r.checkInside(touched); err != nil {
			return err
		}
		if err := r.log.ready(); err != nil {
			return fmt.Errorf("%w; rolled back", err)
		}
		return nil
	})
}

// commit makes a change in the open transaction, and commits it.
func (r *run) commit(change func() error) error {
	position, _, err := litefs.Position(r.path)
	if err != nil {
		return err
	}
	if err := change(); err != nil {
		return err
	}
	r.position, err = live.ConfirmCommit(r.path, position, r.dst.Commit())
	r.held = r.now().Sub(r.locked)
	switch _, uncertain := errors.AsType[*UncertainError](err); {
	case uncertain, err == nil:
		return err
	}
	return fmt.Errorf("%s: commit: %w", r.path, err)
}

// now returns the present time, or the zero time without a clock.
func (r *run) now() time.Time {
	if r.opts.Clock == nil {
		return time.Time{}
	}
	return r.opts.Clock()
}

// insertAll inserts the rows and raises the counters. If nobody has written since the plan, it
// does what the plan has decided about each row: the plan has found the same rows of the target,
// and the rows that the new rows refer to. Otherwise it compares the rows again.
func (r *run) insertAll(w *writer, unwritten bool) error {
	x := newTransfer(r, w)
	x.planned = unwritten
	for i, t := range r.tables {
		reporter(r.opts.Progress).report(Inserting, int64(i), int64(len(r.tables)))
		r.log.begin(t, r.storesAsGiven(t))
		if err := w.begin(t); err != nil {
			return err
		}
		if err := x.table(t); err != nil {
			return err
		}
	}
	if w.references != nil {
		if err := w.references.finish(w.refused); err != nil {
			return err
		}
	}
	if x.updates.sum() != r.updates {
		return fmt.Errorf("%s: %w; rolled back", r.path, ErrUpdatesChanged)
	}
	return r.raiseCounters()
}

// writer ends a transfer at the first row that cannot be inserted.
type writer struct {
	run              *run
	references       *referenceCheck // nil if the plan or SQLite checks foreign keys
	unplanned        []Trigger       // those of the current table that the plan does not name
	total            int64           // how many rows were inserted
	changed, deleted int64           // how many rows were updated and deleted
}

func (w *writer) begin(t tablePlace) error {
	w.unplanned = slices.DeleteFunc(insertTriggers(t.there), func(trigger Trigger) bool {
		return slices.Contains(w.run.plan.Triggers, trigger)
	})
	if w.references == nil {
		return nil
	}
	return w.references.begin(t)
}

func (w *writer) edited(p preparedEdit, was []sqlite.Value) {
	w.run.log.edited(p, was)
	if p.deletes {
		w.deleted++
	} else {
		w.changed++
	}
}

// decided refuses a row that fires triggers without consent: the plan had no new row for its table.
func (w *writer) decided(t tablePlace, d decision) error {
	if d.fate == stop {
		return &ConflictsError{Conflicts: []Conflict{newConflict(t, d)}, Total: 1}
	}
	if d.fate != insert || len(w.unplanned) == 0 {
		return nil
	}
	if !w.run.opts.AllowTriggers {
		return &TriggersError{Triggers: w.unplanned}
	}
	w.run.plan.addTriggers(w.unplanned)
	w.unplanned = nil
	return nil
}

func (w *writer) inserted(t tablePlace, row []sqlite.Value) error {
	w.run.log.inserted(t, row)
	w.total++
	if w.references == nil {
		return nil
	}
	return w.references.check(t, row, false)
}

func (w *writer) updated(t tablePlace, d decision) error {
	was := make([]sqlite.Value, len(d.Clash.Differ))
	for i, differ := range d.Clash.Differ {
		was[i] = differ.There
	}
	w.run.log.edited(updateOf(t, d.Row), was)
	w.changed++
	return nil
}

func (w *writer) refused(err *RowError) error { return err }

func (w *writer) estranged(s Stranger) error {
	return &StrangersError{Strangers: []Stranger{s}, Total: 1}
}

func (r *run) firesTriggers() bool { return len(r.plan.Triggers) > 0 }

// checkInside checks the transaction's result before the commit. Without triggers and edits nothing
// takes a row away that was found or inserted, and no row is stored with other values.
func (r *run) checkInside(touched *touched) error {
	if touched != nil {
		if err := r.checkPresence(); err != nil {
			return err
		}
		if err := touched.check(); err != nil {
			return fmt.Errorf("%w; rolled back", err)
		}
	}
	if err := r.checkEdits(); err != nil {
		return fmt.Errorf("%w; rolled back", err)
	}
	if err := r.checkCounters(); err != nil {
		return fmt.Errorf("%w; rolled back", err)
	}
	if err := r.check(); err != nil {
		return fmt.Errorf("%w; rolled back", err)
	}
	return nil
}

var errNotThere = errors.New("it is not in the target as the seed has it")

// checkPresence returns an error unless the target has every row of the seed. If triggers fire, a
// row with the same key and other values is enough.
func (r *run) checkPresence() error {
	for i, t := range r.tables {
		reporter(r.opts.Progress).report(Verifying, int64(i), int64(len(r.tables)))
		for d, err := range r.decisions(t) {
			switch {
			case err != nil:
				return err
			case d.fate == keep, d.fate == adopt, d.fate == leaveOut,
				r.firesTriggers() && (d.fate == stop || d.fate == update):
			default:
				return &RowError{Table: t.there.Name, Key: rowKey(t, d.Values), Err: errNotThere}
			}
		}
	}
	return nil
}
