package generate

import (
	"slices"
	"strings"
	"time"

	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/sqlite"
)

// guess makes up a value that suits a column's name and type.
func guess(f *Fake, t *schema.Table, c schema.Column) any {
	switch {
	case isDatetime(c):
		return guessDatetime(f, t, c)
	case strings.Contains(strings.ToUpper(c.Type), "BOOL"):
		return f.Int(0, 1)
	}
	switch affinity(c) {
	case sqlite.Integer:
		return f.Int(0, 1000)
	case sqlite.Real:
		return float64(f.Int(0, 100_000)) / 100
	case sqlite.Blob:
		return randomBytes(f, 16)
	}
	return guessText(f, t, c)
}

// guessDatetime leaves moments that need not have come (deletedAt, expiresAt)
// empty. What is not the row's creation lies between that and the clock.
func guessDatetime(f *Fake, t *schema.Table, c schema.Column) any {
	created, ok := createdColumn(t)
	switch {
	case !c.NotNull && !isUpdated(c):
		return nil
	case !ok || c.Name == created:
		return f.engine.now
	}
	since := f.engine.created(f.row)
	span := f.engine.now.Sub(since).Milliseconds()
	if span <= 0 {
		return since
	}
	return since.Add(time.Duration(f.Int(0, int(span))) * time.Millisecond)
}

func guessText(f *Fake, t *schema.Table, c schema.Column) any {
	name := simplify(strings.ReplaceAll(c.Name, "_", ""))
	switch {
	case strings.Contains(name, "email"):
		return f.Email()
	case strings.Contains(name, "username"), name == "login", name == "handle":
		return f.Username()
	case name == "firstname":
		return f.words.FirstName()
	case name == "lastname":
		return f.words.LastName()
	case name == "name", name == "fullname", name == "displayname":
		return distinct(f, t, c, f.FullName())
	case name == "title", name == "subject", name == "headline":
		return distinct(f, t, c, f.Sentence(4))
	case slices.Contains([]string{"content", "body", "description", "text", "bio", "summary"}, name):
		return distinct(f, t, c, f.Paragraphs(1))
	case strings.Contains(name, "url"):
		return "https://example.com/" + base36(f.stream.Uint64(), 8)
	}
	return distinct(f, t, c, f.words.Word())
}

// distinct adds chance to text in a unique column, where made-up words alone
// would soon repeat.
func distinct(f *Fake, t *schema.Table, c schema.Column, text string) string {
	for _, u := range t.Uniques {
		if slices.Contains(u.Columns, c.Name) {
			return text + " " + base36(f.stream.Uint64(), 6)
		}
	}
	return text
}

func randomBytes(f *Fake, n int) []byte {
	out := make([]byte, n)
	for i := range out {
		out[i] = byte(f.stream.Uint64())
	}
	return out
}

// createdColumn returns the column that says when a row was created.
func createdColumn(t *schema.Table) (string, bool) {
	for _, c := range t.Columns {
		if isDatetime(c) && strings.HasPrefix(strings.ToLower(c.Name), "created") {
			return c.Name, true
		}
	}
	return "", false
}

func isUpdated(c schema.Column) bool {
	name := strings.ToLower(c.Name)
	return strings.HasPrefix(name, "updated") || strings.HasPrefix(name, "modified")
}

// affinity returns the storage class that a column's declared type prefers
// (https://sqlite.org/datatype3.html, section 3.1). NUMERIC counts as INTEGER.
func affinity(c schema.Column) sqlite.Kind {
	declared := strings.ToUpper(c.Type)
	has := func(names ...string) bool {
		return slices.ContainsFunc(names, func(name string) bool { return strings.Contains(declared, name) })
	}
	switch {
	case has("INT"):
		return sqlite.Integer
	case has("CHAR", "CLOB", "TEXT"):
		return sqlite.Text
	case has("BLOB"):
		return sqlite.Blob
	case has("REAL", "FLOA", "DOUB"):
		return sqlite.Real
	case declared == "", declared == "ANY":
		return sqlite.Text
	}
	return sqlite.Integer
}
