package model

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/sqlite"
)

// readType reads from a column's type and name which values fit: 0 and 1 for a flag, a text of at
// most n characters for VARCHAR(n), an object for JSON.
func (c *Column) readType() {
	declared := strings.ToUpper(c.Type)
	if strings.Contains(declared, "BOOL") || c.isFlag() {
		c.Choices = []sqlite.Value{sqlite.Int(0), sqlite.Int(1)}
	}
	if size := sizes.FindStringSubmatch(declared); size != nil && c.Kind == sqlite.Text {
		c.MaxLength, _ = strconv.Atoi(size[1]) // no length if it is too great
	}
	if digits := decimals.FindStringSubmatch(declared); digits != nil {
		c.Precision, _ = strconv.Atoi(digits[1])
		c.Scale, _ = strconv.Atoi(digits[2])
	}
	if strings.Contains(declared, "JSON") {
		c.JSON = "object"
	}
}

var (
	sizes    = regexp.MustCompile(`^[A-Z ]*(?:CHAR|TEXT|STRING|CHARACTER)[A-Z ]*\( *([0-9]+) *\)`)
	decimals = regexp.MustCompile(`^(?:DEC|DECIMAL|NUMERIC|NUMBER|MONEY)[A-Z ]*` +
		`\( *([0-9]{1,2}) *(?:, *([0-9]{1,2}) *)?\)`)
)

// isFlag reports whether a column for integers holds 0 and 1, as its name says: is_admin,
// hasPicture, emailEnabled, active. A name such as verified may mean a time that may be NULL.
func (c *Column) isFlag() bool {
	words := schema.Words(c.Name)
	if c.Kind != sqlite.Integer || c.Datetime || c.Primary || len(words) == 0 {
		return false
	}
	last := words[len(words)-1]
	switch {
	case slices.Contains(notFlags, last):
		return false
	case len(words) > 1 && slices.Contains(flagVerbs, words[0]), slices.Contains(flagWords, last):
		return true
	case slices.Contains(doneWords, last):
		return len(words) == 1 // bytes_read is none
	}
	c.Event = slices.Contains(eventWords, last) && !c.NotNull && c.Default == ""
	return slices.Contains(eventWords, last) && !c.Event
}

var (
	// notFlags are the last words of names whose column holds no flag, whatever is before them.
	notFlags = []string{"at", "count", "id", "level", "number", "type"}
	// flagVerbs are the first words of the names of flags.
	flagVerbs = []string{"allow", "allows", "can", "has", "is", "should", "show"}
	// flagWords are the last words of the names of flags.
	flagWords = []string{
		"active", "admin", "disabled", "enabled", "ephemeral", "favorite", "favourite", "featured",
		"hidden", "inactive", "mandatory", "muted", "optional", "pinned", "private", "public",
		"required", "reusable", "starred", "visible",
	}
	// doneWords are names of flags.
	doneWords = []string{"done", "paid", "read", "used"}
	// eventWords are the last words of the names of flags, and of times that may be NULL.
	eventWords = []string{
		"approved", "archived", "banned", "blocked", "cancelled", "completed", "confirmed",
		"deleted", "locked", "published", "revoked", "subscribed", "verified",
	}
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
