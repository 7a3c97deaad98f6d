package generate

import (
	"errors"
	"fmt"
	"slices"

	"github.com/seedkit/seedkit/internal/model"
	"github.com/seedkit/seedkit/internal/sqlite"
)

// errAgain reports that the transaction of the rows ended early. Another one can insert the rows
// that are not refused.
var errAgain = errors.New("insert the other rows again")

// abort records why the cells of r cannot be generated. The reason may be a mistake in another row.
func (w *writer) abort(r *row, reason *abort) {
	wrong := reason.r
	// Other rows of the template may have values.
	w.refused[wrong.template] = w.refused[wrong.template] || !reason.alone && !w.keepGoing
	switch {
	case reason.msg == "":
	case reason.alone && wrong.template.spare:
		w.why[wrong.template] = reason.msg
	default:
		w.note(wrong, mistake(reason.at.or(wrong.template.at), wrong.path(), "%s", reason.msg))
	}
	if w.why[r.template] == "" {
		w.why[r.template] = fmt.Sprintf("it refers to %s, which is left out", wrong.path())
	}
}

// errIgnored reports a trigger with RAISE(IGNORE), which may depend on the row.
var errIgnored = errors.New("a trigger left the row out")

// refuse records why SQLite refuses a row.
func (w *writer) refuse(r *row, err error) {
	w.plot.refuse(r)
	w.refused[r.template] = !w.keepGoing || !errors.Is(err, errIgnored)
	at := r.template.at
	blamed := slices.Compact(slices.Sorted(slices.Values(r.table.Blamed(err))))
	for _, i := range blamed {
		at = r.template.sources[i].at.or(at)
	}
	m := mistake(at, r.path(), "%s", err.Error())
	m.Err = err
	if len(blamed) > 0 && sqlite.ConstraintColumns(err) == nil { // SQLite does not name them
		m.Msg += " (" + columnList(r.table.ColumnNames(blamed)) + ")"
	}
	if r.attempt == attempts {
		m.Msg += fmt.Sprintf(", after %d attempts", attempts)
	}
	if w.note(r, m) && sqlite.IsUnique(err) {
		m.Msg += w.clash(r, blamed)
	}
}

// clash names the row that has the same values in a unique key, if it is a fixture's.
func (w *writer) clash(r *row, key []int) string {
	for other := range w.plot.rows(r.table) {
		if other.is(r) {
			break // later rows are not inserted yet
		}
		if other.refused {
			continue
		}
		var values []sqlite.Value
		same := len(key) > 0
		for _, i := range key {
			v := w.drawer.cell(other, i)
			values = append(values, v)
			same = same && v == r.cell(i).value
		}
		if same {
			place := ""
			if other.template.at != r.template.at {
				place = fmt.Sprintf(", at %s,", other.template.at)
			}
			return fmt.Sprintf(": %s%s has %s, too", other.path(), place, nameText(values))
		}
	}
	return ""
}

// refuseRest refuses the rows of r's template that come after r, without trying them.
func (w *writer) refuseRest(r *row) {
	after := false
	for other := range w.plot.rows(r.table) {
		after = after || other.is(r)
		if after && other.template == r.template && !other.adopted {
			w.plot.refuse(other)
		}
	}
}

// refuseAll refuses the rows of a table into which no INSERT can be compiled, such as a table with
// a trigger that calls a function of the app.
func (w *writer) refuseAll(t *model.Table, err error) {
	for r := range w.plot.rows(t) {
		switch {
		case r.adopted:
		case w.refused[r.template]:
			w.plot.refuse(r)
		default:
			w.refuse(r, err)
		}
	}
}

// note records a mistake, and the reason for which the rows of a template are left out. It reports
// whether the mistake is the first of its kind.
func (w *writer) note(r *row, m *FixtureError) bool {
	if w.why[r.template] == "" {
		w.why[r.template] = m.Msg
	}
	return w.mistakes.note(m)
}

// noteFirst records a mistake in a row, if it is the first of the row's template.
func (w *writer) noteFirst(r *row, format string, args ...any) {
	if !w.refused[r.template] {
		w.refused[r.template] = true
		w.note(r, mistake(r.template.at, r.path(), format, args...))
	}
}

// refusable reports whether an error of an INSERT concerns the row, and not the database.
func refusable(err error) bool {
	return sqlite.Is(err, sqlite.Constraint) || sqlite.Is(err, sqlite.Generic) ||
		sqlite.Is(err, sqlite.Mismatch) || sqlite.Is(err, sqlite.TooBig)
}

// restart forgets what was inserted, so that the rows that are not refused can be inserted again.
func (w *writer) restart() {
	for _, rows := range w.plot.held {
		for hash, r := range rows {
			if r.adopted {
				continue
			}
			r.cells, r.picked, r.attempt = nil, nil, 0
			if !r.refused {
				delete(rows, hash)
			}
		}
	}
	clear(w.refused)
	clear(w.drawer.inserted)
	clear(w.drawer.parents.rings)
	w.drawer.matches.reset()
	w.drawer.counts.reset()
	w.drawer.siblings.reset()
	w.drawer.trace.reset()
	w.progress.done = 0
}

// startOver forgets what was inserted, and all that was wrong with it.
func (w *writer) startOver() {
	for _, rows := range w.plot.held {
		for _, r := range rows {
			r.refused = false
		}
	}
	w.mistakes.errs, w.mistakes.told, w.mistakes.first = nil, nil, nil
	clear(w.why)
	w.restart()
}

// leftOut lists the rows that are not inserted, by declaration.
func (w *writer) leftOut() (all []LeftOut) {
	at := map[*template]int{}
	for _, t := range w.model.ParentsFirst() {
		if !w.plot.anyRefused(t) {
			continue
		}
		for r := range w.plot.rows(t) {
			if !r.refused {
				continue
			}
			i, ok := at[r.template]
			if !ok {
				i = len(all)
				at[r.template] = i
				all = append(all, LeftOut{Table: t.Name, Path: r.path(), Why: w.why[r.template]})
			}
			all[i].Rows++
		}
	}
	return all
}
