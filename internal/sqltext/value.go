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

// String returns what SQLite's typeof() says.
func (t Type) String() string {
	return [...]string{"null", "integer", "real", "text", "blob"}[t]
}

// Value is what a literal stands for. The zero Value is NULL.
type Value struct {
	Type  Type
	Int   int64   // of an Integer
	Real  float64 // of a Real
	Bytes []byte  // of a Text or a Blob; text need not be valid UTF-8
}
