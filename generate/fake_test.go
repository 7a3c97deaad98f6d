package generate_test

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seedkit/seedkit/generate"
)

// TestFake has functions of fixtures store what Fake tells them. Every query returns one row.
func TestFake(t *testing.T) {
	const schema = `CREATE TABLE parent(id INTEGER PRIMARY KEY, i INT, r REAL, t TEXT, b BLOB, ` +
		`n TEXT, at DATETIME, told TEXT); ` +
		`CREATE TABLE child(parent INT REFERENCES parent, told TEXT)`
	tell := func(what ...func(f *generate.Fake) any) func(*generate.Fake) any {
		return func(f *generate.Fake) any {
			var told []string
			for _, w := range what {
				told = append(told, fmt.Sprintf("%T %v", w(f), w(f)))
			}
			return strings.Join(told, ", ")
		}
	}
	cell := func(column string) func(*generate.Fake) any {
		return func(f *generate.Fake) any { return f.Cell(column) }
	}
	ofParent := func(column string) func(*generate.Fake) any {
		return func(f *generate.Fake) any { return f.Parent(column) }
	}
	number := func(f *generate.Fake) any { return f.Number() }
	d := write(t, options(schema, func(s *generate.Fixtures) {
		s.Add("parent", "all", generate.Row{
			"i": true, "r": 0.5, "t": "ü", "b": []byte("x"), "n": nil, "at": time.Unix(0, 0),
			"told": tell(cell("i"), cell("R"), cell("t"), cell("b"), cell("n"), cell("at"), number),
		}, generate.Has("child", generate.Row{"told": tell(ofParent("T"), ofParent("i"), number)}))
		s.Many("parent", "numbered", 2, generate.Row{"told": tell(number)},
			generate.Has("child", generate.Row{"told": tell(number)}),
			generate.Some("child", 2, 2, generate.Row{"told": tell(number)}))
		s.Many("parent", "drawn", 100, generate.Row{
			"i":    func(f *generate.Fake) any { return f.Int(math.MinInt, math.MaxInt) },
			"t":    func(f *generate.Fake) any { return f.UsernameOf("Zoë de la Very-Long Name") },
			"n":    func(f *generate.Fake) any { return f.UsernameOf("") },
			"told": func(f *generate.Fake) any { return f.Paragraphs(3) },
			"r":    func(f *generate.Fake) any { return generate.Pick(f, []float64{1.5, 2.5}) },
			"at":   generate.Past(time.Hour, time.Hour),
		})
	}))
	tests := []struct{ query, want string }{
		{"SELECT told FROM parent WHERE t = 'ü'",
			"int64 1, float64 0.5, string ü, []uint8 [120], <nil> <nil>, " +
				"string 1970-01-01T00:00:00.000+00:00, int 1"},
		{"SELECT c.told FROM child c JOIN parent p ON p.id = parent WHERE t = 'ü'",
			"string ü, int64 1, int 1"},
		{"SELECT group_concat(p.told || ': ' || (SELECT group_concat(c.told) FROM child c " +
			"WHERE c.parent = p.id), '; ') FROM parent p WHERE p.told LIKE 'int _'",
			"int 1: int 1,int 1,int 2; int 2: int 2,int 1,int 2"},
		{"SELECT min(i) < 0, max(i) > 0, count(DISTINCT i), count(DISTINCT r), " +
			"count(DISTINCT t), count(DISTINCT at) FROM parent WHERE told LIKE '%.'",
			"1|1|100|2|100|1"},
		{"SELECT sum(t GLOB 'zo_de_la_very_??????' OR t GLOB 'zo_de_la_very?_??????'), " +
			"sum(n GLOB '_??????'), sum(told LIKE '%_.' || char(10, 10) || '_%.' || char(10, " +
			"10) || '_%.') FROM parent WHERE told LIKE '%.'", "100|100|100"},
		{"SELECT DISTINCT at FROM parent WHERE told LIKE '%.'", "2024-12-31T23:00:00.000+00:00"},
	}
	for _, test := range tests {
		if diff := cmp.Diff(test.want, d.one(test.query)); diff != "" {
			t.Errorf("%s:\n%s", test.query, diff)
		}
	}
}
