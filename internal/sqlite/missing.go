package sqlite

import (
	"errors"
	"strings"
)

// Missing is a module, function or collation that SQL uses and that the built-in SQLite lacks.
type Missing struct {
	What string // module, function or collation
	Name string
}

// MissingOf returns what is missing according to err. For other errors ok is false. MissingOf reads
// SQLite's message, because the C API does not report what is missing.
func MissingOf(err error) (m Missing, ok bool) {
	var e *Error
	if !errors.As(err, &e) || e.Code() != Generic {
		return Missing{}, false
	}
	for what, before := range map[string]string{
		"module":    "no such module: ",
		"function":  "no such function: ",
		"collation": "no such collation sequence: ",
	} {
		if name, found := strings.CutPrefix(e.Msg, before); found {
			return Missing{what, name}, true
		}
	}
	// SQLite says so of a function in the schema, which it looks for only when it runs it.
	if name, found := strings.CutPrefix(e.Msg, "unknown function: "); found {
		return Missing{"function", strings.TrimSuffix(name, "()")}, true
	}
	return Missing{}, false
}

// NoteMissing notes an object that a script creates and that the built-in SQLite cannot create.
// [Conn.MissingObjects] returns it to readers of the database.
func (c *Conn) NoteMissing(o MissingObject) { c.missing = append(c.missing, o) }

// MissingObjects returns the objects that [Conn.NoteMissing] noted, in order.
func (c *Conn) MissingObjects() []MissingObject { return c.missing }

// MissingObject is an object that is not in the schema, with its CREATE statement.
type MissingObject struct{ Name, SQL string }
