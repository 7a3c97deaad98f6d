package generate

import (
	"math"
	"slices"
	"strings"

	"github.com/seedkit/seedkit/internal/model"
	"github.com/seedkit/seedkit/internal/sqlite"
)

// guess generates a value that suits a column's name and type.
func guess(f *Fake, c *model.Column) any {
	if f.row.attempt%4 > 0 { // every fourth attempt is a plain guess again
		if hint, ok := guessHint(f, c); ok {
			return hint
		}
	}
	declared := strings.ToUpper(c.Type)
	switch {
	case f.drawer.times.of(c) != nil:
		return guessTime(f, c)
	case strings.Contains(declared, "BOOL"):
		return f.Int(0, 1)
	case strings.Contains(declared, "JSON"):
		return "{}"
	case strings.Contains(declared, "UUID"):
		return uuid(f.drawer.idTime(f.row, c))
	}
	switch c.Kind {
	case sqlite.Integer:
		if isYear(c) && !f.row.template.distinct[c.Index] {
			return f.drawer.now.Year() - f.Int(0, 30)
		}
		if f.row.template.distinct[c.Index] {
			return f.drawer.integerID(f.row, c)
		}
		return f.Int(0, 1000)
	case sqlite.Real:
		return float64(f.Int(0, 100_000)) / 100
	case sqlite.Blob:
		return f.drawer.blobID(f.row, c)
	}
	return guessText(f, c)
}

// isYear reports whether a column for integers holds years, by its type or name.
func isYear(c *model.Column) bool {
	name := strings.ToLower(c.Name)
	return strings.EqualFold(c.Type, "YEAR") || name == "year" || strings.HasSuffix(name, "_year")
}

func guessText(f *Fake, c *model.Column) any {
	name := simplify(strings.ReplaceAll(c.Name, "_", ""))
	switch {
	case strings.Contains(name, "email"):
		return f.Email()
	case strings.Contains(name, "username"), name == "login", name == "handle":
		return f.Username()
	case strings.Contains(name, "url"):
		return "https://example.com/" + base36(f.stream.Uint64(), 8)
	}
	text := guessWords(f, name)
	if f.row.template.distinct[c.Index] {
		return text + " " + base36(f.stream.Uint64(), 6)
	}
	return text
}

var longTexts = []string{"content", "body", "description", "text", "bio", "summary"}

func guessWords(f *Fake, name string) string {
	switch {
	case name == "firstname":
		return f.words.FirstName()
	case name == "lastname":
		return f.words.LastName()
	case name == "name", name == "fullname", name == "displayname":
		return f.FullName()
	case name == "title", name == "subject", name == "headline":
		return f.Sentence(4)
	case slices.Contains(longTexts, name):
		return f.Paragraphs(1)
	}
	return f.words.NounCommon()
}

// guessHint generates a value from the literals in the column's constraints: one of the texts or
// numbers, or a number between or near them. Only SQLite can tell whether the value satisfies the
// constraints, so generate uses guessHint only for rows that SQLite has refused.
func guessHint(f *Fake, c *model.Column) (value any, ok bool) {
	switch {
	case c.Kind == sqlite.Text && len(c.Texts) > 0:
		return Pick(f, c.Texts), true
	case c.Kind != sqlite.Integer && c.Kind != sqlite.Real || len(c.Numbers) == 0:
		return nil, false
	}
	const around, steps = 100, 1000
	least, greatest := slices.Min(c.Numbers), slices.Max(c.Numbers)
	if least == greatest {
		least, greatest = least-around, greatest+around
	}
	number := least + (greatest-least)*float64(f.Int(0, steps))/steps
	if f.Int(0, 1) == 0 {
		number = Pick(f, c.Numbers)
	}
	if c.Kind == sqlite.Integer {
		return int64(math.Round(number)), true
	}
	return number, true
}
