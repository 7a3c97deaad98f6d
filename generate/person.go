package generate

import (
	"slices"
	"strings"

	"github.com/seedkit/seedkit/internal/chance"
	"github.com/seedkit/seedkit/internal/model"
	"github.com/seedkit/seedkit/internal/sqlite"
)

// person is whom a row describes, or whom one of its columns names.
type person struct{ first, last string }

func (p person) firstName() string { return p.first }
func (p person) lastName() string  { return p.last }

func (p person) full() string { return strings.TrimSpace(p.first + " " + p.last) }

// personColumns are the columns that describe the person of a row, or -1.
type personColumns struct{ first, last, full, username, email int }

// readPerson finds the columns that describe the person of a table's rows.
func readPerson(t *model.Table) (p personColumns) {
	first := func(names ...string) int {
		return slices.IndexFunc(t.Columns, func(c *model.Column) bool {
			name := ends(c.Name)
			return c.Kind == sqlite.Text && c.Key == nil && len(name) > 0 &&
				slices.Contains(names, name[0])
		})
	}
	full := []string{"fullname", "realname", "displayname"}
	if nameIn(t) == "fullname" {
		full = append(full, "name")
	}
	return personColumns{
		first("firstname", "givenname", "forename"), first("lastname", "surname", "familyname"),
		first(full...), first("username", "login", "handle"), first("email", "emailaddress"),
	}
}

// describes reports whether a column describes the person of its row.
func (p personColumns) describes(c *model.Column) bool {
	return slices.Contains([]int{p.first, p.last, p.full, p.username, p.email}, c.Index)
}

var personHash = chance.Hash("person")

// personOf returns the person of a row, so that its columns agree, or another person for a column
// that names someone else.
func (f *Fake) personOf(c *model.Column) (p person) {
	columns := f.drawer.meanings.people[f.row.table]
	if !columns.describes(c) {
		return person{f.FirstName(), f.LastName()}
	}
	outer := *f.stream
	*f.stream = chance.New(chance.Join(f.row.hash, personHash))
	p = person{f.FirstName(), f.LastName()}
	*f.stream = outer
	first, last := f.given(columns.first), f.given(columns.last)
	switch full := f.given(columns.full); {
	case full != "":
		p.first, p.last, _ = strings.Cut(full, " ")
	case first != "" || last != "":
	case f.given(columns.username) != "":
		p = person{first: f.given(columns.username)}
	case f.given(columns.email) != "":
		name, _, _ := strings.Cut(f.given(columns.email), "@")
		p = person{first: name}
	}
	if first != "" {
		p.first = first
	}
	if last != "" {
		p.last = last
	}
	return p
}

// given returns the text that the fixture gives to a column of the row, or "".
func (f *Fake) given(i int) string {
	if i < 0 || f.row.template.sources[i].kind == absent {
		return ""
	}
	return f.textOf(i)
}

// textOf returns the text of a column of the row, or "" if it depends on this one.
func (f *Fake) textOf(i int) string {
	v, ok := f.drawer.tryCell(f.row, i)
	if !ok {
		return ""
	}
	f.row.cells[i].state |= asked
	if v.Kind() != sqlite.Text {
		return ""
	}
	return v.Data()
}

// personPart returns a maker of a part of a person's name.
func personPart(part func(person) string) textMaker {
	return func(f *Fake, c *model.Column) (head, tail string) {
		return part(f.personOf(c)), ""
	}
}

// usernameParts generates a user name from the person's name, like [Fake.UsernameOf].
func (f *Fake) usernameParts(c *model.Column) (head, tail string) {
	const longest, suffix = 20, 6
	head = simplify(strings.ReplaceAll(f.personOf(c).full(), " ", "_"))
	return head[:min(len(head), longest-suffix-1)], "_" + base36(f.stream.Uint64(), suffix)
}

// emailParts generates an address from the person's user name, or else from the name.
func (f *Fake) emailParts(c *model.Column) (head, tail string) {
	const host, suffix = "@example.com", 6
	columns := f.drawer.meanings.people[f.row.table]
	if columns.email == c.Index && columns.username >= 0 {
		head = simplify(f.textOf(columns.username))
		if f.row.template.distinct[columns.username] && f.row.attempt == 0 ||
			!f.row.template.distinct[c.Index] {
			tail = host
		}
	}
	if head == "" {
		head = simplify(strings.ReplaceAll(f.personOf(c).full(), " ", "_"))
		tail = ""
	}
	if tail == "" {
		tail = "_" + base36(f.stream.Uint64(), suffix) + host
	}
	return head, tail
}
