package generate_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seedkit/seedkit/generate"
)

const roles = `
	CREATE TABLE role(id INTEGER PRIMARY KEY, name TEXT NOT NULL, label TEXT);
	INSERT INTO role VALUES (3, 'admin', NULL), (5, 'user', 'x'),
		(7, 'twin', 'y'), (8, 'twin', 'z');
	CREATE TABLE user(id INTEGER PRIMARY KEY, name TEXT UNIQUE, role INTEGER REFERENCES role);
	CREATE TABLE user_role(user INTEGER NOT NULL REFERENCES user, role INTEGER NOT NULL REFERENCES
		role, kind TEXT NOT NULL, created_at DATETIME NOT NULL, PRIMARY KEY(user, role));`

func TestExisting(t *testing.T) {
	d := write(t, options(roles, func(s *generate.Fixtures) {
		admin := s.Existing("ROLE", generate.Row{"name": "admin", "label": nil})
		twin := s.Existing("role", generate.Row{"NAME": "twin", "id": 8})
		s.Add("user", "a", generate.Row{"name": "a", "role": admin})
		s.Add("user", "b", generate.Row{
			"name": "b", "role": func(f *generate.Fake) any { return twin },
		}, generate.Link(admin, twin).With(generate.Row{"KIND": "own"}))
		s.Many("user", "c", 2, generate.Row{
			"role": func(f *generate.Fake) any {
				return generate.Nth(f, []generate.Ref{admin, twin})
			},
		})
	}))
	want := []string{"3", "3", "8", "8"}
	if diff := cmp.Diff(want, d.query("SELECT role FROM user ORDER BY role")); diff != "" {
		t.Errorf("references (-want +got):\n%s", diff)
	}
	want = []string{"b|3|own|1", "b|8|own|1"}
	if diff := cmp.Diff(want, d.query(`SELECT u.name, j.role, kind, created_at <= '2025-01-02'
		FROM user_role j JOIN user u ON u.id = user ORDER BY 2`)); diff != "" {
		t.Errorf("links (-want +got):\n%s", diff)
	}
	if got := d.one("SELECT count(*) FROM role"); got != "4" {
		t.Errorf("%s roles, want 4", got)
	}
}

// TestExistingIdentifies gives a fixture the key of an existing row as part of its own key. The
// fixture adopts the row with that key.
func TestExistingIdentifies(t *testing.T) {
	d := write(t, options(`CREATE TABLE a(id INTEGER PRIMARY KEY, name TEXT);
		CREATE TABLE b(a INTEGER REFERENCES a, n INTEGER, note TEXT, UNIQUE(a, n));
		INSERT INTO a VALUES(7, 'x');
		INSERT INTO b VALUES(7, 1, 'there')`,
		func(s *generate.Fixtures) {
			x := s.Existing("a", generate.Row{"name": "x"})
			s.Add("b", "one", generate.Row{"a": x, "n": 1})
			s.Add("b", "two", generate.Row{"a": x, "n": 2, "note": "new"})
		}))
	want := []string{"7|1|there", "7|2|new"}
	if diff := cmp.Diff(want, d.query("SELECT * FROM b ORDER BY n")); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
}

func TestExistingMistakes(t *testing.T) {
	got := mistakes(t, options(roles, func(s *generate.Fixtures) {
		s.Existing("role", generate.Row{"name": "usr"})
		s.Existing("role", generate.Row{"name": "twin"})
		s.Existing("role", generate.Row{"name": "user", "label": nil})
		s.Existing("roll", generate.Row{"name": "user"})
		s.Existing("role", generate.Row{"nam": "user"})
		s.Existing("role", generate.Row{"name": s.Ref("role", "x")})
		s.Existing("user", generate.Row{"name": "later"})
		s.Add("user", "u", generate.Row{"name": "later"},
			generate.Link(s.Existing("role", generate.Row{"id": 9})).With(
				generate.Row{"kind": "k", "role": 1, "knd": 2}))
	}))
	want := []string{
		`user/u/user_role/role/9: table user_role has no column "knd" (did you mean kind?)`,
		`user/u/user_role/role/9: column "role" is a reference of the link itself`,
		`role(name="usr"): the schema's scripts insert no such row (did you mean user?)`,
		`role(name="twin"): the schema's scripts insert several such rows`,
		`role(label=NULL, name="user"): the schema's scripts insert no such row`,
		`roll(name="user"): there is no table "roll" (did you mean role?)`,
		`role(nam="user"): table role has no column "nam" (did you mean name?)`,
		`role(name=role/x): column "name": Existing wants values, not a generate.Ref`,
		`user(name="later"): the schema's scripts insert no such row`,
		`role(id=9): the schema's scripts insert no such row`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("mistakes (-want +got):\n%s", diff)
	}
}

// TestLinkFillsTimes checks that timestamps of a joining table need no With.
func TestLinkFillsTimes(t *testing.T) {
	d := write(t, options(`CREATE TABLE a(id INTEGER PRIMARY KEY);
		CREATE TABLE b(id INTEGER PRIMARY KEY);
		CREATE TABLE ab(id INTEGER PRIMARY KEY, a INTEGER NOT NULL REFERENCES a,
			b INTEGER NOT NULL REFERENCES b, created_at DATETIME NOT NULL,
			updated_at DATETIME NOT NULL)`,
		func(s *generate.Fixtures) {
			s.Add("a", "x", nil, generate.Link(s.Add("b", "y", nil)))
		}))
	if got := d.one("SELECT count(*), created_at <= updated_at FROM ab"); got != "1|1" {
		t.Errorf("%s, want one link that is updated after its creation", got)
	}
}

// TestRefInJSON checks that a reference within a list is no silent {}.
func TestRefInJSON(t *testing.T) {
	got := mistakes(t, options(roles, func(s *generate.Fixtures) {
		s.Add("user", "u", generate.Row{"name": []any{s.Existing("role", generate.Row{"id": 3})}})
	}))
	want := []string{
		`user/u: column "name": json: error calling MarshalJSON for type generate.Ref: ` +
			`role(id=3) within a map or a slice does not become a key`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("mistakes (-want +got):\n%s", diff)
	}
}
