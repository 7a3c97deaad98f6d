package generate

import (
	"math"
	"strings"
	"time"
	"unicode"

	"github.com/seedkit/seedkit/internal/chance"
	"github.com/seedkit/seedkit/internal/nearest"
	"github.com/seedkit/seedkit/internal/sqlite"
)

// Fake generates the value of one cell. Its results depend only on the seed, the row's path and the
// column. Successive calls continue the cell's own random stream. The only time that Fake knows is
// the fixed clock. Fake is valid until the function that received it returns.
type Fake struct {
	drawer *drawer
	row    *row
	stream *chance.Stream
	rule   rule // what a guess is
}

// as says what a guess is, and what told.
func (f *Fake) as(what string, by basis) { f.rule = rule{what, by} }

// FullName generates a first and a last name.
func FullName(f *Fake) any { return f.FullName() }

// Past generates a timestamp. See [Fake.Past].
func Past(from, to time.Duration) func(*Fake) any {
	return func(f *Fake) any { return f.Past(from, to) }
}

// FullName generates a first and a last name.
func (f *Fake) FullName() string {
	return sample(f.stream, firstNames) + " " + sample(f.stream, lastNames)
}

// FirstName generates a first name.
func (f *Fake) FirstName() string { return sample(f.stream, firstNames) }

// LastName generates a last name.
func (f *Fake) LastName() string { return sample(f.stream, lastNames) }

// UUID generates a random UUID (RFC 9562, version 4).
func (f *Fake) UUID() string { return randomUUID(f.stream) }

// Username generates a name, and from it a user name like [Fake.UsernameOf].
func (f *Fake) Username() string { return f.UsernameOf(f.FullName()) }

// UsernameOf makes a user name from a person's name: at most 20 characters of a-z, 0-9 and _. The
// last six are random, so that two rows hardly ever have the same user name.
func (f *Fake) UsernameOf(name string) string {
	const longest, suffix = 20, 6
	text := make([]byte, 0, longest)
	for _, letter := range name {
		if len(text) == longest-suffix-1 {
			break
		}
		if letter == ' ' {
			letter = '_'
		}
		if letter = unicode.ToLower(letter); isSimple(letter) {
			text = append(text, byte(letter))
		}
	}
	return string(appendBase36(append(text, '_'), f.stream.Uint64(), suffix))
}

// Email generates an address at example.com, which belongs to nobody (RFC 2606). Addresses are as
// distinct as user names.
func (f *Fake) Email() string { return f.Username() + "@example.com" }

// Words generates n words of lorem ipsum.
func (f *Fake) Words(n int) string {
	return sampleWords(f.stream, loremWords, f.count("Words", n))
}

// Sentence generates a sentence of lorem ipsum with the given number of words, which nobody
// mistakes for real text.
func (f *Fake) Sentence(words int) string {
	return sentence(f.stream, f.count("Sentence", words))
}

// Paragraphs generates n paragraphs of lorem ipsum, separated by empty lines.
func (f *Fake) Paragraphs(n int) string {
	return paragraphs(f.stream, f.count("Paragraphs", n))
}

// count checks how much text a function asks for.
func (f *Fake) count(of string, n int) int {
	const most = 1_000_000
	if n < 0 || n > most {
		f.row.abort("%s(%d): want a number from 0 to %d", of, n, most)
	}
	return n
}

// Int returns a number from least to greatest, inclusive.
func (f *Fake) Int(least, greatest int) int {
	if least > greatest {
		f.row.abort("Int(%d, %d): there is no such number", least, greatest)
	}
	return int(f.stream.Between(int64(least), int64(greatest)))
}

// Float returns a number from least to greatest, inclusive, with at most two decimals.
func (f *Fake) Float(least, greatest float64) float64 {
	low, high := math.Ceil(least*100), math.Floor(greatest*100)
	if !(low <= high) || low < -1<<53 || high > 1<<53 {
		f.row.abort("Float(%v, %v): there is no such number", least, greatest)
	}
	return float64(f.stream.Between(int64(low), int64(high))) / 100
}

// Bool returns true or false, each as often.
func (f *Fake) Bool() bool { return f.Int(0, 1) == 1 }

// Pick returns one of the values. There must be at least one.
func Pick[T any](f *Fake, values []T) T { return values[f.Int(0, len(values)-1)] }

// Pick returns one of the values. There must be at least one.
func (f *Fake) Pick(values ...any) any { return Pick(f, values) }

// Ref refers to the fixture with the given name, for a function that chooses it.
func (f *Fake) Ref(table, name string) Ref { return Ref{table: table, name: name} }

// Number returns the last number in the row's path: 3 for the row name#3 and for its single parts,
// and 1 if the path has no number.
func (f *Fake) Number() int { return f.row.number }

// Bcrypt hashes a password. See the function [Bcrypt].
func (f *Fake) Bcrypt(password string) string {
	return f.hash(f.drawer.passwords.bcrypt(), password)
}

// PasswordHash hashes a password in the form of the app's framework. See the function
// [PasswordHash].
func (f *Fake) PasswordHash(password string) string {
	return f.hash(f.drawer.passwords.usual(), password)
}

func (f *Fake) hash(algorithm, password string) string {
	hash, err := f.drawer.passwords.hash(algorithm, password)
	if err != nil {
		f.row.abort("%v", err)
	}
	return hash
}

// Cell returns the value of another column of the same row as the database will store it: nil,
// int64, float64, string or []byte.
func (f *Fake) Cell(column string) any { return f.cell(f.row, column) }

// Parent returns the value of a column in the row that contains this one as a part.
func (f *Fake) Parent(column string) any {
	if f.row.parent == nil {
		f.row.abort("Parent(%q) asks for the row that this one is part of, but it is part of none",
			column)
	}
	return f.cell(f.row.parent, column)
}

func (f *Fake) cell(r *row, name string) any {
	i, ok := r.table.Find(name)
	if !ok {
		f.row.abort("a function asks for column %q, which table %s does not have%s", name,
			r.table.Name, nearest.DidYouMean(name, r.table.Schema.ColumnNames()))
	}
	var v sqlite.Value
	if r == f.row {
		v = f.drawer.cell(r, i)
		r.cells[i].state |= asked
	} else {
		v = f.drawer.lend(r, i)
	}
	return v.Any()
}

// simplify keeps ASCII letters, in small letters, digits and _.
func simplify(text string) string {
	return strings.Map(func(r rune) rune {
		if isSimple(r) {
			return r
		}
		return -1
	}, strings.ToLower(text))
}

func isSimple(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '_'
}
