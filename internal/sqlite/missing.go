package sqlite

import (
	"errors"
	"strings"
)

// Missing is something that SQL uses and that the SQLite which runs it lacks.
type Missing struct {
	What string // module, function or collation
	Name string
}

// MissingOf returns what err says is missing; ok is false for other errors. It
// reads SQLite's message, since the C API tells it in no other way.
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
	return Missing{}, false
}

// NoteMissing notes an object that a script makes and that this SQLite cannot,
// for those who read the database.
func (c *Conn) NoteMissing(o MissingObject) { c.missing = append(c.missing, o) }

// MissingObjects returns what was noted.
func (c *Conn) MissingObjects() []MissingObject { return c.missing }

// MissingObject is an object that is not in the schema, as its CREATE has it.
type MissingObject struct{ Name, SQL string }
