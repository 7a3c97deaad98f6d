package generate

import (
	"strings"
	"time"

	"github.com/brianvoe/gofakeit/v6"
)

// Fake makes up the value of one cell. What it returns depends on the seed,
// the row's path and the column alone; successive calls go on in the cell's
// own stream of chance. It knows no time but the pinned clock.
type Fake struct {
	engine *engine
	row    *row
	column string
	stream *stream
	words  *gofakeit.Faker
}

// FullName makes up a first and a last name.
func FullName(f *Fake) any { return f.FullName() }

// Username makes up a user name: see [Fake.Username].
func Username(f *Fake) any { return f.Username() }

// Email makes up an address at example.com: see [Fake.Email].
func Email(f *Fake) any { return f.Email() }

// Past makes up a point in time: see [Fake.Past].
func Past(from, to time.Duration) func(*Fake) any {
	return func(f *Fake) any { return f.Past(from, to) }
}

// FullName makes up a first and a last name.
func (f *Fake) FullName() string { return f.words.FirstName() + " " + f.words.LastName() }

// Username makes up a user name as [Fake.UsernameOf] does, of a made-up name.
func (f *Fake) Username() string { return f.UsernameOf(f.FullName()) }

// UsernameOf makes a user name of a person's name: at most 20 characters of
// a-z, 0-9 and _, the last six drawn from the row's path, so that two rows
// hardly ever have the same.
func (f *Fake) UsernameOf(name string) string {
	const longest, suffix = 20, 6
	name = simplify(strings.ReplaceAll(name, " ", "_"))
	return name[:min(len(name), longest-suffix-1)] + "_" + base36(f.stream.Uint64(), suffix)
}

// Email makes up an address at example.com, which belongs to nobody
// (RFC 2606), as distinct as user names are.
func (f *Fake) Email() string { return f.Username() + "@example.com" }

// Sentence makes up a sentence of the given number of words.
func (f *Fake) Sentence(words int) string { return f.words.Sentence(words) }

// Paragraphs makes up n paragraphs, separated by empty lines.
func (f *Fake) Paragraphs(n int) string { return f.words.Paragraph(n, 4, 9, "\n\n") }

// Int returns a number from min to max, both included.
func (f *Fake) Int(min, max int) int { return between(f.stream.Uint64(), min, max) }

// Past returns a point in time that lies from one to another duration before
// the clock, in whole milliseconds.
func (f *Fake) Past(from, to time.Duration) time.Time {
	back := f.Int(int(from.Milliseconds()), int(to.Milliseconds()))
	return f.engine.now.Add(-time.Duration(back) * time.Millisecond)
}

// Pick returns one of the values.
func Pick[T any](f *Fake, values []T) T { return values[f.stream.Uint64()%uint64(len(values))] }

// Number returns the row's number: 3 for the row name#3, 1 for a row that is
// alone.
func (f *Fake) Number() int { return f.row.number }

// Bcrypt hashes a password: see the function [Bcrypt].
func (f *Fake) Bcrypt(password string) string { return f.engine.bcrypt(password) }

// Cell returns the value of another column of the same row: nil, int64,
// float64, string or []byte.
func (f *Fake) Cell(column string) any { return f.engine.cellOf(f, f.row, column) }

// Parent returns the value of a column of the row that this one is part of.
func (f *Fake) Parent(column string) any {
	if f.row.parent == nil {
		f.engine.abort(f.row, "%s is part of no row, so Parent(%q) has none to ask", f.row.path, column)
	}
	return f.engine.cellOf(f, f.row.parent, column)
}

// simplify keeps the letters and digits of ASCII, small, and _.
func simplify(text string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '_' {
			return r
		}
		return -1
	}, strings.ToLower(text))
}
