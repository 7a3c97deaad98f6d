package generate

import (
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/sqlite"
)

// idShape is a way of making text ids. Each begins with the time, so that rows
// made later sort later and are inserted at the end of the index.
type idShape struct {
	name    string
	pattern *regexp.Regexp
	make    func(t time.Time, random *stream) string
}

// idShapes are the shapes that are known; a database without ids of any gets
// the first.
var idShapes = []idShape{
	{"cuid", regexp.MustCompile(`^c[0-9a-z]{24}$`), cuid},
	{"uuid", regexp.MustCompile(`^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$`), uuid7},
	{"ulid", regexp.MustCompile(`^[0-7][0-9A-HJKMNP-TV-Z]{25}$`), ulid},
}

// cuid makes a collision-resistant id (https://github.com/paralleldrive/cuid):
// c, 8 digits of time, 4 of a counter, 4 of the host, 8 of chance; the digits
// after the time are all chance here.
func cuid(t time.Time, random *stream) string {
	return "c" + base36(uint64(t.UnixMilli()), 8) + base36(random.Uint64(), 8) + base36(random.Uint64(), 8)
}

// uuid7 makes a UUID of version 7 (RFC 9562, section 5.7).
func uuid7(t time.Time, random *stream) string {
	high := uint64(t.UnixMilli())<<16 | 0x7000 | random.Uint64()&0x0fff
	low := 1<<63 | random.Uint64()>>2
	return fmt.Sprintf("%08x-%04x-%04x-%04x-%012x", high>>32, high>>16&0xffff, high&0xffff, low>>48, low&0xffffffffffff)
}

// ulid makes a ULID (https://github.com/ulid/spec): 48 bits of time and 80 of
// chance in Crockford's base 32.
func ulid(t time.Time, random *stream) string {
	const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
	var out strings.Builder
	ms := uint64(t.UnixMilli())
	for shift := 45; shift >= 0; shift -= 5 {
		out.WriteByte(alphabet[ms>>shift&31])
	}
	for range 16 {
		out.WriteByte(alphabet[random.Uint64()&31])
	}
	return out.String()
}

// detectIDs returns the shape of the text ids that a database holds.
func detectIDs(c *sqlite.Conn, s *schema.Schema) (idShape, error) {
	for _, table := range s.Tables {
		if len(table.PrimaryKey) != 1 {
			continue
		}
		id, err := c.Value(fmt.Sprintf("SELECT %s FROM %s LIMIT 1", quote(table.PrimaryKey[0]), quote(table.Name)))
		if err != nil {
			return idShape{}, fmt.Errorf("look at the ids of %s: %w", table.Name, err)
		}
		for _, shape := range idShapes {
			if id.Kind() == sqlite.Text && shape.pattern.MatchString(id.Data()) {
				return shape, nil
			}
		}
	}
	return idShapes[0], nil
}

// integerID returns an id in the block of the fixture that declares the row.
// Rows of one declaration (name#1, name#2, …) are neighbours; those of others
// are far away, so that a new fixture takes no id that was given before.
func integerID(random uint64, n int) int64 {
	const blocks, size = 1 << 22, 1 << 20
	return int64(1+random%blocks)*size + int64(n%size)
}
