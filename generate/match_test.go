package generate_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seedkit/seedkit/generate"
)

// office has keys of every kind for which rows compete.
const office = `
	CREATE TABLE person(id TEXT PRIMARY KEY, badge INT NOT NULL UNIQUE, email TEXT);
	CREATE TABLE secret(id TEXT PRIMARY KEY, person TEXT NOT NULL UNIQUE REFERENCES person(id));
	CREATE TABLE profile(id TEXT PRIMARY KEY REFERENCES person(id), bio TEXT NOT NULL);
	CREATE TABLE team(id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE);
	CREATE TABLE member(person TEXT NOT NULL REFERENCES person(id),
		team TEXT NOT NULL REFERENCES team(id), id TEXT NOT NULL, PRIMARY KEY(person, team));
	CREATE TABLE vote(id TEXT PRIMARY KEY, person TEXT NOT NULL REFERENCES person(id),
		yes BOOLEAN NOT NULL, UNIQUE(person, yes));`

// staff declares n people, and rows with keys that collide. The keys of members have half of their
// values left, the other keys hardly any.
func staff(n int) fill {
	return func(s *generate.Fixtures) {
		s.Many("person", "p", n, generate.Row{
			"badge": func(f *generate.Fake) any { return f.Int(1, 3*n/2) },
		})
		s.Many("secret", "s", n, nil)
		s.Many("profile", "p", n, nil)
		s.Many("team", "t", 10, nil)
		s.Many("member", "m", 5*n, nil)
		s.Many("vote", "v", 2*n-1, nil)
	}
}

// byID returns the rows of a database by their table and id.
func byID(d *database) map[string]string {
	out := map[string]string{}
	for row := range d.rows() {
		table, _, _ := strings.Cut(row, " ")
		_, id, _ := strings.Cut(row, `"id":`)
		id, _, _ = strings.Cut(id, " ")
		out[table+" "+id] = row
	}
	return out
}

// TestCollisionsInAnyOrder declares rows that compete for the same values in other orders. The
// database must be the same.
func TestCollisionsInAnyOrder(t *testing.T) {
	draw := func(least, greatest int) func(f *generate.Fake) any {
		return func(f *generate.Fake) any { return f.Int(least, greatest) }
	}
	declarations := []fill{
		func(s *generate.Fixtures) {
			s.Many("person", "a", 20, generate.Row{"badge": draw(1, 40)})
		},
		func(s *generate.Fixtures) { s.Add("person", "b", generate.Row{"badge": 7}) },
		func(s *generate.Fixtures) { s.Many("person", "c", 9, generate.Row{"badge": draw(1, 40)}) },
		func(s *generate.Fixtures) { s.Many("secret", "a", 15, nil) },
		func(s *generate.Fixtures) { s.Many("secret", "b", 14, nil) },
		func(s *generate.Fixtures) {
			s.Add("secret", "c", generate.Row{"person": s.Ref("person", "b")})
		},
		func(s *generate.Fixtures) { s.Many("team", "a", 5, nil) },
		func(s *generate.Fixtures) { s.Many("member", "a", 70, nil) },
		func(s *generate.Fixtures) {
			s.Many("member", "b", 4, generate.Row{"person": s.Ref("person", "b")})
		},
		func(s *generate.Fixtures) {
			s.Add("member", "c", generate.Row{"team": s.Ref("team", "a#2")})
		},
		func(s *generate.Fixtures) { s.Many("vote", "a", 50, nil) },
	}
	rows := func() map[string]bool {
		return write(t, options(office, func(s *generate.Fixtures) {
			for _, declare := range declarations {
				declare(s)
			}
		})).rows()
	}
	want := rows()
	random := rand.New(rand.NewPCG(1, 2))
	for range 10 {
		random.Shuffle(len(declarations), func(i, j int) {
			declarations[i], declarations[j] = declarations[j], declarations[i]
		})
		if diff := cmp.Diff(want, rows()); diff != "" {
			t.Fatal(diff)
		}
	}
}

