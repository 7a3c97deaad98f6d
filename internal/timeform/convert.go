package timeform

import "github.com/seedkit/seedkit/internal/sqlite"

// outcome is what became of a value.
type outcome int

const (
	same       outcome = iota // it has the form already
	exact                     // it was converted
	inexact                   // it was converted, and lost a part of the time
	impossible                // it is left as it is
)

// convert writes a value of one form in another. Text that only has more
// digits of a second than others of its form is left alone, and so is text
// whose number of digits varies among those.
func convert(v sqlite.Value, from, to Form) (sqlite.Value, outcome) {
	if from == to || from.family() == to.family() && (to.varies || from.digits >= to.digits) {
		return v, same
	}
	if from.kind == clock && to.kind != clock || to.kind == clock && from.kind != clock {
		return v, impossible
	}
	t, _, ok := Parse(v)
	if from.isInteger() {
		t, ok = from.Time(v.Int64()), true
	}
	if year := t.UTC().Year(); !ok || year < 0 || year > 9999 {
		return v, impossible
	}
	out, whole := to.Format(t)
	if !whole && to.kind != clock {
		return out, inexact
	}
	return out, exact
}
