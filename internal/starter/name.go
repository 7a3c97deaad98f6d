package starter

import (
	"cmp"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/seedkit/seedkit/internal/model"
	"github.com/seedkit/seedkit/internal/sqlite"
)

// naming lists the columns that name a row, the best first.
var naming = []string{
	"username", "handle", "login", "email", "slug", "key", "code", "name", "title", "label",
}

// nameOf returns a name for a row that no other row of the table has.
func (t *taker) nameOf(table *model.Table, r *row) string {
	name := slug(textOf(r, columnFor(table)))
	if name == "" {
		for _, u := range table.Uniques {
			if words := textOf(r, u.Columns); len(u.Columns) > 1 && words != "" {
				name = slug(words)
				break
			}
		}
	}
	name = cmp.Or(name, fmt.Sprintf("%s%d", slug(table.Name), len(t.rows[table])+1))
	names := t.names[table]
	if names == nil {
		names = map[string]bool{}
		t.names[table] = names
	}
	free := name
	for n := 2; names[strings.ToLower(free)]; n++ {
		free = fmt.Sprintf("%s-%d", name, n)
	}
	names[strings.ToLower(free)] = true
	return free
}

// columnFor returns the column that names the rows of a table.
func columnFor(table *model.Table) []int {
	for _, unique := range []bool{true, false} {
		for _, name := range naming {
			i, ok := table.Find(name)
			if ok && table.Columns[i].Key == nil && (table.Columns[i].Unique || !unique) {
				return []int{i}
			}
		}
	}
	return nil
}

// textOf returns the texts in columns with colons between them, or "" if one of them is no text.
func textOf(r *row, columns []int) string {
	var texts []string
	for _, i := range columns {
		if v := r.values[i]; !v.given || v.Kind() != sqlite.Text || v.parent != nil {
			return ""
		}
		texts = append(texts, r.values[i].Data())
	}
	return strings.Join(texts, ":")
}

// slug returns a text as a name without spaces, or "" if letters that are not ASCII would be lost.
// Of an address it is the part before the @.
func slug(text string) string {
	const most = 30
	text, _, _ = strings.Cut(strings.ToLower(text), "@")
	var out []rune
	for _, c := range text {
		switch {
		case 'a' <= c && c <= 'z', '0' <= c && c <= '9', c == '_', c == '.', c == ':':
			out = append(out, c)
		case c >= utf8.RuneSelf:
			return ""
		case len(out) == 0 || out[len(out)-1] == '-':
		case len(out) > most:
			return string(out)
		default:
			out = append(out, '-')
		}
	}
	if len(out) > 2*most { // a text without spaces
		return ""
	}
	return strings.Trim(string(out), "-.:")
}
