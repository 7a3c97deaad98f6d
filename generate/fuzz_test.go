package generate_test

import (
	"errors"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/seedkit/seedkit/generate"
	"github.com/seedkit/seedkit/internal/sqlite"
)

// FuzzWrite checks for any seed and number of rows that the database is intact and that every
// reference has its row.
func FuzzWrite(f *testing.F) {
	f.Add("", 0, 0)
	f.Add("seed", 3, 40)
	f.Add("\xff\x00", 17, 1)
	f.Fuzz(func(t *testing.T, seed string, authors, books int) {
		authors, books = authors&31, books&63
		opts := options(library, func(s *generate.Fixtures) {
			s.Many("author", "a", authors, nil, generate.Some("book", 0, 3, nil))
			if authors > 0 {
				s.Many("book", "b", books, nil, generate.Some("loan", 0, 2, nil))
			}
		})
		opts.Seed = seed
		path := filepath.Join(t.TempDir(), "seed.db")
		if _, err := generate.Write(t.Context(), path, opts); err != nil {
			t.Fatal(err)
		}
		c, err := sqlite.Open(t.Context(), path, sqlite.ReadOnly)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		const whole = "SELECT (SELECT group_concat(integrity_check) " +
			"FROM pragma_integrity_check) || (SELECT count(*) FROM pragma_foreign_key_check)"
		if v, err := c.Value(whole); err != nil || v.Data() != "ok0" {
			t.Errorf("%q (%v)", v.Data(), err)
		}
	})
}

// FuzzReadSets checks for any file that ReadSets and Write neither panic nor report a mistake
// without its place.
func FuzzReadSets(f *testing.F) {
	for _, name := range slices.Sorted(maps.Keys(blogYAML)) {
		f.Add(".yaml", strings.ReplaceAll(blogYAML[name], "$bcrypt", "$usernameOf")) // fast
	}
	for _, row := range []string{
		"a: {Note * 1..3: [x], Note: {title: $pick(1)}}", "a * 3: {Role: [b], name: '${a}'}",
		"[{email: $ref(x)}, {Password: [{}, a, [b]]}, null]", "a: {j: {b: [$int(1, 2)]}}",
		"a: {Session: , settings: {a: !!binary aGk=}}", "{1: {}, true: {}, null: {}, a * 2: x}",
	} {
		f.Add(".yaml", "User: "+row)
	}
	f.Add(".json", `{"User": {"a": {"email": "$email", "Note * 2": {"title": null}}}}`)
	f.Add(".csv", "email,name\n$email,$fullName\n,\"a\nb\"\n")
	f.Fuzz(func(t *testing.T, extension, text string) {
		if !slices.Contains([]string{".yaml", ".json", ".csv"}, extension) || len(text) > 1000 ||
			largeNumber.MatchString(text) {
			return
		}
		dir := fixtureFiles(t, map[string]string{"User" + extension: text})
		sets, err := generate.ReadSets(dir)
		if err != nil {
			t.Fatal(err)
		}
		_, err = generate.Write(t.Context(), filepath.Join(t.TempDir(), "seed.db"),
			generate.Options{SchemaSQL: blog, Sets: sets})
		if err == nil {
			return
		}
		joined, ok := errors.AsType[interface {
			error
			Unwrap() []error
		}](err)
		if !ok {
			t.Fatalf("%q: %v", text, err)
		}
		for _, err := range joined.Unwrap() {
			m, ok := errors.AsType[*generate.FixtureError](err)
			if !ok || m.File == "" || m.Line < 1 || m.Column < 1 {
				t.Errorf("%q: %v", text, err)
			}
		}
	})
}

// largeNumber matches the number of rows or words that would take long.
var largeNumber = regexp.MustCompile(`[0-9]{3}`)
