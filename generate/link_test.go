package generate_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seedkit/seedkit/generate"
)

// TestLinks links rows by join tables with more columns, and by columns that only their names make
// references.
func TestLinks(t *testing.T) {
	const tables = "CREATE TABLE users(id INTEGER PRIMARY KEY); " +
		"CREATE TABLE roles(id INTEGER PRIMARY KEY);"
	link := func(s *generate.Fixtures) {
		admin := s.Add("roles", "admin", nil)
		s.Many("users", "u", 2, nil, generate.Link(admin, s.Ref("roles", "other")))
		s.Add("roles", "other", nil)
	}
	for _, test := range []struct {
		name, schema string
		fill         fill
		query, want  string
	}{
		{"times", `CREATE TABLE assignments(id INTEGER PRIMARY KEY,
			user_id INTEGER NOT NULL REFERENCES users(id),
			role_id INTEGER NOT NULL REFERENCES roles(id), created_at DATETIME NOT NULL,
			updated_at DATETIME NOT NULL)`, link,
			"SELECT count(*), sum(created_at <= updated_at) FROM assignments", "4|4"},
		{"a column that must be given", `CREATE TABLE assignments(
			user_id INTEGER NOT NULL REFERENCES users(id),
			role_id INTEGER NOT NULL REFERENCES roles(id), kind TEXT NOT NULL)`, link,
			"SELECT count(*), count(kind) FROM assignments", "4|4"},
		{"no declared keys", `CREATE TABLE users_roles(user_id INTEGER, role_id INTEGER)`, link,
			"SELECT count(*) FROM users_roles JOIN users u ON u.id = user_id " +
				"JOIN roles r ON r.id = role_id", "4"},
		{"no pair twice", `CREATE TABLE users_roles(user_id INTEGER, role_id INTEGER, at DATETIME)`,
			func(s *generate.Fixtures) {
				s.Many("roles", "r", 5, nil)
				s.Many("users", "u", 4, nil, generate.Link(s.Ref("roles", "r#2")),
					generate.Some("users_roles", 2, 2, nil))
				s.Many("users_roles", "x", 7, nil)
			}, "SELECT count(*), count(DISTINCT user_id || ' ' || role_id) FROM users_roles",
			"19|19"},
		{"more rows than pairs", `CREATE TABLE users_roles(user_id INTEGER, role_id INTEGER)`,
			func(s *generate.Fixtures) {
				s.Many("roles", "r", 2, nil)
				s.Many("users", "u", 2, nil)
				s.Many("users_roles", "x", 5, nil)
			}, "SELECT count(*), count(DISTINCT user_id || ' ' || role_id) FROM users_roles",
			"5|4"},
		{"parts without a declared key", `CREATE TABLE posts(id INTEGER PRIMARY KEY,
			userId INTEGER NOT NULL, role_id TEXT NOT NULL)`, func(s *generate.Fixtures) {
			s.Add("users", "u", nil, generate.Some("posts", 3, 3, nil))
			s.Many("users", "v", 3, nil)
			s.Many("posts", "p", 30, nil)
		}, `SELECT count(*), sum(userId IN (SELECT id FROM users)), count(DISTINCT userId),
			sum(typeof(role_id) = 'text') FROM posts`, "33|33|4|33"},
		{"no row to choose", `CREATE TABLE posts(id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL,
			role_id INTEGER NOT NULL REFERENCES roles)`, func(s *generate.Fixtures) {
			s.Add("roles", "r", nil)
			s.Many("posts", "p", 3, nil)
		}, "SELECT count(user_id) FROM posts", "3"},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := write(t, options(tables+test.schema, test.fill)).one(test.query)
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}
