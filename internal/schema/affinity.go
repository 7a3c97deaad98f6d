package schema

import (
	"slices"
	"strings"
)

// Affinity is the conversion that a column applies to its values
// (https://sqlite.org/datatype3.html#type_affinity).
type Affinity uint8

// The affinities. SQLite calls the zero Affinity BLOB or NONE. A column with it stores values
// unchanged.
const (
	NoAffinity Affinity = iota
	TextAffinity
	NumericAffinity
	IntegerAffinity // differs from NumericAffinity only in CAST
	RealAffinity
)

// AffinityOf returns the affinity that a declared type gives a column, unless its table is STRICT
// (https://sqlite.org/datatype3.html#determination_of_column_affinity).
func AffinityOf(declared string) Affinity {
	declared = strings.ToUpper(declared)
	has := func(words ...string) bool {
		return slices.ContainsFunc(words, func(word string) bool {
			return strings.Contains(declared, word)
		})
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
