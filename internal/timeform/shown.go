package timeform

import "github.com/seedkit/seedkit/internal/sqlite"

// Shown returns the form of the times in each stored column whose rows show one. If a column mixes
// forms, the most frequent one counts. Values of the ignored form do not count. Integers and real
// numbers are times only in a column whose type or name says so.
func (r Rows) Shown(ignored Form) (map[string]Form, error) {
	tallies, err := r.sample(r.Table.Stored())
	shown := map[string]Form{}
	for name, found := range tallies {
		declared, _ := r.Table.Column(name)
		if form := found.shown(name, declared.Type, ignored); form != (Form{}) {
			shown[name] = form
		}
	}
	return shown, err
}

// shown returns the form that a column's values show, or the zero Form.
func (t tally) shown(name, declared string, ignored Form) Form {
	isDeclared, isTime := IsDeclared(declared), Holds(name, declared)
	if isTime && t.julian > 0 && t.julian == t.other && len(t.forms) == 0 {
		return Julian
	}
	form, sure := t.verdict(ignored)
	if sure == mixed && isTime {
		form, sure = t.usual(ignored), clear
	}
	switch {
	case sure != clear || form.isInteger() && !isTime:
		return Form{}
	case t.shows(form, isDeclared, isNamed(name)), isTime && t.other == 0:
		return form
	}
	return Form{}
}

// Written returns the form of a value that a default or a trigger computes from the current time.
func Written(v sqlite.Value) (f Form, ok bool) {
	if isJulian(v) {
		return Julian, true
	}
	if v.Kind() == sqlite.Real {
		v = sqlite.Int(int64(v.Float64()))
	}
	_, f, ok = Parse(v)
	return f, ok && !isDoubtful(v)
}
