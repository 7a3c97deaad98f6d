package apply_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seedkit/seedkit/apply"
	"github.com/seedkit/seedkit/internal/testdb"
)

// What the tables say without ids: who wrote which post with which tag, and who is whose boss.
const (
	randomTables = `
		CREATE TABLE users(id %[1]s PRIMARY KEY, email TEXT NOT NULL UNIQUE COLLATE NOCASE,
			boss REFERENCES users(id) DEFERRABLE INITIALLY DEFERRED);
		CREATE TABLE posts(id %[1]s PRIMARY KEY, author NOT NULL REFERENCES users(id),
			slug TEXT NOT NULL, UNIQUE(author, slug));
		CREATE TABLE tags(post REFERENCES posts(id), tag TEXT, PRIMARY KEY(post, tag))
			WITHOUT ROWID;`
	randomFacts = `
		SELECT lower(u.email) || ' works for ' || coalesce(lower(b.email), 'nobody')
			FROM users u LEFT JOIN users b ON b.id = u.boss
		UNION ALL SELECT lower(email) || ' wrote ' || slug || ' tagged ' || coalesce(tag, 'nothing')
			FROM posts JOIN users ON users.id = author LEFT JOIN tags ON post = posts.id
		UNION ALL SELECT 'dangling ' || "table" FROM pragma_foreign_key_check
		ORDER BY 1`
	randomRows = "SELECT id || ' ' || email || ' ' || coalesce(boss, '') FROM users UNION ALL " +
		"SELECT id || ' ' || author || ' ' || slug FROM posts UNION ALL " +
		"SELECT post || ' ' || tag FROM tags ORDER BY 1"
)

// randomSide makes the rows of a seed or of a target. A user has the same boss, posts and tags on
// both sides, and another id.
func randomSide(chance *rand.Rand, id func(table string, n int) string, upper bool) string {
	var b strings.Builder
	here := map[int]bool{}
	for u := 9; u >= 0; u-- { // a boss comes before those who work for him
		here[u] = chance.IntN(3) > 0 && (u%3 == 0 || here[u-u%3+3] || u-u%3+3 > 9)
	}
	for u := range 10 {
		if !here[u] {
			continue
		}
		email, boss := fmt.Sprintf("u%d@example.com", u), "NULL"
		if upper && chance.IntN(2) > 0 {
			email = strings.ToUpper(email)
		}
		if over := u - u%3 + 3; u%3 > 0 && over <= 9 {
			boss = id("users", over)
		}
		fmt.Fprintf(&b, "INSERT INTO users VALUES(%s, '%s', %s);\n", id("users", u), email, boss)
		for p := range u % 4 {
			post := id("posts", 4*u+p)
			fmt.Fprintf(&b, "INSERT INTO posts VALUES(%s, %s, 'p%d');\n", post, id("users", u), p)
			fmt.Fprintf(&b, "INSERT INTO tags VALUES(%s, 't'), (%s, 's%d');\n", post, post, u)
		}
	}
	return b.String()
}

// TestPoliciesAtRandom applies random seeds to random targets. The target then says what it said
// and what the seed says, its own rows are as they were, and a second run is a no-op.
func TestPoliciesAtRandom(t *testing.T) {
	rounds := 40
	if testing.Short() {
		rounds = 10
	}
	for round := range rounds {
		chance := rand.New(rand.NewPCG(uint64(round), 12))
		kind, policy := "INTEGER", apply.Renumber
		ids := func(prefix string) func(string, int) string {
			order := map[string][]int{"users": chance.Perm(12), "posts": chance.Perm(50)}
			return func(table string, n int) string { return fmt.Sprint(order[table][n] + 1) }
		}
		if round%2 == 0 {
			kind, policy = "TEXT", apply.Adopt
			ids = func(prefix string) func(string, int) string {
				return func(table string, n int) string { return fmt.Sprintf("'%s%d'", prefix, n) }
			}
		}
		tables := fmt.Sprintf(randomTables, kind)
		live := randomSide(chance, ids("live"), false)
		seed := randomSide(chance, ids("dev"), policy == apply.Adopt)
		if seed == "" {
			continue
		}
		db := testdb.Make(t, "delete", tables+live)
		both := testdb.Make(t, "delete", tables+seed)
		want := union(query(t, db, randomFacts), query(t, both, randomFacts))
		before := query(t, db, randomRows)
		opts := apply.Options{OnConflict: policy}
		if _, err := script(t, db, seed, opts); err != nil {
			t.Fatalf("round %d: %v\n%s\n%s", round, err, live, seed)
		}
		if diff := cmp.Diff(want, query(t, db, randomFacts)); diff != "" {
			t.Fatalf("round %d: %s\n%s\n%s", round, diff, live, seed)
		}
		after := query(t, db, randomRows)
		for line := range strings.Lines(before) {
			if !strings.Contains("\n"+after, "\n"+line) {
				t.Errorf("round %d: the row %s is not as it was", round, line)
			}
		}
		again, err := script(t, db, seed, opts)
		if err != nil || again.Plan.Changes() != 0 || query(t, db, randomRows) != after {
			t.Errorf("round %d: again: %+v, %v", round, again.Plan.Tables, err)
		}
	}
}

// union returns the lines of both texts in order, each once.
func union(a, b string) string {
	lines := strings.SplitAfter(a+b, "\n")
	slices.Sort(lines)
	return strings.Join(slices.Compact(lines), "")
}
