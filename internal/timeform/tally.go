package timeform

import "github.com/seedkit/seedkit/internal/sqlite"

// tally counts the forms of a column's values.
type tally struct {
	forms map[Form]int
	// other counts values without a form. NULL does not count, nor does an integer that can have
	// either of two forms.
	other int
	// julian counts those of other that are real numbers and Julian days from 1900 to 2100.
	julian int
}

func (t *tally) add(v sqlite.Value) {
	if v.IsNull() || isDoubtful(v) {
		return
	}
	_, form, ok := Parse(v)
	if !ok {
		t.other++
		if isJulian(v) {
			t.julian++
		}
		return
	}
	if t.forms == nil {
		t.forms = map[Form]int{}
	}
	t.forms[form]++
}

// isJulian reports whether a value may be a Julian day of our time.
func isJulian(v sqlite.Value) bool {
	return v.Kind() == sqlite.Real && 2415020 < v.Float64() && v.Float64() < 2488070
}

// shows reports whether a column with values of the clear form holds times: its type says so, or
// the form and the column's name or all values.
func (t tally) shows(form Form, declared, named bool) bool {
	return declared || form.isWhole() && (named || t.other == 0)
}

// certainty says how sure it is which form a column has.
type certainty int

const (
	unknown certainty = iota // no value shows a form
	mixed                    // no form has three values out of four
	clear
)

// verdict returns the form of most values. Values of the ignored form do not count, because a
// default wrote them and not the app. The zero Form ignores nothing.
func (t tally) verdict(ignored Form) (Form, certainty) {
	families, total := map[Form]int{}, t.other
	for form, n := range t.forms {
		if form != ignored {
			families[form.family()] += n
			total += n
		}
	}
	if total == 0 {
		return Form{}, unknown
	}
	for family, n := range families {
		if 4*n >= 3*total {
			return t.withFraction(family, ignored), clear
		}
	}
	return Form{}, mixed
}

// withFraction returns the family with the fraction of a second that its values have.
func (t tally) withFraction(family, ignored Form) Form {
	out, first := family, true
	for form := range t.forms {
		if form == ignored || form.family() != family {
			continue
		}
		out.varies = out.varies || !first && form.digits != out.digits
		out.digits, first = max(out.digits, form.digits), false
	}
	return out
}

// usual returns the form of most values, even if fewer than three of four have it, or the zero Form
// if there is none or two have as many. Values of the ignored form do not count.
func (t tally) usual(ignored Form) Form {
	families := map[Form]int{}
	for form, n := range t.forms {
		if form != ignored {
			families[form.family()] += n
		}
	}
	var most Form
	alone := false
	for family, n := range families {
		if n >= families[most] {
			alone = n > families[most]
			most = family
		}
	}
	if !alone {
		return Form{}
	}
	return t.withFraction(most, ignored)
}

// integers returns the form of most integers, or the zero Form if there is none.
func (t tally) integers() Form {
	only := tally{forms: map[Form]int{Unix: t.forms[Unix], UnixMilli: t.forms[UnixMilli]}}
	form, _ := only.verdict(Form{})
	return form
}

func (t *tally) merge(other *tally) {
	if t.forms == nil {
		t.forms = map[Form]int{}
	}
	for form, n := range other.forms {
		t.forms[form] += n
	}
	t.other += other.other
}
