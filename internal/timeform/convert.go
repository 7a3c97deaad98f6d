package timeform

import "github.com/seedkit/seedkit/internal/sqlite"

// outcome says what became of a value.
type outcome int

const (
	same       outcome = iota // the value has the form already
	exact                     // the value was converted
	inexact                   // the value was converted and lost a part of its time
	impossible                // the value cannot be converted and stays as it is
)

// convert writes a value of one form in another form. It leaves text alone that differs from the
// form only in having more digits of a second. If the form's number of digits varies, convert
// leaves text alone that differs only in that number.
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
