package generate

import (
	"slices"
	"strings"

	"github.com/seedkit/seedkit/internal/model"
	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/sqlite"
)

// maker generates a value for a column whose name has a meaning.
type maker func(f *Fake, c *model.Column) any

// textMaker generates a text in two parts. The tail is random, so that two rows hardly ever have
// the same. It is empty for a text that often repeats.
type textMaker func(f *Fake, c *model.Column) (head, tail string)

// meanings tells what the names of columns mean.
type meanings struct {
	byColumn map[*model.Column]meaning // of the columns whose names have a meaning
	people   map[*model.Table]personColumns
	counts   map[*model.Column]bool // see countsUp
}

// meaning is what the name of a column means.
type meaning struct {
	what string // in a few words
	make maker
	isID bool // the name says no more than that the column identifies a row
	// isUsual says that an empty default of the column is a stand-in for a value that most rows
	// have.
	isUsual bool
}

// readMeanings finds the meanings of all columns that refer to no row.
func readMeanings(m *model.Model) meanings {
	ms := meanings{
		map[*model.Column]meaning{}, map[*model.Table]personColumns{}, map[*model.Column]bool{},
	}
	for _, t := range m.Tables {
		ms.people[t] = readPerson(t)
		for _, c := range t.Columns {
			if c.Key != nil {
				continue
			}
			ms.counts[c] = countsUp(c)
			if name, make := makerOf(t, c); make != nil {
				isID := slices.Contains([]string{"id", "uid", "guid", "uuid"}, name)
				ms.byColumn[c] = meaning{
					"a value for names that end in " + name, make, isID, isUsual(name),
				}
			}
		}
	}
	return ms
}

// makerOf returns the maker of a column and the name that has the meaning, or nil if the column's
// name has no meaning for its type. The longest end of the name that has a meaning counts:
// country_code before code.
func makerOf(t *model.Table, c *model.Column) (name string, make maker) {
	words := schema.Words(c.Name)
	for i, end := range ends(c.Name) {
		switch {
		case end == "name" && i > 0:
			name = kindOfName(words[i-1])
		default:
			name = inTable(t, end)
		}
		switch c.Kind {
		case sqlite.Integer, sqlite.Real:
			if make, ok := numbers[name]; ok {
				return name, make
			}
		case sqlite.Text:
			if make, ok := texts[name]; ok {
				return name, make.value
			}
			if list, ok := lists[name]; ok {
				return name, oneOf(strings.Fields(list)).value
			}
		}
	}
	if c.Kind == sqlite.Text && schema.IsSecret(c.Name) {
		return "a secret's name", textMaker(secretParts).value
	}
	return "", nil
}

// variety returns how well a column's guesses make the rows of a key different: a number of the
// rows of a parent most, a text of a list, such as a status, least.
func variety(c *model.Column) int {
	const least, usual, most = 0, 1, 2
	if countsUp(c) {
		return most
	}
	for _, name := range ends(c.Name) {
		if _, ok := lists[name]; ok && c.Kind == sqlite.Text {
			return least
		}
		if _, ok := numbers[name]; ok && c.Kind == sqlite.Integer {
			return least
		}
		if _, ok := texts[name]; ok && c.Kind == sqlite.Text {
			break
		}
	}
	return usual
}

// ends returns the ends of a name without spaces, the whole name first: homepageurl and url for
// homepage_url.
func ends(name string) (out []string) {
	words := schema.Words(name)
	for i := range words {
		out = append(out, strings.Join(words[i:], ""))
	}
	return out
}

// inTable returns the name of what a column holds in a table: name is a person's in a table of
// users, and a company's in a table of companies.
func inTable(t *model.Table, name string) string {
	switch name {
	case "name":
		return nameIn(t)
	case "code", "iso", "iso2", "iso3":
		if of := nameIn(t); of == "country" || of == "currency" || of == "language" {
			return of + "code"
		}
	case "hash":
		if strings.Contains(strings.ToLower(t.Name), "password") {
			return "passwordhash"
		}
	case "state":
		if hasEnd(t, "city", "zip", "zipcode", "postalcode", "country") {
			return "region"
		}
	case "title":
		if nameIn(t) == "fullname" {
			return "jobtitle"
		}
	}
	return name
}

