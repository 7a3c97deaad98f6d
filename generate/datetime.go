package generate

import (
	"strings"
	"time"

	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/timeform"
)

// Datetime is a format for timestamps, for which SQLite has no type.
type Datetime string

const (
	// Auto stores timestamps in the format of the rows that the schema's migrations insert. If
	// there are no such rows, Auto uses the format of the migration tool.
	Auto Datetime = "auto"
	// UnixMilli stores integers, the milliseconds since 1970, like Prisma's native engine.
	UnixMilli Datetime = "unix-ms"
	// Unix stores integers, the seconds since 1970.
	Unix Datetime = "unix"
	// ISO stores text such as 2025-01-01T00:00:00.000+00:00, like Prisma's driver adapters.
	ISO Datetime = "iso"
)

// Datetimes lists the formats, with Auto first.
var Datetimes = []Datetime{Auto, UnixMilli, Unix, ISO}

// datetimeNames lists the formats for a message.
func datetimeNames() string {
	var names []string
	for _, d := range Datetimes {
		names = append(names, string(d))
	}
	return strings.Join(names, ", ")
}

// form returns how the format stores a time.
func (d Datetime) form() timeform.Form {
	switch d {
	case UnixMilli:
		return timeform.UnixMilli
	case Unix:
		return timeform.Unix
	}
	return timeform.ISO
}

func (d Datetime) encode(t time.Time) sqlite.Value {
	v, _ := d.form().Format(t)
	return v
}

// decode returns the timestamp that a value represents. Auto decides by the size of an integer
// whether it counts seconds or milliseconds.
func (d Datetime) decode(v sqlite.Value) (t time.Time, ok bool) {
	if v.Kind() == sqlite.Integer && d != Auto && d != ISO {
		return d.form().Time(v.Int64()), true
	}
	t, form, ok := timeform.Parse(v)
	return t, ok && (v.Kind() == sqlite.Integer || form.HasZone())
}
