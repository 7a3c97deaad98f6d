package generate

import (
	"fmt"
	"slices"
	"strings"

	"github.com/seedkit/seedkit/internal/timeform"
)

// Datetime is a form of times, for which SQLite has no type: one of the constants, or in a
// [Report] also a pattern such as YYYY-MM-DD HH:MM:SS.sss.
type Datetime string

const (
	// Auto stores the times of each column in the form of the column's rows, of its default, or of
	// the app's framework.
	Auto Datetime = "auto"
	// UnixMilli stores integers, the milliseconds since 1970, like Prisma's native engine.
	UnixMilli Datetime = "unix-ms"
	// Unix stores integers, the seconds since 1970.
	Unix Datetime = "unix"
	// ISO stores text such as 2025-01-01T00:00:00.000+00:00, like Prisma's driver adapters.
	ISO Datetime = "iso"
	// ISOZ stores text such as 2025-01-01T00:00:00.000Z, like JavaScript's toISOString.
	ISOZ Datetime = "iso-z"
	// SQL stores text such as 2025-01-01 00:00:00, like CURRENT_TIMESTAMP.
	SQL Datetime = "sql"
)

// Datetimes lists the forms that Options can ask for, with Auto first.
var Datetimes = []Datetime{Auto, UnixMilli, Unix, ISO, ISOZ, SQL}

// checkDatetimes refuses forms that do not exist.
func (o Options) checkDatetimes() error {
	for _, d := range []Datetime{o.Datetime, o.DatetimeDefault} {
		known := d == "" || slices.Contains(Datetimes, d)
		if !known && (d == o.Datetime || d.form() == timeform.Form{}) {
			return fmt.Errorf("unknown datetime format %q, want one of %s", d, datetimeNames())
		}
	}
	return nil
}

// datetimeNames lists the forms for a message.
func datetimeNames() string {
	var names []string
	for _, d := range Datetimes {
		names = append(names, string(d))
	}
	return strings.Join(names, ", ")
}

// form returns the form that a Datetime names, or the zero Form for Auto.
func (d Datetime) form() timeform.Form {
	form, _ := timeform.Named(string(d))
	return form
}
