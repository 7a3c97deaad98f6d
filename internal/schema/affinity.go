package schema

import "strings"

// Affinity is what a column makes of the values that it is given
// (https://sqlite.org/datatype3.html#type_affinity).
type Affinity uint8

const (
	NoAffinity Affinity = iota // BLOB
	TextAffinity
	NumericAffinity // and INTEGER, which differs only in CAST
	RealAffinity
)

// AffinityOf returns the affinity of a column of a table that is not STRICT, by
// its declared type
// (https://sqlite.org/datatype3.html#determination_of_column_affinity).
func AffinityOf(declared string) Affinity {
	has := func(words ...string) bool {
		for _, word := range words {
			if strings.Contains(strings.ToUpper(declared), word) {
				return true
			}
		}
		return false
	}
	switch {
	case has("INT"):
		return NumericAffinity
	case has("CHAR", "CLOB", "TEXT"):
		return TextAffinity
	case declared == "", has("BLOB"):
		return NoAffinity
	case has("REAL", "FLOA", "DOUB"):
		return RealAffinity
	}
	return NumericAffinity
}
