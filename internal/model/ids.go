package model

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/sqltext"
)

// IDShape is a kind of text id. The zero IDShape is a CUID, which a database without known ids
// gets.
type IDShape struct {
	Kind  IDKind
	Upper bool // the letters of a UUID are capitals
	// Letters are the letters of a random id, in the order of their bytes, and Length is their
	// number.
	Letters string
	Length  int
}

// IDKind is the algorithm that makes ids.
type IDKind int

// The known kinds.
const (
	CUID    IDKind = iota // https://github.com/paralleldrive/cuid
	UUID                  // RFC 9562
	HexUUID               // RFC 9562 without hyphens, as Django stores it
	ULID                  // https://github.com/ulid/spec
	Random                // such as cuid2, nanoid, MongoDB's ObjectID, and PocketBase's ids
)

// String describes an id of the shape.
func (s IDShape) String() string {
	switch s.Kind {
	case UUID:
		return "a UUID"
	case HexUUID:
		return "a UUID without hyphens"
	case ULID:
		return "a ULID"
	case Random:
		return fmt.Sprintf("an id of %d letters and digits", s.Length)
	}
	return "a cuid"
}

// Alphabets of random ids, in the order of their bytes. Each contains those before it.
const (
	hexLetters    = "0123456789abcdef"
	base36Letters = "0123456789abcdefghijklmnopqrstuvwxyz"
	base62Letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	urlLetters    = "-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"
)

var idPatterns = []*regexp.Regexp{
	CUID:    regexp.MustCompile(`^c[0-9a-z]{24}$`),
	UUID:    regexp.MustCompile(`^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`),
	HexUUID: regexp.MustCompile(`^[0-9a-fA-F]{32}$`),
	ULID:    regexp.MustCompile(`^[0-7][0-9A-HJKMNP-TV-Z]{25}$`),
}

// declaredIDs has the shape that the declared type of an id shows.
var declaredIDs = map[string]IDShape{
	"CHAR(36)":    {Kind: UUID},
	"VARCHAR(36)": {Kind: UUID},
	"CHAR(32)":    {Kind: HexUUID},
	"CHAR(26)":    {Kind: ULID},
	"VARCHAR(24)": {Kind: Random, Letters: hexLetters, Length: 24}, // Ghost's ObjectID
}

// Database has rows that show the shapes of ids.
type Database struct {
	Conn   *sqlite.Conn
	Schema *schema.Schema
	Name   string // for messages; empty for the database of the model itself
}

// detectIDs gives every table a kind of text id: the kind of the table's own rows, in the first
// database that has such rows, or the kind that its type or its default determines, or the kind of
// the first table that has one.
func (m *Model) detectIDs(c *sqlite.Conn, databases []Database) error {
	var common IDShape
	var others []*Table
	why := ""
	for _, t := range m.Tables {
		shape, shown, err := t.detectIDs(c, databases)
		if err != nil {
			return fmt.Errorf("look at the ids of %s: %w", t.Name, err)
		}
		if shown == "" {
			others = append(others, t)
			continue
		}
		if t.IDs, t.IDsWhy = shape, shown; why == "" {
			common, why = shape, shown
		}
	}
	if why == "" {
		why = "no row shows another kind of ids"
	}
	for _, t := range others {
		t.IDs, t.IDsWhy = common, why
	}
	return nil
}

// detectIDs returns the kind of the table's ids, and what told: a row, the type or the default. why
// is empty if nothing told.
func (t *Table) detectIDs(
	c *sqlite.Conn, databases []Database,
) (shape IDShape, why string, err error) {
	i := t.ID()
	if i < 0 {
		return shape, "", nil
	}
	column := t.Columns[i]
	for _, d := range databases {
		ids, err := d.sample(t.Name, column.Name)
		if err != nil {
			return shape, "", err
		}
		if shape, ok := shapeOf(ids); ok {
			why = "as in " + t.Name + "." + column.Name
			if d.Name != "" {
				why += " of " + d.Name
			}
			return shape, why, nil
		}
	}
	declared, why := strings.ToUpper(column.Type), "by the type of "+t.Name+"."+column.Name
	if strings.Contains(declared, "UUID") {
		return IDShape{Kind: UUID}, why, nil
	}
	if column.MaxLength > 0 && column.MaxLength == column.MinLength { // by a CHECK
		declared = fmt.Sprintf("CHAR(%d)", column.MaxLength)
		why = "by the length that a CHECK of " + t.Name + "." + column.Name + " demands"
	}
	if shape, ok := declaredIDs[declared]; ok {
		return shape, why, nil
	}
	if shape, ok := shapeOfDefault(c, column); ok {
		return shape, "as the default of " + t.Name + "." + column.Name + " makes it", nil
	}
	return shape, "", nil
}

// shapeOfDefault returns the shape of the ids that a random default makes. An app makes the other
// ids of the same shape, or of one with more letters: PocketBase's default has r and hexadecimal
// digits, and the app takes all small letters.
func shapeOfDefault(c *sqlite.Conn, column *Column) (shape IDShape, ok bool) {
	if column.Default == "" || column.Kind != sqlite.Text {
		return shape, false
	}
	var ids []string
	for range 3 {
		v, err := c.Value("SELECT " + column.Default)
		if err != nil || v.Kind() != sqlite.Text || slices.Contains(ids, v.Data()) {
			return shape, false
		}
		ids = append(ids, v.Data())
	}
	return shapeOf(ids)
}

// sample returns the texts among the first ids of a table.
func (d Database) sample(table, column string) (ids []string, err error) {
	there := d.Schema.Table(table)
	if there == nil {
		return nil, nil
	}
	if _, ok := there.Column(column); !ok {
		return nil, nil
	}
	const most = 100
	sql := fmt.Sprintf("SELECT %s FROM %s LIMIT %d", sqltext.QuoteIdent(column),
		sqltext.QuoteIdent(table), most)
	for row, err := range d.Conn.Query(sql) {
		if err != nil {
			return nil, err
		}
		if v := row.Value(0); v.Kind() == sqlite.Text {
			ids = append(ids, v.Data())
		}
	}
	return ids, nil
}

// shapeOf returns the kind of ids that most of the given ids are.
func shapeOf(ids []string) (shape IDShape, ok bool) {
	most := func(is func(id string) bool) bool {
		n := 0
		for _, id := range ids {
			if is(id) {
				n++
			}
		}
		return 2*n > len(ids)
	}
	for kind, pattern := range idPatterns {
		if most(pattern.MatchString) {
			upper := most(func(id string) bool {
				return id == strings.ToUpper(id) && id != strings.ToLower(id)
			})
			return IDShape{Kind: IDKind(kind), Upper: upper && IDKind(kind) != ULID}, true
		}
	}
	for _, letters := range []string{hexLetters, base36Letters, base62Letters, urlLetters} {
		for _, id := range ids[:min(1, len(ids))] {
			n := len(id)
			isRandom := func(id string) bool { return len(id) == n && isRandomID(id, letters) }
			if most(isRandom) && (len(ids) > 2 || n == 21 || n == 24) {
				return IDShape{Kind: Random, Letters: letters, Length: n}, true
			}
		}
	}
	return shape, false
}

// isRandomID reports whether an id may be of random letters: it is long and has a digit among the
// letters.
func isRandomID(id, letters string) bool {
	const least, most = 10, 64
	return least <= len(id) && len(id) <= most && strings.Trim(id, letters) == "" &&
		strings.ContainsAny(id, "0123456789") && strings.Trim(id, "0123456789") != ""
}
