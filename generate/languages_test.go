package generate_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seedkit/seedkit/generate"
)

// A language pair is the same fixtures in Go and in files.
type languagePair struct {
	name, schema string
	fill         fill
	files        map[string]string
}

var languagePairs = []languagePair{
	{
		"rows that the scripts insert",
		`CREATE TABLE role(id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, level INTEGER);
		 CREATE TABLE member(id TEXT PRIMARY KEY, email TEXT NOT NULL UNIQUE,
			main TEXT REFERENCES role(id));
		 CREATE TABLE role_member(role TEXT NOT NULL REFERENCES role(id),
			member TEXT NOT NULL REFERENCES member(id), since DATETIME NOT NULL,
			PRIMARY KEY(role, member));
		 INSERT INTO role VALUES('r1', 'owner', 9), ('r2', 'guest', 1), ('r3', 'staff', 5);`,
		func(s *generate.Fixtures) {
			owner := s.Existing("role", generate.Row{"name": "owner"})
			guest := s.Existing("role", generate.Row{"name": "guest"})
			s.Add("role", "late", generate.Row{"name": "late"})
			s.Add("member", "ada", generate.Row{"main": owner}, generate.Link(owner, guest))
			s.Many("member", "m", 30, generate.Row{"main": guest},
				generate.Link(guest, s.Ref("role", "late")))
		},
		map[string]string{"test.yaml": `
role: { late: { name: late } }
member:
  ada: { main: $ref(owner), role: [owner, guest] }
  m * 30: { main: '$ref(role, guest)', role: [guest, late] }
`},
	},
	{
		"children of children",
		`CREATE TABLE shop(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE,
			opened DATETIME NOT NULL);
		 CREATE TABLE orders(id INTEGER PRIMARY KEY, shop INTEGER NOT NULL REFERENCES shop(id),
			placed_at DATETIME NOT NULL, state TEXT NOT NULL DEFAULT 'new');
		 CREATE TABLE item(id TEXT PRIMARY KEY, "order" INTEGER NOT NULL REFERENCES orders(id),
			label TEXT NOT NULL, price REAL NOT NULL, UNIQUE("order", label));
		 CREATE TABLE remark(item TEXT NOT NULL REFERENCES item(id), text TEXT, at TIME, day DATE);
		 CREATE TABLE tag(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
		 CREATE TABLE item_tag(item TEXT REFERENCES item(id), tag INTEGER REFERENCES tag(id),
			PRIMARY KEY(item, tag)) WITHOUT ROWID;`,
		func(s *generate.Fixtures) {
			s.Many("tag", "t", 3, nil)
			s.Many("shop", "s", 4, generate.Row{
				"opened": generate.Past(100*day, 200*day),
			},
				generate.Some("orders", 0, 4, generate.Row{
					"placed_at": func(f *generate.Fake) any { return f.After(f.Parent("opened")) },
					"state": func(f *generate.Fake) any {
						return f.Pick("new", "paid", "sent")
					},
				},
					generate.Has("item", generate.Row{"label": "first", "price": 0.5},
						generate.Link(s.Ref("tag", "t#1"), s.Ref("tag", "t#3"))),
					generate.Some("item", 1, 3, generate.Row{
						"label": func(f *generate.Fake) any {
							return "no " + string(rune('0'+f.Number()))
						},
						"price": func(f *generate.Fake) any { return f.Float(1, 99.5) },
					},
						generate.Some("remark", 1, 2, generate.Row{
							"text": func(f *generate.Fake) any { return f.Words(3) },
						}),
						generate.Has("remark", generate.Row{"text": nil}))))
		},
		map[string]string{"test.yaml": `
tag: { t * 3: {} }
shop:
  s * 4:
    opened: $past(100d, 200d)
    orders * 0..4:
      placed_at: $after($parent.opened)
      state: $pick(new, paid, sent)
      item: { label: first, price: 0.5, tag: [t#1, t#3] }
      item * 1..3:
        label: no ${number}
        price: $float(1, 99.5)
        remark * 1..2: { text: $words(3) }
        remark: { text: null }
`},
	},
	{
		"times, numbers and texts",
		`CREATE TABLE event(id INTEGER PRIMARY KEY, a DATETIME, b DATETIME, c DATETIME, d DATE,
			e TIME, n INTEGER, r REAL, t TEXT, u TEXT, j JSON, x BLOB);`,
		func(s *generate.Fixtures) {
			s.Many("event", "e", 50, generate.Row{
				"a": func(f *generate.Fake) any { return f.Now() },
				"b": func(f *generate.Fake) any { return f.In(90 * day / 60) },
				"c": func(f *generate.Fake) any { return f.Future(day, 14*day) },
				"d": func(f *generate.Fake) any { return f.Past(0, 365*day) },
				"n": func(f *generate.Fake) any { return f.Int(-5, 5) },
				"r": func(f *generate.Fake) any { return f.Float(-1, 1) },
				"t": func(f *generate.Fake) any { return f.Paragraphs(2) },
				"u": func(f *generate.Fake) any { return f.UUID() },
				"j": func(f *generate.Fake) any {
					return map[string]any{"n": f.Cell("n"), "list": []any{f.FirstName(), true, nil}}
				},
				"x": []byte{1, 2},
			})
		},
		map[string]string{"test.yaml": `
event:
  e * 50:
    a: $now
    b: $in(36h)
    c: $future(1d, 2w)
    d: $past(0, 1y)
    n: $int(-5, 5)
    r: $float(-1, 1)
    t: $paragraphs(2)
    u: $uuid
    j: { n: $n, list: [$firstName, true, null] }
    x: !!binary AQI=
`},
	},
}