// hasColumn reports whether a table has a column with one of the names, which have no spaces.
func hasColumn(t *model.Table, names ...string) bool {
	return slices.ContainsFunc(t.Columns, func(c *model.Column) bool {
		return slices.Contains(names, strings.Join(schema.Words(c.Name), ""))
	})
}

// hasEnd reports whether a table has a column whose name ends in one of the names.
func hasEnd(t *model.Table, names ...string) bool {
	return slices.ContainsFunc(t.Columns, func(c *model.Column) bool {
		return slices.ContainsFunc(ends(c.Name), func(end string) bool {
			return slices.Contains(names, end)
		})
	})
}

// nameIn returns the name of what the column name holds in a table.
func nameIn(t *model.Table) string {
	words := schema.Words(t.Name)
	if len(words) == 0 {
		return "noun"
	}
	if of := kindOfName(words[len(words)-1]); of != "noun" {
		return of
	}
	if hasColumn(t, "email", "username", "firstname", "lastname", "birthdate", "dateofbirth",
		"password", "passwordhash") {
		return "fullname"
	}
	return "noun"
}

// kindOfName returns what a name is the name of: a person for customer and customers, a company for
// supplier. It returns noun for other words.
func kindOfName(word string) string {
	for of, words := range namesOf {
		if slices.Contains(strings.Fields(words), singular(word)) {
			return of
		}
	}
	return "noun"
}

// singular returns the singular of an English noun.
func singular(word string) string {
	if stem, ok := strings.CutSuffix(word, "ies"); ok {
		return stem + "y"
	}
	for _, end := range []string{"sses", "xes", "ches", "shes"} {
		if strings.HasSuffix(word, end) {
			return strings.TrimSuffix(word, "es")
		}
	}
	switch {
	case word == "people":
		return "person"
	case strings.HasSuffix(word, "ss"), strings.HasSuffix(word, "us"):
		return word
	}
	return strings.TrimSuffix(word, "s")
}

// value generates a text that fits its column. If values must differ, the text has a random tail.
func (m textMaker) value(f *Fake, c *model.Column) any {
	head, tail := m(f, c)
	distinct := f.row.template.distinct[c.Index]
	switch {
	case distinct && tail == "":
		tail = f.distinction(head)
	case distinct && c.MaxLength > 0 && len(tail) > c.MaxLength: // its end may not differ
		tail = f.letters("0123456789abcdefghijklmnopqrstuvwxyz", c.MaxLength)
	}
	return inCase(f, c, fit(f.stream, c, head, tail))
}

// distinction generates a tail that makes a text different from others, in the style of the text.
func (f *Fake) distinction(head string) string {
	tail := base36(f.stream.Uint64(), 6)
	switch {
	case head == "":
		return tail
	case head == strings.ToUpper(head):
		return "-" + strings.ToUpper(tail)
	case strings.Contains(head, " "):
		return " " + tail
	}
	return "-" + tail
}

// oneOf returns a maker of the texts of a list.
func oneOf(list []string) textMaker {
	return func(f *Fake, c *model.Column) (head, tail string) {
		if f.row.template.distinct[c.Index] {
			return f.inTurn(c, list, 1)
		}
		return Pick(f, list), ""
	}
}

// inTurn returns one text of a list after another for the rows of a declaration, with the given
// step. After the list ends, the texts get random tails. The step and the length of the list must
// have no common divisor.
func (f *Fake) inTurn(c *model.Column, list []string, step uint64) (head, tail string) {
	n, place := uint64(len(list)), uint64(f.row.place)
	if f.row.attempt > 0 || place > n {
		head = Pick(f, list)
		return head, f.distinction(head)
	}
	tail = list[(f.row.block%n+place*step)%n]
	if most := c.MaxLength; most > 0 && most < len(tail) {
		return "", tail[:most]
	}
	return "", tail
}
