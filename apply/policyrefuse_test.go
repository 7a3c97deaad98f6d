package apply_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seedkit/seedkit/apply"
	"github.com/seedkit/seedkit/internal/testdb"
)

func TestPoliciesRefuseTheWhole(t *testing.T) {
	const roles = `CREATE TABLE r(id TEXT PRIMARY KEY, name TEXT UNIQUE COLLATE NOCASE);
		CREATE TABLE g(r TEXT REFERENCES r, what, PRIMARY KEY(r, what));
		INSERT INTO r VALUES('live', 'admin');`
	const loose = `CREATE TABLE r(id TEXT PRIMARY KEY, name TEXT UNIQUE);`
	const settings = `CREATE TABLE r(id INTEGER PRIMARY KEY, name UNIQUE);
		CREATE TABLE setting(r INTEGER PRIMARY KEY REFERENCES r,
			color NOT NULL CHECK(color <> 'x'));
		INSERT INTO r VALUES(7, 'admin'); INSERT INTO setting VALUES(7, 'red');`
	tests := []struct {
		name, live, seed string
		opts             apply.Options
		want             string
	}{
		{"two rows are one in the target", roles,
			loose + "INSERT INTO r VALUES('a', 'Admin'), ('b', 'admin');",
			apply.Options{OnConflict: apply.Adopt},
			`adopt r: two rows of the seed would be one row of the target, ` +
				`the one with id = "live"`},
		{"a row is one in the target with a row that has the id already", roles,
			loose + "INSERT INTO r VALUES('a', 'Admin'), ('live', 'admin');",
			apply.Options{OnConflict: apply.Adopt},
			`adopt r: two rows of the seed would be one row of the target, ` +
				`the one with id = "live"`},
		{"a reference is a key that is taken then", settings,
			"INSERT INTO r VALUES(1, 'admin'); INSERT INTO setting VALUES(1, 'blue');",
			apply.Options{OnConflictIn: map[string]apply.Policy{"r": apply.Adopt}},
			"1 row is in conflict with rows of the target; the first: " +
				"setting with r = 7 is there with another color"},
		{"keys refer to each other",
			`CREATE TABLE a(id INTEGER PRIMARY KEY REFERENCES b, x UNIQUE);
			CREATE TABLE b(id INTEGER PRIMARY KEY REFERENCES a, y UNIQUE);
			INSERT INTO a VALUES(1, 1); INSERT INTO b VALUES(1, 1);`,
			"INSERT INTO a VALUES(2, 2); INSERT INTO b VALUES(2, 2);",
			apply.Options{OnConflict: apply.Adopt},
			"the keys of a and b refer to each other in a circle, so no policy can change them"},
		{"the target refuses an update", settings,
			"CREATE TABLE setting(r INTEGER PRIMARY KEY, color);" +
				"INSERT INTO setting VALUES(7, 'x');", apply.Options{OnConflict: apply.Update},
			"update setting with r = 7: CHECK constraint failed: color <> 'x'"},
		{"an update dangles", `CREATE TABLE r(id INTEGER PRIMARY KEY);
			CREATE TABLE g(id INTEGER PRIMARY KEY, r REFERENCES r);
			INSERT INTO r VALUES(1); INSERT INTO g VALUES(1, 1);`,
			"INSERT INTO g VALUES(1, 2);", apply.Options{OnConflict: apply.Update},
			"update g with id = 1: there is no row of r for r = 2"},
		{"an update stores another value",
			"CREATE TABLE g(id INTEGER PRIMARY KEY, n INTEGER); INSERT INTO g VALUES(1, 1);",
			"CREATE TABLE g(id INTEGER PRIMARY KEY, n TEXT); INSERT INTO g VALUES(1, '2');",
			apply.Options{OnConflict: apply.Update},
			`update g with id = 1: the target's column n stores "2" as 2`},
		{"a trigger fires on an update", `CREATE TABLE g(id INTEGER PRIMARY KEY, n);
			CREATE TRIGGER no AFTER UPDATE ON g BEGIN SELECT 1; END; INSERT INTO g VALUES(1, 1);`,
			"INSERT INTO g VALUES(1, 2);", apply.Options{OnConflict: apply.Update},
			"the rows would fire triggers of the target: no (on g)"},
		{"a reference that is not declared",
			`CREATE TABLE users(id INTEGER PRIMARY KEY, name UNIQUE);
			CREATE TABLE posts(id INTEGER PRIMARY KEY, user_id INT, title);
			INSERT INTO users VALUES(1, 'live');`,
			"INSERT INTO users VALUES(1, 'ann'); INSERT INTO posts VALUES(5, 1, 'a');",
			apply.Options{OnConflict: apply.Renumber},
			"posts.user_id of the row with id = 5 seems to refer to the row of users with " +
				"id = 1, which is 2 in the target, but no foreign key says so"},
		{"a reference by another name that is not declared",
			`CREATE TABLE user(id INTEGER PRIMARY KEY, name UNIQUE);
			CREATE TABLE post(id INTEGER PRIMARY KEY, author_id INTEGER, title);
			INSERT INTO user VALUES(1, 'live');`,
			"INSERT INTO user VALUES(1, 'ann'); INSERT INTO post VALUES(5, 1, 'a');",
			apply.Options{OnConflict: apply.Renumber},
			"post.author_id of the row with id = 5 seems to refer to the row of user with " +
				"id = 1, which is 2 in the target, but no foreign key says so"},
		{"a reference by a type and an id",
			`CREATE TABLE users(id INTEGER PRIMARY KEY, name UNIQUE);
			CREATE TABLE notes(id INTEGER PRIMARY KEY, subject_type, subject_id INT);
			INSERT INTO users VALUES(7, 'ann');`,
			"INSERT INTO users VALUES(1, 'ann'); INSERT INTO notes VALUES(5, 'Page', 1), " +
				"(6, 'App\\Models\\User', 1);",
			apply.Options{OnConflict: apply.Adopt},
			"notes.subject_id of the row with id = 6 seems to refer to the row of users with " +
				"id = 1, which is 7 in the target, but no foreign key says so"},
		{"an update that another row of the seed undoes",
			`CREATE TABLE p(hash, user TEXT COLLATE NOCASE UNIQUE); INSERT INTO p VALUES(1, 'a');`,
			"CREATE TABLE p(hash, user UNIQUE); INSERT INTO p VALUES(2, 'a'), (3, 'A');",
			apply.Options{OnConflict: apply.Update},
			"insert into p: it is not in the target as the seed has it"},
		{"an unknown policy", roles, "INSERT INTO r VALUES('a', 'x');",
			apply.Options{OnConflict: "adoptt"}, "there is no policy adoptt (did you mean adopt?)"},
		{"an unknown table", roles, "INSERT INTO r VALUES('a', 'x');",
			apply.Options{OnConflictIn: map[string]apply.Policy{"gg": apply.Adopt}},
			"the target has no table gg for the policy adopt"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			err := refusesByPolicy(t, testdb.Make(t, "wal", test.live), test.seed, test.opts)
			if diff := cmp.Diff(test.want, err.Error()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestUpdateOverwritesOnlyWhatThePlanShowed changes a row after the plan.
func TestUpdateOverwritesOnlyWhatThePlanShowed(t *testing.T) {
	const live = "CREATE TABLE g(id INTEGER PRIMARY KEY, n); INSERT INTO g VALUES(1, 1), (2, 2);"
	const seed = "INSERT INTO g VALUES(1, 10), (2, 20);"
	for _, change := range []string{
		"UPDATE g SET n = 5 WHERE id = 1", "UPDATE g SET n = 10 WHERE id = 1",
	} {
		db := testdb.Make(t, "wal", live)
		_, err := script(t, db, seed, apply.Options{
			OnConflict: apply.Update,
			Confirm: func(apply.Plan) (bool, error) {
				testdb.Change(t, db, change)
				return true, nil
			},
		})
		if !errors.Is(err, apply.ErrUpdatesChanged) {
			t.Errorf("%s: got %v, want ErrUpdatesChanged", change, err)
		}
		if got := query(t, db, "SELECT n FROM g WHERE id = 2"); got != "2\n" {
			t.Errorf("%s: the other row is %s", change, got)
		}
	}
}

// TestAdoptFollowsWhatTheTargetHasNow gives the role another id after the plan.
func TestAdoptFollowsWhatTheTargetHasNow(t *testing.T) {
	db := testdb.Make(t, "wal", `CREATE TABLE r(id INTEGER PRIMARY KEY, name UNIQUE);
		CREATE TABLE team(id INTEGER PRIMARY KEY, r REFERENCES r, name, UNIQUE(r, name));
		CREATE TABLE g(id INTEGER PRIMARY KEY, team REFERENCES team);
		INSERT INTO r VALUES(5, 'admin'); INSERT INTO team VALUES(8, 5, 'red');`)
	_, err := script(t, db, "INSERT INTO r VALUES(1, 'admin');"+
		"INSERT INTO team VALUES(1, 1, 'red'); INSERT INTO g VALUES(1, 1);",
		apply.Options{OnConflict: apply.Adopt, Confirm: func(apply.Plan) (bool, error) {
			testdb.Change(t, db, "UPDATE r SET id = 6; UPDATE team SET id = 9, r = 6")
			return true, nil
		}})
	if got := query(t, db, "SELECT team FROM g"); err != nil || got != "9\n" {
		t.Errorf("got %s, %v", got, err)
	}
	if got := query(t, db, "SELECT count(*) FROM team"); got != "1\n" {
		t.Errorf("there are %s teams", got)
	}
}

// choose makes a choice of pairs of a table's name and a policy.
func choose(pairs ...any) (c apply.Choice) {
	for i := 0; i < len(pairs); i += 2 {
		p := apply.TablePolicy{Table: pairs[i].(string), Policy: pairs[i+1].(apply.Policy)}
		c.Policies = append(c.Policies, p)
	}
	return c
}

func TestHelp(t *testing.T) {
	const tables = `CREATE TABLE r(id INTEGER PRIMARY KEY, name UNIQUE, about);
		CREATE TABLE g(r INT REFERENCES r, who, PRIMARY KEY(r, who));
		CREATE TABLE log(id INTEGER PRIMARY KEY, what);
		INSERT INTO r VALUES(1, 'user', ''), (2, 'admin', ''); INSERT INTO log VALUES(1, 'a');`
	tests := []struct {
		name, seed string
		opts       apply.Options
		want       []apply.Choice
		canSkip    bool
	}{
		{"another id", "INSERT INTO r VALUES(3, 'admin', ''); INSERT INTO g VALUES(3, 'ann');",
			apply.Options{}, []apply.Choice{choose("r", apply.Adopt)}, false},
		{"an id that is taken",
			"INSERT INTO r VALUES(1, 'guest', ''); INSERT INTO g VALUES(1, 'ann');",
			apply.Options{}, []apply.Choice{choose("r", apply.Renumber)}, false},
		{"other values", "INSERT INTO r VALUES(1, 'user', 'all');", apply.Options{},
			[]apply.Choice{choose("r", apply.Update), choose("r", apply.Skip)}, true},
		{"of two kinds", "INSERT INTO r VALUES(3, 'admin', ''); INSERT INTO log VALUES(1, 'b');",
			apply.Options{}, []apply.Choice{
				choose("r", apply.Adopt, "log", apply.Update),
				choose("r", apply.Adopt, "log", apply.Skip),
			}, true},
		{"a stranger", "INSERT INTO r VALUES(3, 'admin', ''); INSERT INTO g VALUES(3, 'ann');",
			apply.Options{OnConflict: apply.Skip}, []apply.Choice{choose("r", apply.Adopt)}, false},
		{"both another id and an id that is taken",
			"INSERT INTO r VALUES(3, 'admin', 'all'), (1, 'guest', '');",
			apply.Options{}, []apply.Choice{choose("r", apply.Skip)}, true},
		{"a policy that does not help",
			"INSERT INTO r VALUES(1, 'admin', ''), (2, 'guest', '');" +
				"INSERT INTO g VALUES(1, 'ann'), (2, 'bob');",
			apply.Options{OnConflict: apply.Adopt}, []apply.Choice{choose("r", apply.Renumber)},
			false},
		{"none", "INSERT INTO r VALUES(3, 'admin', 'all'), (1, 'guest', '');" +
			"INSERT INTO g VALUES(1, 'ann'), (3, 'ann');", apply.Options{}, nil, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			db := testdb.Make(t, "wal", tables)
			refusesByPolicy(t, db, test.seed, test.opts)
			opts := test.opts
			result, _ := script(t, db, test.seed, opts)
			if diff := cmp.Diff(test.want, result.Plan.Help); diff != "" {
				t.Error(diff)
			}
			if result.Plan.CanSkip != test.canSkip {
				t.Errorf("got CanSkip %v, want %v", result.Plan.CanSkip, test.canSkip)
			}
			for _, choice := range result.Plan.Help {
				opts.OnConflictIn = map[string]apply.Policy{}
				for _, p := range choice.Policies {
					opts.OnConflictIn[p.Table] = p.Policy
				}
				if _, err := script(t, testdb.Make(t, "wal", tables), test.seed, opts); err != nil {
					t.Errorf("with %v: %v", choice, err)
				}
			}
		})
	}
}

// TestHelpIsBounded has more rows in conflict than the plan tries policies for.
func TestHelpIsBounded(t *testing.T) {
	const rows = `CREATE TABLE t(id INTEGER PRIMARY KEY, a);
		WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d)
		INSERT INTO t SELECT i, '%s' FROM n`
	for n, want := range map[int]int{50: 1, 10_001: 0} {
		db := testdb.Make(t, "delete", fmt.Sprintf(rows, n, "there"))
		seed := testdb.Make(t, "delete", fmt.Sprintf(rows, n, "seed"))
		plan, err := apply.Preview(t.Context(), seed, db, apply.Options{})
		conflicts, ok := errors.AsType[*apply.ConflictsError](err)
		if !ok || int(conflicts.Total) != n || !plan.CanSkip {
			t.Fatalf("%d rows: got %v", n, err)
		}
		if got := min(1, len(plan.Help)); got != want {
			t.Errorf("%d rows in conflict: got help %v", n, plan.Help)
		}
	}
}
