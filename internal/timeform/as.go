package timeform

import "github.com/seedkit/seedkit/internal/sqlite"

// As returns the value of the form f that means the same time as v, and whether it means exactly
// that time. A value of another number of digits of a second, if not of more than f has, stays as
// it is, and so does an integer that may count seconds as well as milliseconds, if f is Unix or
// UnixMilli. ok is false if v means no time, or a time that f cannot say; then As returns v.
func (f Form) As(v sqlite.Value) (out sqlite.Value, isExact, ok bool) {
	_, from, ok := Parse(v)
	if ok && from.isInteger() && isDoubtful(v) {
		return v, true, f.isInteger()
	}
	if !ok || f == Julian {
		return v, false, false
	}
	out, how := convert(v, from, f)
	return out, how == same || how == exact, how != impossible
}
