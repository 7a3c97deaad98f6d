package main

import "fmt"

// datetimeAuto is the default of --datetime.
const datetimeAuto = "auto"

// timeNote is what apply and extract say of times in another form.
type timeNote struct {
	Table, Column string
	From, To      string
	Values        int64
	Inexact       int64
	Kept          bool
	Why           string
}

// warnTime says which column's times are not as the seed has them, or not as
// those that are there.
func (t *terminal) warnTime(n timeNote) { t.warnf("%s", n) }

func (n timeNote) String() string {
	column, values := n.Table+"."+n.Column, countValues(n.Values)
	switch {
	case n.From == "":
		return fmt.Sprintf("%s: %s of no known form of times left unchanged, where %s would be %s", column, values, n.To, n.Why)
	case n.To == "":
		return fmt.Sprintf("%s: %s of the form %s left unchanged, since the rows there are of more than one form", column, values, n.From)
	case n.Kept:
		return fmt.Sprintf("%s: %s of the form %s left unchanged, since %s, %s, cannot say the same", column, values, n.From, n.To, n.Why)
	}
	text := fmt.Sprintf("%s: %s converted from %s to %s, %s", column, values, n.From, n.To, n.Why)
	if n.Inexact > 0 {
		text += fmt.Sprintf("; %d lost a part of the time for which %s has no place", n.Inexact, n.To)
	}
	return text
}

func countValues(n int64) string {
	if n == 1 {
		return "1 value"
	}
	return fmt.Sprintf("%d values", n)
}
