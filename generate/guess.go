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
		by := theCheck
		if strings.Contains(declared, "JSON") {
			by = theType
		}
		f.as("JSON of the type "+c.JSON, by)
		return guessJSON(f, c.JSON)
	case strings.Contains(declared, "UUID"):
		f.as("a UUID", theType)
		return uuid(f.drawer.idTime(f.row, c))
	}
	switch c.Kind {
	case sqlite.Integer:
		if isYear(c) && !f.row.template.distinct[c.Index] {
			f.as("a year", theName)
			return f.drawer.now.Year() - f.Int(0, 30)
		}
		if f.row.template.distinct[c.Index] {
			f.as("an integer of the declaration's range", theType)
			return f.drawer.integerID(f.row, c)
		}
		f.as("a number from 0 to 1000", noBasis)
		return f.Int(0, 1000)
	case sqlite.Real:
		f.as("a number from 0 to 1000 with two decimals", noBasis)
		return float64(f.Int(0, 100_000)) / 100
	case sqlite.Blob:
		f.as("the 16 bytes of a UUID", noBasis)
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
		f.as("an email address", theName)
		return "", f.Email()
	case strings.Contains(name, "username"), name == "login", name == "handle":
		f.as("a user name", theName)
		return "", f.Username()
	case strings.Contains(name, "url"):
		f.as("a URL", theName)
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
		f.as("a first name", theName)
		return f.words.FirstName()
	case name == "lastname":
		f.as("a last name", theName)
		return f.words.LastName()
	case name == "name", name == "fullname", name == "displayname":
		f.as("a first and a last name", theName)
		return f.FullName()
	case name == "title", name == "subject", name == "headline":
		f.as("a sentence", theName)
		return f.Sentence(4)
	case slices.Contains(longTexts, name):
		f.as("a paragraph", theName)
		return f.Paragraphs(1)
	}
	f.as("a word", noBasis)
	return f.words.NounCommon()
}
