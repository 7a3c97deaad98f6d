package timeform

import (
	"slices"
	"strings"
	"unicode"
)

// IsDeclared reports whether a column's type says that the column holds times: a word of the type
// is DATE, TIME, DATETIME, TIMESTAMP or a similar word. SQLite takes all of these types for
// NUMERIC.
func IsDeclared(declared string) bool {
	return slices.ContainsFunc(words(declared), isTimeWord)
}

// isDeclaredWhole reports whether a column's type says that the column holds both the day and the
// time of day.
func isDeclaredWhole(declared string) bool {
	return slices.ContainsFunc(words(declared), func(word string) bool {
		return isTimeWord(word) && word != "DATE" && word != "TIME" && word != "TIMETZ"
	})
}

func isTimeWord(word string) bool {
	for _, stem := range []string{"DATETIME", "TIMESTAMP"} {
		if strings.HasPrefix(word, stem) || strings.HasSuffix(word, stem) {
			return true
		}
	}
	return word == "DATE" || word == "TIME" || word == "TIMETZ"
}

// isNamed reports whether a column's name says that the column holds times: the last word is at,
// date, time, timestamp, datetime or expires.
func isNamed(column string) bool {
	words := words(camelWords(column))
	if len(words) == 0 {
		return false
	}
	return slices.Contains([]string{"AT", "DATE", "TIME", "TIMESTAMP", "DATETIME", "EXPIRES"},
		words[len(words)-1])
}

// words returns the runs of letters in text, in capitals.
func words(text string) []string {
	return strings.FieldsFunc(strings.ToUpper(text),
		func(r rune) bool { return !unicode.IsLetter(r) })
}

// camelWords puts a space before each capital that follows a small letter.
func camelWords(name string) string {
	var out strings.Builder
	var before rune
	for _, r := range name {
		if unicode.IsUpper(r) && unicode.IsLower(before) {
			out.WriteByte(' ')
		}
		out.WriteRune(r)
		before = r
	}
	return out.String()
}
