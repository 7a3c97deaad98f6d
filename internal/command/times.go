package command

import (
	"fmt"
	"slices"
	"strings"

	"github.com/seedkit/seedkit/extract"
)

// datetimeAuto is the default of --datetime.
const datetimeAuto = "auto"

// A timeNote is what apply and extract say about times in another form than the column's.
type timeNote struct {
	Table, Column string
	From, To      string
	Values        int64
	Inexact       int64
	Kept          bool
	Why           string
}

func (n timeNote) String() string {
	column, values := n.Table+"."+n.Column, count(n.Values, "value")
	switch {
	case n.From == "" && n.To == "":
		return fmt.Sprintf("%s: %s of no known form of times left unchanged, %s",
			column, values, n.Why)
	case n.From == "":
		return fmt.Sprintf("%s: %s of no known form of times left unchanged, where %s would be %s",
			column, values, n.To, n.Why)
	case n.To == "":
		return fmt.Sprintf("%s: %s of the form %s left unchanged, %s",
			column, values, n.From, n.Why)
	case n.Kept:
		return fmt.Sprintf(
			"%s: %s of the form %s left unchanged, since %s, %s, cannot say the same",
			column, values, n.From, n.To, n.Why)
	}
	text := fmt.Sprintf("%s: %s converted from %s to %s, %s", column, values, n.From, n.To, n.Why)
	if n.Inexact > 0 {
		text += fmt.Sprintf("; %d lost a part of the time for which %s has no place",
			n.Inexact, n.To)
	}
	return text
}

// withConverted names the columns whose times are not in the seed's form: ", with Role.createdAt
// converted".
func withConverted(notes []extract.TimeNote) string {
	var columns []string
	for _, n := range notes {
		if !n.Kept {
			columns = append(columns, n.Table+"."+n.Column)
		}
	}
	if len(columns) == 0 {
		return ""
	}
	return ", with " + strings.Join(slices.Compact(columns), ", ") + " converted"
}