// TestCollisionsMoveFewRows adds one row to rows with collisions. A reference that is left open may
// move to a new row. Few others may change: each that loses its value must find a free one.
func TestCollisionsMoveFewRows(t *testing.T) {
	const n, few = 100, 12
	const members, seeds = 5 * n, 5
	rows := func(seed int, fill fill) map[string]string {
		opts := options(office, fill)
		opts.Seed = fmt.Sprint(seed)
		return byID(write(t, opts))
	}
	var before []map[string]string
	for seed := range seeds {
		before = append(before, rows(seed, staff(n)))
	}
	for _, test := range []struct {
		name string
		add  fill
		most int // the greatest number of changes, on average
	}{
		{"a person", func(s *generate.Fixtures) { s.Add("person", "new", nil) }, 4 * few},
		{"a badge that is given", func(s *generate.Fixtures) {
			s.Add("person", "new", generate.Row{"badge": 70})
		}, 4 * few},
		{"a team", func(s *generate.Fixtures) { s.Add("team", "new", nil) }, 2 * members / 11},
		{"a member", func(s *generate.Fixtures) { s.Add("member", "new", nil) }, few},
		{"a member that is given", func(s *generate.Fixtures) {
			s.Add("member", "new",
				generate.Row{"person": s.Ref("person", "p#3"), "team": s.Ref("team", "t#4")})
		}, few},
		{"a vote", func(s *generate.Fixtures) { s.Add("vote", "new", nil) }, few},
	} {
		changed := 0
		for seed, rowsBefore := range before {
			after := rows(seed, func(s *generate.Fixtures) { staff(n)(s); test.add(s) })
			for id, row := range rowsBefore {
				if after[id] != row {
					changed++
				}
			}
		}
		if changed > test.most*seeds {
			t.Errorf("%s: %d of %d rows changed, want at most %d", test.name, changed/seeds,
				len(before[0]), test.most)
		}
		t.Logf("%s changed %d rows", test.name, changed/seeds)
	}
}

// TestSameBytesWithCollisions writes the same database twice.
func TestSameBytesWithCollisions(t *testing.T) {
	file := func() string {
		content, err := os.ReadFile(write(t, options(office, staff(30))).path)
		if err != nil {
			t.Fatal(err)
		}
		return string(content)
	}
	if want := file(); file() != want {
		t.Error("two runs made two files")
	}
}

