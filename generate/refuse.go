package generate

import (
	"fmt"
	"slices"

	"github.com/seedkit/seedkit/internal/sqlite"
)

// isMistake reports whether SQLite refused a row because of its values or of the schema.
func isMistake(err error) bool {
	return sqlite.Is(err, sqlite.Constraint) || sqlite.Is(err, sqlite.Generic) ||
		sqlite.Is(err, sqlite.Mismatch) || sqlite.Is(err, sqlite.TooBig)
}

// abort records why the cells of a row cannot be generated.
func (w *writer) abort(reason *abort) {
	wrong := reason.r
	w.refused[wrong.template] = true
	if reason.msg != "" {
		w.mistakes.add(wrong.template.at, wrong.path, "%s", reason.msg)
	}
}

// refuse records why SQLite refuses a row.
func (w *writer) refuse(r *row, err error) {
	r.refused, w.refused[r.template] = true, true
	m := &FixtureError{
		File: r.template.at.file, Line: r.template.at.line, Path: r.path, Msg: err.Error(),
		Err: err,
	}
	blamed := slices.Compact(slices.Sorted(slices.Values(r.table.Blamed(err))))
	if len(blamed) > 0 && sqlite.ConstraintColumns(err) == nil { // SQLite does not name them
		m.Msg += " (" + columnList(r.table.ColumnNames(blamed)) + ")"
	}
	if r.attempt == attempts {
		m.Msg += fmt.Sprintf(", after %d attempts", attempts)
	}
	if w.mistakes.note(m) && sqlite.IsUnique(err) {
		m.Msg += w.clash(r, blamed)
	}
}

// clash names the row that has the same values in a unique key, if it is a fixture's.
func (w *writer) clash(r *row, key []int) string {
	for _, other := range w.plot.rows[r.table.Name] {
		if other == r {
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
			return fmt.Sprintf(": %s%s has %s, too", other.path, place, nameText(values))
		}
	}
	return ""
}
