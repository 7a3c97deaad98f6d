package generate

import (
	"encoding/binary"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/seedkit/seedkit/internal/sqlite"
)

// idShape is a way of making text ids. Each begins with the time, so that
// what is made later is inserted at the end of the index.
type idShape struct {
	pattern *regexp.Regexp
	make    func(t time.Time, random *stream) string
}

// idShapes are the shapes that are known; a database without ids of any gets
// the first.
var idShapes = []idShape{
	{regexp.MustCompile(`^c[0-9a-z]{24}$`), cuid},
	{regexp.MustCompile(`^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$`), uuid},
	{regexp.MustCompile(`^[0-7][0-9A-HJKMNP-TV-Z]{25}$`), ulid},
}

// cuid makes a collision-resistant id (https://github.com/paralleldrive/cuid):
// c, 8 digits of time, 4 of a counter, 4 of the host, 8 of chance; the digits
// after the time are all chance here.
func cuid(t time.Time, random *stream) string {
	return "c" + base36(uint64(t.UnixMilli()), 8) + base36(random.Uint64(), 8) + base36(random.Uint64(), 8)
}

// uuid makes a UUID of version 7 (RFC 9562, section 5.7).
func uuid(t time.Time, random *stream) string {
	b := uuidBytes(t, random)
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

func uuidBytes(t time.Time, random *stream) []byte {
	b := binary.BigEndian.AppendUint64(nil, uint64(t.UnixMilli())<<16|0x7000|random.Uint64()&0x0fff)
	return binary.BigEndian.AppendUint64(b, 1<<63|random.Uint64()>>2)
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

// detectIDs gives each table the shape of the text ids that its own rows have;
// where there are none, what its type says, or the shape of the first table
// that has some.
func (e *engine) detectIDs() error {
	found := map[*table]idShape{}
	common := idShapes[0]
	for _, t := range slices.Backward(e.tables) {
		shape, ok, err := e.detectShape(t)
		if err != nil {
			return fmt.Errorf("look at the ids of %s: %w", t.Name, err)
		}
		if ok {
			found[t], common = shape, shape
		}
	}
	for _, t := range e.tables {
		t.ids = common
		if shape, ok := found[t]; ok {
			t.ids = shape
		}
	}
	return nil
}

func (e *engine) detectShape(t *table) (shape idShape, ok bool, err error) {
	i := slices.IndexFunc(t.columns, func(c *column) bool { return c.id })
	if i < 0 {
		return shape, false, nil
	}
	if strings.Contains(strings.ToUpper(t.columns[i].Type), "UUID") {
		return idShapes[1], true, nil
	}
	id, err := e.c.Value(fmt.Sprintf("SELECT %s FROM %s LIMIT 1", quote(t.columns[i].Name), quote(t.Name)))
	if err != nil || id.Kind() != sqlite.Text {
		return shape, false, err
	}
	for _, shape := range idShapes {
		if shape.pattern.MatchString(id.Data()) {
			return shape, true, nil
		}
	}
	return shape, false, nil
}

// textID makes an id of the table's shape. Its time lies in the year before
// [DefaultNow], whatever the clock says and whenever the row was created:
// neither may change what a row is known by. The rows of one declaration are
// a millisecond apart.
func textID(r *row, c *column) string {
	return r.table.ids.make(idTime(r, c))
}

func idTime(r *row, c *column) (time.Time, *stream) {
	const year = 365 * 24 * time.Hour
	ms := join(r.block, c.hash, r.attempt)%uint64(year.Milliseconds()) + uint64(r.place)
	return DefaultNow.Add(-year).Add(time.Duration(ms) * time.Millisecond), &stream{r.chance(c)}
}

// integerID makes an integer that no other row has, or hardly ever. The rows
// of one declaration (name#1, name#2, …, and the parts that they have in
// common) are neighbours; where they begin is up to chance, so that a new
// fixture takes no id that was given before. Ids of a million and more are
// not in the way of those that an app has given already, and below 2^30 they
// leave it as many to give in the 32 bits that some clients read ids into.
func integerID(r *row, c *column) sqlite.Value {
	const least, end = 1 << 20, 1 << 30
	return sqlite.Int(int64(least + (join(r.block, c.hash, r.attempt)+uint64(r.place))%(end-least)))
}
