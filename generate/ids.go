package generate

import (
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/seedkit/seedkit/internal/chance"
	"github.com/seedkit/seedkit/internal/model"
	"github.com/seedkit/seedkit/internal/sqlite"
)

// textID generates an id of a shape. Every id begins with a time, so that later rows go to the end
// of the index.
func textID(shape model.IDShape, t time.Time, random chance.Stream) string {
	id := ""
	switch shape.Kind {
	case model.UUID:
		id = uuid(t, random)
	case model.HexUUID:
		id = strings.ReplaceAll(uuid(t, random), "-", "")
	case model.ULID:
		return ulid(t, random)
	case model.Random:
		return randomID(shape, t, random)
	default:
		return cuid(t, random)
	}
	if shape.Upper {
		return strings.ToUpper(id)
	}
	return id
}

// randomID generates an id of random letters. The first letters are the digits of the time. The id
// has half of its letters or more by chance.
func randomID(shape model.IDShape, t time.Time, random chance.Stream) string {
	base := uint64(len(shape.Letters))
	id := make([]byte, shape.Length)
	digits, largest := 0, uint64(1)
	const latest = 1 << 41 // milliseconds, in 2039
	for ; digits < shape.Length/2 && largest < latest; digits++ {
		largest *= base
	}
	ms := uint64(t.UnixMilli()) % largest
	for i := digits - 1; i >= 0; i-- {
		id[i] = shape.Letters[ms%base]
		ms /= base
	}
	for i := digits; i < shape.Length; i++ {
		id[i] = shape.Letters[random.Uint64()%base]
	}
	return string(id)
}

// cuid generates a collision-resistant id (https://github.com/paralleldrive/cuid): c, 8 digits of
// time, 4 of a counter, 4 of the host and 8 random ones. Here all digits after the time are random.
func cuid(t time.Time, random chance.Stream) string {
	id := append(make([]byte, 0, 25), 'c')
	id = appendBase36(id, uint64(t.UnixMilli()), 8)
	id = appendBase36(id, random.Uint64(), 8)
	return string(appendBase36(id, random.Uint64(), 8))
}

// base36 returns the lowest digits of n in base 36, as many as requested.
func base36(n uint64, digits int) string { return string(appendBase36(nil, n, digits)) }

// appendBase36 appends the lowest digits of n in base 36.
func appendBase36(to []byte, n uint64, digits int) []byte {
	const alphabet = "0123456789abcdefghijklmnopqrstuvwxyz"
	start := len(to)
	for range digits {
		to = append(to, alphabet[n%36])
		n /= 36
	}
	slices.Reverse(to[start:])
	return to
}

// uuid generates a UUID of version 7 (RFC 9562, section 5.7).
func uuid(t time.Time, random chance.Stream) string {
	b := uuidBytes(t, random)
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

func uuidBytes(t time.Time, random chance.Stream) []byte {
	b := binary.BigEndian.AppendUint64(nil, uint64(t.UnixMilli())<<16|0x7000|random.Uint64()&0x0fff)
	return binary.BigEndian.AppendUint64(b, 1<<63|random.Uint64()>>2)
}

// randomUUID generates a UUID of version 4 (RFC 9562, section 5.4).
func randomUUID(random *chance.Stream) string {
	var b [16]byte
	for i := range b {
		b[i] = byte(random.Index(256))
	}
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

// ulid generates a ULID (https://github.com/ulid/spec): 48 bits of time and 80 random bits in
// Crockford's base 32.
func ulid(t time.Time, random chance.Stream) string {
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

// textID generates an id of the table's kind. The id's time is in the year before [DefaultNow]. It
// does not depend on the clock or the row's creation, because neither may change the id of a row.
// The rows of one declaration are a millisecond apart.
func (d *drawer) textID(r *row, c *model.Column) string {
	at, random := d.idTime(r, c)
	return fit(&random, c, "", textID(r.table.IDs, at, random))
}

// blobID generates the 16 bytes of a UUID.
func (d *drawer) blobID(r *row, c *model.Column) []byte { return uuidBytes(d.idTime(r, c)) }

func (d *drawer) idTime(r *row, c *model.Column) (time.Time, chance.Stream) {
	const year = 365 * 24 * time.Hour
	ms := chance.Join(r.block, d.hashes[c], r.tries(c)) % uint64(year.Milliseconds())
	ms += uint64(r.place)
	at := DefaultNow.Add(-year).Add(time.Duration(ms) * time.Millisecond)
	return at, chance.New(d.streamSeed(r, c))
}

// integerID generates an integer that is unique, or nearly always unique. The rows of one
// declaration (name#1, name#2, …, and their common parts) have consecutive ids. The first of them
// is random, so a new fixture does not take an id that was given before. Ids from a million do not
// collide with ids that an app has already given. Ids below 2^30 leave the app as many ids within
// the 32 bits that some clients support.
func (d *drawer) integerID(r *row, c *model.Column) sqlite.Value {
	const least, end = 1 << 20, 1 << 30
	n := chance.Join(r.block, d.hashes[c], r.tries(c)) + uint64(r.place)
	return sqlite.Int(int64(least + n%(end-least)))
}
