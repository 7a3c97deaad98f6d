package generate

import (
	"strings"
	"time"

	"github.com/brianvoe/gofakeit/v6"

	"github.com/seedkit/seedkit/internal/sqlite"
)

// Fake makes up the value of one cell. What it returns depends on the seed,
// the row's path and the column alone; successive calls go on in the cell's
// own stream of chance. It knows no time but the pinned clock. It is of no use
// once the function that it was given to has returned.
type Fake struct {
	engine *engine
	row    *row
	stream *stream
	words  *gofakeit.Faker
}

// FullName makes up a first and a last name.
func FullName(f *Fake) any { return f.FullName() }

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

// Sentence makes up a sentence of the given number of words of lorem ipsum,
// which nobody takes for real.
func (f *Fake) Sentence(words int) string { return f.words.LoremIpsumSentence(words) }

// Paragraphs makes up n paragraphs of lorem ipsum, separated by empty lines.
func (f *Fake) Paragraphs(n int) string { return f.words.LoremIpsumParagraph(n, 4, 9, "\n\n") }

// Int returns a number from least to greatest, both included.
func (f *Fake) Int(least, greatest int) int {
	if least > greatest {
		f.engine.abort(f.row, "Int(%d, %d): there is no such number", least, greatest)
	}
	return int(between(f.stream.Uint64(), int64(least), int64(greatest)))
}

// Past returns a point in time that lies from one to another duration before
// the clock, in whole milliseconds.
func (f *Fake) Past(from, to time.Duration) time.Time {
	if from > to {
		f.engine.abort(f.row, "Past(%v, %v): there is no such time", from, to)
	}
	back := between(f.stream.Uint64(), from.Milliseconds(), to.Milliseconds())
	return f.engine.now.Add(-time.Duration(back) * time.Millisecond)
}

// Pick returns one of the values, of which there must be some.
func Pick[T any](f *Fake, values []T) T { return values[f.Int(0, len(values)-1)] }

// Number returns the last number in the row's path: 3 for the row name#3 and
// for what it has one of, 1 where there is none.
func (f *Fake) Number() int { return f.row.number }

// Bcrypt hashes a password: see the function [Bcrypt].
func (f *Fake) Bcrypt(password string) string {
	hash, err := f.engine.bcrypt(password)
	if err != nil {
		f.engine.abort(f.row, "%v", err)
	}
	return hash
}

// Cell returns the value of another column of the same row, as the database
// will hold it: nil, int64, float64, string or []byte.
func (f *Fake) Cell(column string) any { return f.cell(f.row, column) }

// Parent returns the value of a column of the row that this one is part of.
func (f *Fake) Parent(column string) any {
	if f.row.parent == nil {
		f.engine.abort(f.row, "Parent(%q) asks for the row that this one is part of, but it is part of none", column)
	}
	return f.cell(f.row.parent, column)
}

func (f *Fake) cell(r *row, name string) any {
	i, ok := r.table.find(name)
	if !ok {
		f.engine.abort(f.row, "a function asks for column %q, which table %s does not have%s", name, r.table.Name, didYouMean(name, r.table.ColumnNames()))
	}
	v := f.engine.cell(r, i)
	if r == f.row {
		r.cells[i].state |= asked
	} else {
		r.cells[i].state |= lent
	}
	switch v.Kind() {
	case sqlite.Integer:
		return v.Int64()
	case sqlite.Real:
		return v.Float64()
	case sqlite.Text:
		return v.Data()
	case sqlite.Blob:
		return []byte(v.Data())
	}
	return nil
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
