package timeform

import (
	"slices"
	"strings"

	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/sqlite"
)

// Holds reports whether a column's type says that the column holds times, or its name says so and
// the type permits it. Apps keep times in columns such as created_at INTEGER and updatedAt TEXT.
func Holds(column, declared string) bool {
	if IsDeclared(declared) {
		return true
	}
	kind := schema.AffinityOf(declared)
	small := strings.Contains(strings.ToUpper(declared), "TINYINT") ||
		strings.Contains(strings.ToUpper(declared), "SMALLINT")
	switch {
	case small, kind == schema.NumericAffinity && !isNumber(declared),
		kind == schema.NoAffinity && declared != "":
		return false
	}
	return namesTime(words(camelWords(column)), kind == schema.TextAffinity)
}

// isNumber reports whether a column of the declared type may hold any number.
func isNumber(declared string) bool {
	return strings.EqualFold(declared, "NUMERIC") || strings.EqualFold(declared, "NUMBER")
}

// events are words that, before the words on and time, name a moment.
var events = []string{
	"ACCESS", "ACCESSED", "CREATE", "CREATED", "CREATION", "DELETE", "DELETED", "END", "EVENT",
	"EXPIRATION", "EXPIRE", "EXPIRES", "EXPIRY", "FINISH", "FINISHED", "LOGIN", "MODIFICATION",
	"MODIFIED", "PUBLISH", "PUBLISHED", "START", "STARTED", "UPDATE", "UPDATED", "UPLOADED",
}

// units are the last words of a name that says in which unit the column counts.
var units = []string{"EPOCH", "MILLIS", "MS", "S", "SEC", "SECONDS", "TS", "UNIX", "UTC"}

// namesTime reports whether the words of a column's name name a moment.
func namesTime(words []string, text bool) bool {
	n := len(words)
	if n == 0 {
		return false
	}
	before := func(last []string) bool {
		return n > 1 && slices.Contains(last, words[n-2])
	}
	switch words[n-1] {
	case "AT", "CREATED", "DATE", "DATETIME", "EXPIRATION", "EXPIRES", "EXPIRY", "MODIFIED",
		"TIMESTAMP", "UNTIL", "UPDATED":
		return true
	case "ACCESS", "ACTIVITY", "LOGIN", "SEEN", "SYNC", "UPDATE", "USED", "VISIT":
		return words[0] == "LAST"
	case "BIRTHDATE", "BIRTHDAY", "DOB":
		return text
	case "ON", "TIME":
		return before(events)
	case "TS":
		return n == 1 || before(events) || words[n-2] == "AT"
	}
	if n > 1 && words[0] == "DATE" && strings.HasSuffix(words[n-1], "ED") { // date_published
		return true
	}
	return n > 1 && slices.Contains(units, words[n-1]) &&
		(before(events) || words[n-2] == "AT" || words[n-2] == "TIMESTAMP")
}

// Part returns Date for a column that holds days, Clock for one that holds times of day, and the
// zero Form for one that holds both, as the name and the type say.
func Part(column, declared string) Form {
	words := words(camelWords(column))
	last := ""
	if len(words) > 0 {
		last = words[len(words)-1]
	}
	if IsDeclared(declared) {
		switch {
		case isDeclaredWhole(declared), isDate(declared) && last == "AT": // better-auth's date
			return Form{}
		case isDate(declared):
			return Date
		}
		return Clock
	}
	days := []string{"BIRTHDATE", "BIRTHDAY", "DATE", "DOB", "ON"}
	if schema.AffinityOf(declared) == schema.TextAffinity && slices.Contains(days, last) {
		return Date
	}
	return Form{}
}

func isDate(declared string) bool { return slices.Contains(words(declared), "DATE") }

// Fits reports whether a column of the declared type can store values of the form: integers do not
// go into a column for text, and text does not go into a column for numbers.
func (f Form) Fits(declared string) bool {
	switch schema.AffinityOf(declared) {
	case schema.TextAffinity:
		return !f.isInteger() && f.kind != julian
	case schema.IntegerAffinity:
		return f.isInteger()
	case schema.RealAffinity:
		return f.isInteger() || f.kind == julian
	}
	return true
}

// Basic returns the form for a column of whole times if nothing shows the form of that column.
func Basic(column, declared string) Form {
	if ISO.Fits(declared) && !strings.EqualFold(declared, "NUMBER") {
		return ISO
	}
	words := words(camelWords(column))
	if n := len(words); n > 0 && (words[n-1] == "MS" || words[n-1] == "MILLIS") {
		return UnixMilli
	}
	return Unix
}

// Name returns the name by which a user asks for the form, or its pattern if it has no name.
func (f Form) Name() string {
	for _, known := range named {
		if known.Form == f {
			return known.name
		}
	}
	return f.String()
}

// Named returns the form with the given [Form.Name].
func Named(name string) (f Form, ok bool) {
	for _, known := range named {
		if known.name == name {
			return known.Form, true
		}
	}
	if name == Julian.String() {
		return Julian, true
	}
	varies := strings.Contains(name, "[")
	example := strings.NewReplacer("YYYY-MM-DD", "2025-01-01", "HH:MM:SS", "00:00:00", "s", "0",
		"[", "", "]", "").Replace(name)
	_, f, ok = Parse(sqlite.String(example))
	f.varies = varies
	return f, ok && f.String() == name
}
