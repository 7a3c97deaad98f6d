package generate

import (
	"slices"
	"strings"
	"time"

	"github.com/seedkit/seedkit/internal/sqlite"
)

// guess generates a value that suits a column's name and type.
func guess(f *Fake, c *column) any {
	if f.row.attempt%4 > 0 { // every fourth attempt is a plain guess again
		if hint, ok := guessHint(f, c); ok {
			return hint
		}
	}
	declared := strings.ToUpper(c.Type)
	switch {
	case c.datetime:
		return guessDatetime(f, c)
	case strings.Contains(declared, "BOOL"):
		return f.Int(0, 1)
	case strings.Contains(declared, "JSON"):
		return "{}"
	case strings.Contains(declared, "UUID"):
		return uuid(idTime(f.row, c))
	}
	switch c.kind {
	case sqlite.Integer:
		if f.row.template.distinct[c.index] {
			return integerID(f.row, c)
		}
		return f.Int(0, 1000)
	case sqlite.Real:
		return float64(f.Int(0, 100_000)) / 100
	case sqlite.Blob:
		return uuidBytes(idTime(f.row, c))
	}
	return guessText(f, c)
}

// guessDatetime returns NULL for a nullable column, such as deletedAt or expiresAt, because the
// event may not have happened. The time of an update always gets a value. Timestamps other than the
// row's creation are between the creation and the clock.
func guessDatetime(f *Fake, c *column) any {
	switch t := f.row.table; {
	case !c.NotNull && !isUpdated(c.Name):
		return nil
	case t.created < 0 || t.created == c.index:
		return f.engine.now
	}
	since := f.engine.created(f.row)
	if since.After(f.engine.now) {
		return since
	}
	return f.Past(0, f.engine.now.Sub(since))
}

func isUpdated(name string) bool {
	name = strings.ToLower(name)
	return strings.HasPrefix(name, "updated") || strings.HasPrefix(name, "modified")
}

// created returns the time of a row's creation from the column that records it.
func (e *engine) created(r *row) time.Time {
	if at, ok := e.report.Datetime.decode(e.cell(r, r.table.created)); ok {
		return at
	}
	return e.now
}

func guessText(f *Fake, c *column) any {
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
	if f.row.template.distinct[c.index] {
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
