package pattern_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seedkit/seedkit/internal/pattern"
	"github.com/seedkit/seedkit/internal/sqlite"
)

func TestParse(t *testing.T) {
	tests := []struct {
		text string
		want []string // the patterns for LIKE
	}{
		{"plan", []string{"plan"}},
		{"Plan*,user?", []string{"plan%", "user_"}},
		{" a , b ", []string{"a", "b"}},
		{`"a,b"`, []string{"a,b"}},
		{`"a*"*`, []string{"a*%"}},
		{`"say ""x"""`, []string{`say "x"`}},
		{`" a "`, []string{" a "}},
		{`a_%\`, []string{`a\_\%\\`}},
		{`""`, []string{""}},
		{"größe,ÄÖ", []string{"größe", "ÄÖ"}},
	}
	for _, test := range tests {
		patterns, err := pattern.Parse(test.text)
		if err != nil {
			t.Errorf("%s: %v", test.text, err)
		}
		var got []string
		for _, p := range patterns {
			got = append(got, p.Like())
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", test.text, diff)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	for text, want := range map[string]string{
		"":        `the pattern "" is empty, or is between commas`,
		"a,,b":    `the pattern "a,,b" is empty, or is between commas`,
		"a,":      `the pattern "a," is empty, or is between commas`,
		`"a`:      `the pattern "a has a double quote without a second one`,
		`a,"b"c"`: `the pattern a,"b"c" has a double quote without a second one`,
	} {
		_, err := pattern.Parse(text)
		if err == nil || err.Error() != want {
			t.Errorf("%q: got %v, want %s", text, err, want)
		}
	}
}

// TestMatchIsLike checks that Match agrees with SQLite's LIKE, because a dump uses LIKE and the
// other verbs use Match.
func TestMatchIsLike(t *testing.T) {
	c, err := sqlite.Open(t.Context(), ":memory:", sqlite.Create)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	names := []string{
		"", "a", "A", "ab", "abc", "aXbXc", "a_b", "a%b", `a\b`, "a*b", "a?b", "a,b", "ä", "Ä",
		"äb", `"`, "aab", "aaab",
	}
	patterns := []string{
		"*", "?", "a", "A*", "*b", "a*b", "a?b", "*a*b*", "a*b*c", "??", "a_b", "a%b", `a\b`,
		`"a*b"`, `"a?b"`, `"a,b"`, "ä", "?b", `""""`, `""`, "a*ab",
	}
	for _, text := range patterns {
		p, err := pattern.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			var like bool
			for row, err := range c.Query(`SELECT ? LIKE ? ESCAPE '\'`, name, p[0].Like()) {
				if err != nil {
					t.Fatal(err)
				}
				like = row.Bool(0)
			}
			if got := p[0].Match(name); got != like {
				t.Errorf("%s and %q: got %v, and LIKE says %v", text, name, got, like)
			}
		}
	}
}

func TestQuote(t *testing.T) {
	for _, name := range []string{"User", "a,b", "a*", `say "x"`, "", " a", "Größe"} {
		p, err := pattern.Parse(pattern.Quote(name))
		if err != nil || len(p) != 1 || !p[0].Match(name) || p[0].Match(name+"x") {
			t.Errorf("%q: %s is not its pattern: %v", name, pattern.Quote(name), err)
		}
	}
}

func TestSelection(t *testing.T) {
	s, err := pattern.Select([]string{"user*,NOTE"}, []string{"*image"})
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]bool{
		"User": true, "UserImage": false, "note": true, "Role": false,
	} {
		if got := s.Has(name); got != want {
			t.Errorf("%s: got %v, want %v", name, got, want)
		}
	}
}

func TestCheck(t *testing.T) {
	names := []string{"User", "Note", "a,b"}
	tests := []struct{ text, want string }{
		{"user,n*", ""},
		{"Usr", "no table of the seed matches Usr (did you mean User?)"},
		{"not*s", "no table of the seed matches not*s (did you mean Note?)"},
		{"Note%", "no table of the seed matches Note% (did you mean Note*?)"},
		{`"a.b"`, `no table of the seed matches "a.b" (did you mean "a,b"?)`},
		{"%", "no table of the seed matches % (did you mean *?)"},
		{"Session", "no table of the seed matches Session: there are User, Note, a,b"},
	}
	for _, test := range tests {
		s, err := pattern.Select([]string{test.text}, nil)
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		if err := s.Check("table of the seed", names); err != nil {
			got = err.Error()
		}
		if got != test.want {
			t.Errorf("%s: got %s, want %s", test.text, got, test.want)
		}
	}
}
