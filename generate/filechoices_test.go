package generate_test

import (
	"bytes"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seedkit/seedkit/generate"
)

const store = `
	CREATE TABLE Role(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
	CREATE TABLE User(id INTEGER PRIMARY KEY, email TEXT NOT NULL UNIQUE, plan TEXT, size REAL,
		rank INTEGER, tags JSON, country TEXT, nick TEXT, mentor INTEGER REFERENCES User(id),
		createdAt DATETIME NOT NULL);
	CREATE TABLE Grant(userId INTEGER NOT NULL REFERENCES User(id),
		roleId INTEGER NOT NULL REFERENCES Role(id), level INTEGER NOT NULL, note TEXT,
		grantedAt DATETIME NOT NULL, PRIMARY KEY(userId, roleId));`

const storeYAML = `
Role:
  admin: { name: admin }
  user: { name: user }
  guest: { name: guest }
User:
  boss:
    email: boss@example.com
    Role:
      - guest
      - { $link: admin, level: 9, note: "${parent.email}" }
  demo * 50:
    plan: $pick(free * 6, pro * 3, $username, null * 0)
    size: '$pick(1.5 * 2, 2.5)'
    rank: $sequence(100, -5)
    tags: $pickSome($int(0, 3), red, 'a, b', 3, $firstName)
    country: $nth(de, ch, at)
    nick: $maybe(0.3, $username)
    mentor: $maybe(0.5, $nth($ref(boss), $ref(demo#1)))
    Role:
      $link: [user, guest]
      level: $int(1, 5)
      grantedAt: $after($parent.createdAt)
`

func fillStore(s *generate.Fixtures) {
	for _, name := range []string{"admin", "user", "guest"} {
		s.Add("Role", name, generate.Row{"name": name})
	}
	boss := s.Add("User", "boss", generate.Row{"email": "boss@example.com"},
		generate.Link(s.Ref("Role", "guest")),
		generate.Link(s.Ref("Role", "admin")).With(generate.Row{
			"level": 9, "note": func(f *generate.Fake) any { return f.Parent("email") },
		}))
	demo1 := s.Ref("User", "demo#1")
	s.Many("User", "demo", 50, generate.Row{
		"plan": func(f *generate.Fake) any {
			values := []any{"free", "pro", f.Username(), nil}
			return generate.PickWeighted(f, values, []int{6, 3, 1, 0})
		},
		"size": func(f *generate.Fake) any {
			return generate.PickWeighted(f, []float64{1.5, 2.5}, []int{2, 1})
		},
		"rank": generate.Sequence(100, -5),
		"tags": func(f *generate.Fake) any {
			n := f.Int(0, 3)
			return generate.PickSome(f, n, []any{"red", "a, b", 3, f.FirstName()})
		},
		"country": func(f *generate.Fake) any {
			return generate.Nth(f, []string{"de", "ch", "at"})
		},
		"nick": generate.Maybe(0.3, func(f *generate.Fake) any { return f.Username() }),
		"mentor": generate.Maybe(0.5, func(f *generate.Fake) any {
			return generate.Nth(f, []generate.Ref{boss, demo1})
		}),
	}, generate.Link(s.Ref("Role", "user"), s.Ref("Role", "guest")).With(generate.Row{
		"level":     func(f *generate.Fake) any { return f.Int(1, 5) },
		"grantedAt": func(f *generate.Fake) any { return f.After(f.Parent("createdAt")) },
	}))
}

// TestChoicesInFiles checks that the choices of files are those of Go: the bytes are the same.
func TestChoicesInFiles(t *testing.T) {
	var files [][]byte
	for _, opts := range []generate.Options{
		{SchemaSQL: store, Sets: []generate.Set{{Name: "a", Fill: fillStore}}},
		fromFiles(t, store, map[string]string{"a.yaml": storeYAML}),
	} {
		d := write(t, opts)
		content, err := os.ReadFile(d.path)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, content)
		for query, want := range map[string]string{
			"SELECT min(rank), max(rank) FROM User WHERE rank IS NOT NULL AND email <> " +
				"'boss@example.com'": "-145|100",
			"SELECT level, note FROM Grant JOIN Role ON id = roleId WHERE name = 'admin'": "9|" +
				"boss@example.com",
			"SELECT count(*), min(level) > 0, max(level) < 6 FROM Grant JOIN Role " +
				"ON id = roleId WHERE name = 'user'": "50|1|1",
			"SELECT count(DISTINCT country) FROM User WHERE country IN ('de', 'at', 'ch')": "3",
			"SELECT count(*) FROM User WHERE tags LIKE '%3%'":                              "17",
		} {
			if diff := cmp.Diff(want, d.one(query)); diff != "" {
				t.Errorf("%s:\n%s", query, diff)
			}
		}
	}
	if !bytes.Equal(files[0], files[1]) {
		t.Error("the databases of the fixtures in Go and in YAML differ")
	}
}
