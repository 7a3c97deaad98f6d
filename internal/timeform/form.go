// Package timeform knows the forms in which apps store times in SQLite, which has no type for
// times. It finds the form of a value and the form of a column's rows, and writes a value of one
// form in another form.
package timeform

import (
	"math"
	"strings"
	"time"

	"github.com/seedkit/seedkit/internal/sqlite"
)

// Form is a way to store a time. Forms are comparable. The zero Form is no form.
type Form struct {
	kind   kind
	sep    byte   // Between the date and the time of day: ' ' or 'T'.
	digits int    // The number of digits in the fraction of a second.
	varies bool   // The fraction has at most that many digits, and is missing if it is zero.
	zone   string // "", "Z" or an offset such as "+00:00".
}

type kind int

const (
	none kind = iota
	unix
	unixMilli
	datetime
	date   // without a time of day
	clock  // without a date
	julian // days, as a real number
)

// The named forms.
var (
	// Unix is an integer: seconds since 1970.
	Unix = Form{kind: unix}
	// UnixMilli is an integer: milliseconds since 1970. Prisma's native engine writes it.
	UnixMilli = Form{kind: unixMilli}
	// ISO is text such as 2025-01-01T00:00:00.000+00:00. Prisma's driver adapters write it.
	ISO = Form{kind: datetime, sep: 'T', digits: 3, zone: "+00:00"}
	// ISOZ is text such as 2025-01-01T00:00:00.000Z. JavaScript's toISOString writes it.
	ISOZ = Form{kind: datetime, sep: 'T', digits: 3, zone: "Z"}
	// SQL is text such as 2025-01-01 00:00:00. CURRENT_TIMESTAMP writes it.
	SQL = Form{kind: datetime, sep: ' '}
	// Date is text such as 2025-01-01.
	Date = Form{kind: date}
	// Clock is text such as 23:59:59.
	Clock = Form{kind: clock}
	// Julian is a real number: the days since noon on 24 November 4714 BC. SQLite's julianday
	// returns it. [Parse] does not return it, because any real number may be one.
	Julian = Form{kind: julian}
)

// MilliFrom is the smallest absolute value of an integer that is read as milliseconds. As seconds
// it lies in the year 5138.
const MilliFrom int64 = 100_000_000_000

// These bounds apply to absolute values. Most times in seconds lie between firstSecond (1973) and
// lastSecond (2286). An integer from huge on is not read as milliseconds. year9999 is the last
// second that text has a year for.
const (
	firstSecond int64 = 100_000_000
	lastSecond  int64 = 10_000_000_000
	huge        int64 = 100_000_000_000_000
	year9999    int64 = 253_402_300_799
)

// These are the milliseconds of a day, and the day on which 1970 began.
const (
	dayMillis    = 24 * 60 * 60 * 1000
	julianOf1970 = 2440587.5
)

// isDoubtful reports whether an integer by itself may be seconds as well as milliseconds.
func isDoubtful(v sqlite.Value) bool {
	i := max(v.Int64(), -v.Int64())
	return v.Kind() == sqlite.Integer && (i < firstSecond || lastSecond <= i && i < MilliFrom)
}

// isInteger reports whether values of the form are integers.
func (f Form) isInteger() bool { return f.kind == unix || f.kind == unixMilli }

// IsWhole reports whether values of the form hold both the day and the time of day.
func (f Form) IsWhole() bool { return f.isWhole() || f.kind == julian }

// isWhole reports whether values of the form hold both the day and the time of day.
func (f Form) isWhole() bool { return f.isInteger() || f.kind == datetime }

// String describes the form: unix, unix-ms, or a pattern such as YYYY-MM-DD HH:MM:SS.sss.
func (f Form) String() string {
	const day, second = "YYYY-MM-DD", "HH:MM:SS"
	switch f.kind {
	case unix:
		return "unix"
	case unixMilli:
		return "unix-ms"
	case julian:
		return "julian"
	case date:
		return day
	case clock:
		return second + f.fraction()
	case datetime:
		return day + string(f.sep) + second + f.fraction() + f.zone
	}
	return ""
}

func (f Form) fraction() string {
	switch {
	case f.digits == 0:
		return ""
	case f.varies:
		return "[." + strings.Repeat("s", f.digits) + "]"
	}
	return "." + strings.Repeat("s", f.digits)
}

// family returns the form without its fraction of a second.
func (f Form) family() Form {
	f.digits, f.varies = 0, false
	return f
}