// TestMatching fills tables until every value of a unique key is taken.
func TestMatching(t *testing.T) {
	many := func(counts ...any) fill {
		return func(s *generate.Fixtures) {
			for i := 0; i < len(counts); i += 2 {
				s.Many(counts[i].(string), "x", counts[i+1].(int), nil)
			}
		}
	}
	for _, test := range []struct {
		name, schema string
		fill         fill
		query, want  string
	}{
		{"one to one", office, many("person", 200, "secret", 200, "profile", 200),
			"SELECT count(DISTINCT person), (SELECT count(*) FROM profile) FROM secret", "200|200"},
		{"every pair", office, many("person", 20, "team", 30, "member", 600),
			"SELECT count(*) FROM member", "600"},
		{"every pair with a flag", office, many("person", 20, "vote", 40),
			"SELECT sum(yes) FROM vote", "20"},
		{"parts with all of another table", office, func(s *generate.Fixtures) {
			s.Many("team", "t", 10, nil)
			s.Many("person", "p", 3, nil, generate.Some("member", 10, 10, nil),
				generate.Some("vote", 2, 2, nil), generate.Has("secret", nil))
			s.Many("person", "q", 2, nil)
			s.Many("secret", "s", 2, nil)
		}, "SELECT count(*), (SELECT count(*) FROM secret) FROM member", "30|5"},
		{"those with the least choice first", office, func(s *generate.Fixtures) {
			s.Many("team", "t", 5, nil)
			s.Many("person", "p", 4, nil, generate.Some("member", 2, 2, nil))
			s.Many("member", "m", 12, nil)
		}, "SELECT count(*) FROM member", "20"},
		{"what is given comes first", office, func(s *generate.Fixtures) {
			s.Many("secret", "s", 29, nil)
			s.Many("person", "p", 30, nil)
			s.Add("secret", "given", generate.Row{"person": s.Ref("person", "p#7")})
		}, "SELECT count(*) FROM secret", "30"},
		{"what is given is never drawn", office, func(s *generate.Fixtures) {
			s.Many("person", "p", 30, generate.Row{
				"badge": func(f *generate.Fake) any { return f.Int(1, 40) },
			})
			s.Add("person", "first", generate.Row{"badge": 1})
			s.Add("person", "last", generate.Row{"badge": 40})
		}, "SELECT count(*) FROM person", "32"},
		{"rows of the schema's scripts", office + `INSERT INTO person VALUES ('a', 1, 'x'),
			('b', 2, 'y'); INSERT INTO team VALUES ('t', 'T'); INSERT INTO secret VALUES ('s', 'a');
			INSERT INTO member VALUES ('a', 't', 1)`,
			many("secret", 1, "member", 1), "SELECT group_concat(person) FROM secret", "a,b"},
		{"NULL where nothing else is free", `CREATE TABLE a(id INTEGER PRIMARY KEY);
			CREATE TABLE b(a INT UNIQUE REFERENCES a(id))`, many("a", 3, "b", 5),
			"SELECT count(*), count(a) FROM b", "5|3"},
		{"references that share a column", `
			CREATE TABLE tenant(id INTEGER PRIMARY KEY);
			CREATE TABLE person(tenant INT NOT NULL REFERENCES tenant, id INT,
				PRIMARY KEY(tenant, id));
			CREATE TABLE job(tenant INT NOT NULL REFERENCES tenant, id INT,
				PRIMARY KEY(tenant, id));
			CREATE TABLE does(tenant INT NOT NULL, person INT NOT NULL, job INT NOT NULL,
				FOREIGN KEY(tenant, person) REFERENCES person, UNIQUE(job, person, tenant),
				FOREIGN KEY(tenant, job) REFERENCES job)`, func(s *generate.Fixtures) {
			s.Many("tenant", "t", 3, nil, generate.Some("person", 4, 4, nil),
				generate.Some("job", 5, 5, nil))
			s.Many("does", "d", 60, nil)
		}, "SELECT count(*) FROM does", "60"},
		{"a row of the same table", `CREATE TABLE a(id INTEGER PRIMARY KEY,
			next INT NOT NULL UNIQUE REFERENCES a(id))`, many("a", 50),
			"SELECT count(*) FROM a", "50"},
		{"only as long as an index has the row", `CREATE TABLE a(id INTEGER PRIMARY KEY);
			CREATE TABLE b(a INT NOT NULL REFERENCES a(id), main BOOLEAN NOT NULL);
			CREATE UNIQUE INDEX i ON b(a) WHERE main`, many("a", 10, "b", 25),
			"SELECT count(*), max(n) FROM (SELECT sum(main) n FROM b GROUP BY a)", "10|1"},
		{"two keys", `CREATE TABLE a(id INTEGER PRIMARY KEY);
			CREATE TABLE b(x INT NOT NULL UNIQUE REFERENCES a(id),
				y INT NOT NULL REFERENCES a(id), z INT NOT NULL REFERENCES a(id),
				UNIQUE(x, y), UNIQUE(y, z))`, many("a", 30, "b", 30),
			"SELECT count(DISTINCT x) FROM b", "30"},
		{"after another constraint refused a choice", `CREATE TABLE a(id INTEGER PRIMARY KEY);
			CREATE TABLE b(a INT NOT NULL UNIQUE REFERENCES a(id), n INT NOT NULL);
			CREATE TRIGGER t BEFORE INSERT ON b WHEN new.n > 300 BEGIN
				SELECT raise(ABORT, 'no'); END`,
			many("a", 30, "b", 30), "SELECT count(DISTINCT a) FROM b", "30"},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := write(t, options(test.schema, test.fill)).one(test.query)
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestTooManyRows checks what is said of more rows than there are values.
func TestTooManyRows(t *testing.T) {
	got := mistakes(t, options(office, func(s *generate.Fixtures) {
		s.Many("person", "p", 200, nil)
		s.Many("secret", "s", 202, nil)
		s.Many("team", "t", 10, nil)
		s.Add("person", "q", nil, generate.Some("member", 11, 11, nil))
		s.Many("vote", "v", 500, nil)
	}))
	for i := range got {
		got[i] = regexp.MustCompile("#[0-9]+").ReplaceAllString(got[i], "#n")
	}
	want := []string{
		`secret/s#n: column "person" must differ from row to row: 202 rows, 201 possible`,
		`person/q/member#n: columns "person" and "team" must differ from row to row: ` +
			`11 rows, 10 possible`,
		`vote/v#n: columns "person" and "yes" must differ from row to row: ` +
			`500 rows, 402 possible`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
