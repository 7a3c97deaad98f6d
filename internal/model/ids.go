package model

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/sqltext"
)

// IDShape is a kind of text id.
type IDShape int

// The known kinds. A database without known ids gets the first.
const (
	CUID IDShape = iota // https://github.com/paralleldrive/cuid
	UUID                // RFC 9562
	ULID                // https://github.com/ulid/spec
)

var idPatterns = []*regexp.Regexp{
	CUID: regexp.MustCompile(`^c[0-9a-z]{24}$`),
	UUID: regexp.MustCompile(`^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`),
	ULID: regexp.MustCompile(`^[0-7][0-9A-HJKMNP-TV-Z]{25}$`),
}

// detectIDs gives every table a kind of text id: the kind of the table's own rows, or the kind that
// its type determines, or the kind of the first table that has one.
func (m *Model) detectIDs(c *sqlite.Conn) error {
	common, known := CUID, false
	var others []*Table
	for _, t := range m.Tables {
		shape, ok, err := t.detectIDs(c)
		if err != nil {
			return fmt.Errorf("look at the ids of %s: %w", t.Name, err)
		}
		if !ok {
			others = append(others, t)
			continue
		}
		if t.IDs = shape; !known {
			common, known = shape, true
		}
	}
	for _, t := range others {
		t.IDs = common
	}
	return nil
}

// detectIDs returns the kind of the table's ids, if its type or a row tells.
func (t *Table) detectIDs(c *sqlite.Conn) (shape IDShape, ok bool, err error) {
	i := t.ID()
	if i < 0 {
		return 0, false, nil
	}
	column := t.Columns[i]
	if strings.Contains(strings.ToUpper(column.Type), "UUID") {
		return UUID, true, nil
	}
	id, err := c.Value(fmt.Sprintf("SELECT %s FROM %s LIMIT 1", sqltext.QuoteIdent(column.Name),
		sqltext.QuoteIdent(t.Name)))
	if err != nil || id.Kind() != sqlite.Text {
		return 0, false, err
	}
	for shape, pattern := range idPatterns {
		if pattern.MatchString(id.Data()) {
			return IDShape(shape), true, nil
		}
	}
	return 0, false, nil
}
