package model

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/sqlite"
)

// readType reads from a column's type and name which values fit: 0 and 1 for a flag, a text of at
// most n characters for VARCHAR(n), an object for JSON.
func (c *Column) readType() {
	declared := strings.ToUpper(c.Type)
	if strings.Contains(declared, "BOOL") ||
		c.Kind == sqlite.Integer && !c.Datetime && flagNames.MatchString(c.Name) {
		c.Choices = []sqlite.Value{sqlite.Int(0), sqlite.Int(1)}
	}
	if size := sizes.FindStringSubmatch(declared); size != nil && c.Kind == sqlite.Text {
		c.MaxLength, _ = strconv.Atoi(size[1]) // no length if it is too great
	}
	if strings.Contains(declared, "JSON") {
		c.JSON = "object"
	}
}

var (
	flagNames = regexp.MustCompile(`^(?i:is|has)_|^(is|has)[A-Z]|(?i:enabled|disabled)$`)
	sizes     = regexp.MustCompile(`^[A-Z ]*(?:CHAR|TEXT|STRING|CHARACTER)[A-Z ]*\( *([0-9]+) *\)`)
)

// kindOf returns the storage class that a declared type prefers. NUMERIC counts as INTEGER, except
// for types that other databases store as text.
func kindOf(declared string) sqlite.Kind {
	switch schema.AffinityOf(declared) {
	case schema.IntegerAffinity:
		return sqlite.Integer
	case schema.TextAffinity:
		return sqlite.Text
	case schema.RealAffinity:
		return sqlite.Real
	case schema.NoAffinity:
		if declared != "" {
			return sqlite.Blob
		}
		return sqlite.Text
	}
	declared = strings.ToUpper(declared)
	has := func(name string) bool { return strings.Contains(declared, name) }
	if declared == "ANY" || has("STRING") || has("UUID") || has("JSON") || has("ENUM") {
		return sqlite.Text
	}
	return sqlite.Integer
}
