package generate

import (
	"time"

	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/timeform"
)

// Now returns the time of the fixed clock.
func (f *Fake) Now() time.Time { return f.drawer.now }

// In returns the time of the clock and later by the given duration.
func (f *Fake) In(later time.Duration) time.Time { return f.drawer.now.Add(later) }

// Past returns a timestamp before the clock, in whole milliseconds. Its distance from the clock is
// at least from and at most to.
func (f *Fake) Past(from, to time.Duration) time.Time {
	if from > to {
		f.row.abort("Past(%v, %v): there is no such time", from, to)
	}
	return f.drawer.now.Add(-f.between(from, to))
}

// Future returns a timestamp after the clock, in whole milliseconds. Its distance from the clock is
// at least from and at most to.
func (f *Fake) Future(from, to time.Duration) time.Time {
	if from > to {
		f.row.abort("Future(%v, %v): there is no such time", from, to)
	}
	return f.drawer.now.Add(f.between(from, to))
}

// After returns a timestamp between another time and the clock, in whole milliseconds. If the other
// time is not before the clock, After returns that time. The other time is a time.Time, or the
// value of a column as [Fake.Cell] and [Fake.Parent] return it.
func (f *Fake) After(other any) time.Time {
	since := f.time(other)
	if !since.Before(f.drawer.now) {
		return since
	}
	return since.Add(f.between(0, f.drawer.now.Sub(since)))
}

func (f *Fake) between(least, greatest time.Duration) time.Duration {
	ms := f.stream.Between(least.Milliseconds(), greatest.Milliseconds())
	return time.Duration(ms) * time.Millisecond
}

// time converts a value of a column to the time that it represents.
func (f *Fake) time(value any) time.Time {
	if t, ok := value.(time.Time); ok {
		return t
	}
	if v, err := sqlite.ValueOf(value); err == nil {
		if t, _, ok := timeform.Parse(v); ok {
			return t
		}
	}
	f.row.abort("After needs a time, and %s is none", describe(value))
	return time.Time{}
}