// TestLanguagesGiveTheSameBytes compares the databases of the same fixtures in both languages.
func TestLanguagesGiveTheSameBytes(t *testing.T) {
	for _, pair := range languagePairs {
		t.Run(pair.name, func(t *testing.T) {
			inGo := write(t, options(pair.schema, pair.fill))
			inFiles := write(t, fromFiles(t, pair.schema, pair.files))
			if diff := cmp.Diff(inGo.rows(), inFiles.rows()); diff != "" {
				t.Errorf("the rows (-Go +files):\n%s", diff)
			}
			if !bytes.Equal(readFile(t, inGo.path), readFile(t, inFiles.path)) {
				t.Error("the bytes differ")
			}
		})
	}
}

func readFile(t *testing.T, path string) []byte {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return content
}

// TestSetsOfBothLanguages generates sets in Go together with sets of files.
func TestSetsOfBothLanguages(t *testing.T) {
	const schema = `CREATE TABLE a(id INTEGER PRIMARY KEY, name TEXT UNIQUE,
		of INTEGER REFERENCES a)`
	inGo := []generate.Set{
		{Name: "base", Fill: func(s *generate.Fixtures) {
			s.Add("a", "go", generate.Row{"name": "x"})
		}},
		{Name: "top", Needs: []string{"extra"}, Fill: func(s *generate.Fixtures) {
			s.Add("a", "top", generate.Row{"of": s.Ref("a", "file")})
		}},
	}
	files := map[string]string{
		"extra.yaml": "a: { extra: {} }",
		"top.yaml":   "$needs: [base]\n$sample: true\na: { file: { of: $ref(go) } }",
	}
	tests := []struct {
		only, want []string
		rows       string
	}{
		{nil, []string{"base", "top", "extra"}, "4"},
		{[]string{"top"}, []string{"base", "top", "extra"}, "4"},
		{[]string{"base"}, []string{"base"}, "1"},
		{[]string{"extra"}, []string{"extra"}, "1"},
	}
	for _, test := range tests {
		t.Run(strings.Join(test.only, " "), func(t *testing.T) {
			d := write(t, generate.Options{
				SchemaSQL: schema, Sets: slices.Concat(inGo, readSets(t, files)), Only: test.only,
			})
			if diff := cmp.Diff(test.want, d.report.Sets); diff != "" {
				t.Error(diff)
			}
			if got := d.one("SELECT count(*) FROM a"); got != test.rows {
				t.Errorf("%s rows, want %s", got, test.rows)
			}
		})
	}
}

// TestSourceDir checks that every place in a Go file is relative to the folder of the options: of a
// declaration, of a panic, of another fixture, and of a warning.
func TestSourceDir(t *testing.T) {
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	opts := options(`CREATE TABLE a(id INTEGER PRIMARY KEY, n INTEGER UNIQUE, at DATETIME);
		CREATE TABLE b(x TEXT NOT NULL)`,
		func(s *generate.Fixtures) {
			s.Add("a", "x", generate.Row{"n": 1, "m": 2})
			s.Add("a", "x", nil, generate.Has("none", nil), generate.Link(s.Ref("none", "x")))
			s.Existing("a", generate.Row{"n": 9})
			panic("here")
		})
	inserts := options(opts.SchemaSQL, func(s *generate.Fixtures) {
		s.Add("a", "x", generate.Row{"n": 1})
		s.Add("a", "y", generate.Row{"n": 1})
		s.Add("b", "x", generate.Row{"x": func(*generate.Fake) any { panic("there") }})
		s.Add("b", "y", generate.Row{"x": nil})
	})
	for dir, want := range map[string]string{
		here:               "languages_test.go:",
		filepath.Dir(here): filepath.Join("generate", "languages_test.go:"),
	} {
		for _, opts := range []generate.Options{opts, inserts} {
			opts.SourceDir = dir
			_, err := generate.Write(t.Context(), filepath.Join(t.TempDir(), "seed.db"), opts)
			if _, ok := errors.AsType[*generate.FixtureError](err); !ok {
				t.Fatalf("got %v, want mistakes", err)
			}
			for line := range strings.Lines(err.Error()) {
				if !strings.HasPrefix(line, want) || strings.Contains(line, here) {
					t.Errorf("want %s at the start of %s", want, line)
				}
			}
		}
	}
}
