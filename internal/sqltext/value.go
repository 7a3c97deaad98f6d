package sqltext

// Type is one of SQLite's five storage classes
// (https://www.sqlite.org/datatype3.html).
type Type uint8

const (
	Null Type = iota
	Integer
	Real
	Text
	Blob
)

// String returns the name that SQLite's typeof() returns.
func (t Type) String() string {
	return [...]string{"null", "integer", "real", "text", "blob"}[t]
}

// Value is the value of a literal. The zero Value is NULL.
type Value struct {
	Type  Type
	Int   int64   // the value of an Integer
	Real  float64 // the value of a Real
	Bytes []byte  // the value of a Text or a Blob; text may be invalid UTF-8
}