// layout returns the form's layout for package time.
func (f Form) layout() string {
	layout := "15:04:05"
	if f.digits > 0 {
		layout += "." + strings.Repeat("0", f.digits)
	}
	switch f.kind {
	case date:
		return time.DateOnly
	case datetime:
		layout = time.DateOnly + string(f.sep) + layout
	}
	if f.zone == "" || f.zone == "Z" {
		return layout + f.zone
	}
	return layout + strings.Repeat(" ", strings.Count(f.zone, " ")) + "-07:00"
}

// formOfText returns the form that text seems to have. Only a parser can tell whether the text is a
// time.
func formOfText(s string) (f Form, ok bool) {
	switch {
	case len(s) == len(time.DateOnly):
		return Form{kind: date}, s[4] == '-'
	case len(s) > 19 && s[4] == '-' || len(s) == 19:
		f, s = Form{kind: datetime, sep: s[10]}, s[19:]
		ok = f.sep == ' ' || f.sep == 'T'
	case len(s) >= len(time.TimeOnly):
		f, s = Form{kind: clock}, s[len(time.TimeOnly):]
		ok = true
	}
	if len(s) > 0 && s[0] == '.' {
		rest := strings.TrimLeft(s[1:], "0123456789")
		f.digits = len(s) - 1 - len(rest)
		ok = ok && 0 < f.digits && f.digits <= 9
		s = rest
	}
	f.zone = s
	s = strings.TrimPrefix(s, " ") // Sequelize writes a space before the offset
	offset := len(s) == len("+00:00") && (s[0] == '+' || s[0] == '-')
	return f, ok && (f.zone == "" || f.kind == datetime && (f.zone == "Z" || offset))
}

// Parse returns the time that a value means, and the value's form. The size of an integer decides
// whether it means seconds or milliseconds.
func Parse(v sqlite.Value) (t time.Time, f Form, ok bool) {
	switch v.Kind() {
	case sqlite.Integer:
		f = UnixMilli
		if -MilliFrom < v.Int64() && v.Int64() < MilliFrom {
			f = Unix
		}
		return f.Time(v.Int64()), f, -huge < v.Int64() && v.Int64() < huge
	case sqlite.Text:
		f, ok = formOfText(v.Data())
		if !ok {
			return t, Form{}, false
		}
		t, err := time.Parse(f.layout(), v.Data())
		return t, f, err == nil
	}
	return t, f, false
}

// Time returns the time, in UTC, that an integer of the form Unix or UnixMilli means.
func (f Form) Time(i int64) time.Time {
	if f == Unix {
		return time.Unix(i, 0).UTC()
	}
	return time.UnixMilli(i).UTC()
}

// Read returns the time that a value of a column with the form f means. An integer means what f
// says, if f is Unix or UnixMilli; text may have any form.
func (f Form) Read(v sqlite.Value) (t time.Time, ok bool) {
	switch {
	case f.isInteger() && v.Kind() == sqlite.Integer:
		return f.Time(v.Int64()), true
	case f.isInteger() && v.Kind() == sqlite.Real:
		return f.Time(int64(v.Float64())), true
	case f == Julian && v.Kind() == sqlite.Real:
		ms := math.Round((v.Float64() - julianOf1970) * dayMillis)
		return time.UnixMilli(int64(ms)).UTC(), true
	}
	t, _, ok = Parse(v)
	return t, ok
}

// Format returns the value of the form that means t, and whether that value means exactly t, to the
// nanosecond. If it does not, it means the last time before t that the form can store. A date holds
// the day of t in t's location, as it was written. A time of day holds only that part of t.
func (f Form) Format(t time.Time) (v sqlite.Value, exact bool) {
	if f.kind == date {
		year, month, day := t.Date()
		midnight := time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
		return sqlite.String(midnight.Format(f.layout())), midnight.Equal(t)
	}
	t = t.UTC()
	switch f.kind {
	case unix:
		return sqlite.Int(t.Unix()), t.Nanosecond() == 0
	case unixMilli:
		return sqlite.Int(t.UnixMilli()), t.Nanosecond()%int(time.Millisecond) == 0
	case julian:
		return sqlite.Float(float64(t.UnixMilli())/dayMillis + julianOf1970), false
	}
	if at, err := time.Parse("-07:00", strings.TrimSpace(f.zone)); err == nil {
		t = t.In(at.Location())
	}
	if f.varies && t.Nanosecond() == 0 {
		f.digits = 0
	}
	unit := int64(time.Second)
	for range f.digits {
		unit /= 10
	}
	return sqlite.String(t.Format(f.layout())), int64(t.Nanosecond())%unit == 0 && f.kind != clock
}
