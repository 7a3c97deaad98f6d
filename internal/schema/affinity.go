package schema

import (
	"slices"
	"strings"
)

// Affinity is what a column makes of the values that it is given
// (https://sqlite.org/datatype3.html#type_affinity).
type Affinity uint8

// The affinities. SQLite calls the zero Affinity BLOB, or none: the column
// stores values as they are.
const (
	NoAffinity Affinity = iota
	TextAffinity
	NumericAffinity
	IntegerAffinity // differs from NumericAffinity only in CAST
	RealAffinity
)

// AffinityOf returns the affinity that a declared type gives a column of a
// table that is not STRICT
// (https://sqlite.org/datatype3.html#determination_of_column_affinity).
func AffinityOf(declared string) Affinity {
	declared = strings.ToUpper(declared)
	has := func(words ...string) bool {
		return slices.ContainsFunc(words, func(word string) bool { return strings.Contains(declared, word) })
	}
	switch {
	case has("INT"):
		return IntegerAffinity
	case has("CHAR", "CLOB", "TEXT"):
		return TextAffinity
	case declared == "", has("BLOB"):
		return NoAffinity
	case has("REAL", "FLOA", "DOUB"):
		return RealAffinity
	}
	return NumericAffinity
}
