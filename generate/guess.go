package generate

import (
	"slices"
	"strings"

	"github.com/seedkit/seedkit/internal/model"
	"github.com/seedkit/seedkit/internal/sqlite"
)

// guess generates a value that suits a column's name and type.
func guess(f *Fake, c *model.Column) any {
	if value, ok := guessByCheck(f, c); ok {
		return value
	}
	return guessPlain(f, c)
}

// guessPlain generates a value without regard to constraints.
func guessPlain(f *Fake, c *model.Column) any {
	switch declared := strings.ToUpper(c.Type); {
	case f.drawer.times.of(c) != nil:
		return guessTime(f, c)
	case c.JSON != "":
		return guessJSON(f, c.JSON)
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
	if code, ok := guessCode(f, c); ok {
		return code
	}
	head, tail := guessParts(f, c)
	return inCase(f, c, fit(f.stream, c, head, tail))
}

// guessParts generates a text. Its tail is random, so that two rows hardly ever have the same.
func guessParts(f *Fake, c *model.Column) (head, tail string) {
	name := simplify(strings.ReplaceAll(c.Name, "_", ""))
	switch {
	case strings.Contains(name, "email"):
		return "", f.Email()
	case strings.Contains(name, "username"), name == "login", name == "handle":
		return "", f.Username()
	case strings.Contains(name, "url"):
		return "https://example.com/", base36(f.stream.Uint64(), 8)
	}
	head = guessWords(f, name)
	if f.row.template.distinct[c.Index] {
		return head, " " + base36(f.stream.Uint64(), 6)
	}
	return head, ""
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
