package apply_test

import (
	"errors"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seedkit/seedkit/apply"
	"github.com/seedkit/seedkit/dump"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/testdb"
)

// The Epic Stack's roles, with the ids of cuid, and Rails' tables, with integers.
const (
	epicTables = `
		CREATE TABLE "Role" ("id" TEXT NOT NULL PRIMARY KEY, "name" TEXT NOT NULL,
			"description" TEXT NOT NULL DEFAULT '');
		CREATE UNIQUE INDEX "Role_name_key" ON "Role"("name");
		CREATE TABLE "Permission" ("id" TEXT NOT NULL PRIMARY KEY, "action" TEXT NOT NULL,
			"entity" TEXT NOT NULL, "access" TEXT NOT NULL, "description" TEXT DEFAULT '');
		CREATE UNIQUE INDEX "Permission_key" ON "Permission"("action", "entity", "access");
		CREATE TABLE "User" ("id" TEXT NOT NULL PRIMARY KEY, "email" TEXT NOT NULL);
		CREATE UNIQUE INDEX "User_email_key" ON "User"("email");
		CREATE TABLE "_PermissionToRole" ("A" TEXT NOT NULL, "B" TEXT NOT NULL,
			FOREIGN KEY ("A") REFERENCES "Permission" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
			FOREIGN KEY ("B") REFERENCES "Role" ("id") ON DELETE CASCADE ON UPDATE CASCADE);
		CREATE UNIQUE INDEX "_PermissionToRole_AB" ON "_PermissionToRole"("A", "B");
		CREATE TABLE "_RoleToUser" ("A" TEXT NOT NULL, "B" TEXT NOT NULL,
			FOREIGN KEY ("A") REFERENCES "Role" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
			FOREIGN KEY ("B") REFERENCES "User" ("id") ON DELETE CASCADE ON UPDATE CASCADE);
		CREATE UNIQUE INDEX "_RoleToUser_AB" ON "_RoleToUser"("A", "B");`
	epicLive = epicTables + `
		INSERT INTO "Role" VALUES ('live-user', 'user', ''), ('live-admin', 'admin', 'theirs');
		INSERT INTO "Permission" VALUES ('live-read', 'read', 'note', 'own', '');
		INSERT INTO "User" VALUES ('live-kody', 'kody@example.com');
		INSERT INTO "_PermissionToRole" VALUES ('live-read', 'live-user');`
	epicSeed = `
		INSERT INTO "Role" VALUES ('dev-admin', 'admin', 'ours'), ('dev-user', 'user', ''),
			('dev-guest', 'guest', '');
		INSERT INTO "Permission" VALUES ('dev-read', 'read', 'note', 'own', ''),
			('dev-any', 'read', 'note', 'any', '');
		INSERT INTO "User" VALUES ('dev-kody', 'kody@example.com'), ('dev-hal', 'hal@example.com');
		INSERT INTO "_PermissionToRole" VALUES ('dev-read', 'dev-user'), ('dev-any', 'dev-admin'),
			('dev-read', 'dev-guest');
		INSERT INTO "_RoleToUser" VALUES ('dev-admin', 'dev-kody'), ('dev-guest', 'dev-hal');`
	railsTables = `
		CREATE TABLE "users" ("id" integer PRIMARY KEY AUTOINCREMENT NOT NULL,
			"email" varchar NOT NULL, "boss_id" integer REFERENCES "users" ("id"));
		CREATE UNIQUE INDEX "index_users_on_email" ON "users" ("email");
		CREATE TABLE "posts" ("id" integer PRIMARY KEY AUTOINCREMENT NOT NULL,
			"user_id" integer NOT NULL, "slug" varchar NOT NULL, "body" text,
			CONSTRAINT "fk" FOREIGN KEY ("user_id") REFERENCES "users" ("id"));
		CREATE UNIQUE INDEX "index_posts" ON "posts" ("user_id", "slug");
		CREATE TABLE "tags_of_posts" ("post_id" integer NOT NULL REFERENCES "posts" ("id"),
			"tag" varchar NOT NULL, PRIMARY KEY ("post_id", "tag"));`
	railsLive = railsTables + `
		INSERT INTO "users" VALUES (1, 'live@example.com', NULL), (2, 'ann@example.com', NULL);
		INSERT INTO "posts" VALUES (1, 1, 'hello', 'live'), (2, 2, 'hello', 'a');`
	railsSeed = `
		INSERT INTO "users" VALUES (1, 'ann@example.com', NULL), (2, 'bob@example.com', 3),
			(3, 'cid@example.com', NULL);
		INSERT INTO "posts" VALUES (1, 2, 'first', 'b'), (2, 1, 'hello', 'a'), (9, 3, 'ninth', 'c');
		INSERT INTO "tags_of_posts" VALUES (1, 'x'), (2, 'y'), (9, 'z');`
)

type policyTest struct {
	name, live, seed string
	opts             apply.Options
	want             []apply.TablePlan // of the tables that have more than new and identical rows
	queries          map[string]string // and what they return
}

var policyTests = []policyTest{
	{"the Epic Stack's roles have other ids", epicLive, epicSeed,
		apply.Options{OnConflict: apply.Adopt},
		[]apply.TablePlan{
			{Table: "Role", New: 1, Adopted: 2},
			{Table: "Permission", New: 1, Adopted: 1},
			{Table: "User", New: 1, Adopted: 1},
		},
		map[string]string{
			"SELECT id || ' ' || name || ' ' || description FROM Role ORDER BY id": "" +
				"dev-guest guest \nlive-admin admin theirs\nlive-user user \n",
			"SELECT A || ' ' || B FROM _PermissionToRole ORDER BY 1": "dev-any live-admin\n" +
				"live-read dev-guest\nlive-read live-user\n",
			"SELECT A || ' ' || B FROM _RoleToUser ORDER BY 1": "dev-guest dev-hal\n" +
				"live-admin live-kody\n",
		}},
	{"update writes values, and keeps ids", epicLive, epicSeed,
		apply.Options{OnConflict: apply.Adopt, OnConflictIn: map[string]apply.Policy{
			"role": apply.Update,
		}},
		[]apply.TablePlan{
			{Table: "Role", New: 1, Adopted: 1, Updated: 1},
			{Table: "Permission", New: 1, Adopted: 1},
			{Table: "User", New: 1, Adopted: 1},
		},
		map[string]string{
			"SELECT id || ' ' || name || ' ' || description FROM Role ORDER BY id": "" +
				"dev-guest guest \nlive-admin admin ours\nlive-user user \n",
			"SELECT A || ' ' || B FROM _RoleToUser ORDER BY 1": "dev-guest dev-hal\n" +
				"live-admin live-kody\n",
		}},
	{"Rails' ids are taken", railsLive, railsSeed,
		apply.Options{OnConflict: apply.Renumber},
		[]apply.TablePlan{
			{Table: "users", New: 2, Adopted: 1, Renumbered: 1},
			{Table: "posts", New: 2, Identical: 1, Renumbered: 1},
		},
		map[string]string{
			"SELECT id || ' ' || email || ' ' || coalesce(boss_id, '') FROM users ORDER BY id": "" +
				"1 live@example.com \n2 ann@example.com \n" +
				"3 cid@example.com \n4 bob@example.com 3\n",
			"SELECT email || ' ' || posts.id || ' ' || slug || ' ' || body FROM posts " +
				"JOIN users ON users.id = user_id ORDER BY 1": "ann@example.com 2 hello a\n" +
				"bob@example.com 10 first b\ncid@example.com 9 ninth c\n" +
				"live@example.com 1 hello live\n",
			"SELECT post_id || tag FROM tags_of_posts ORDER BY 1": "10x\n2y\n9z\n",
		}},
	{"ids are swapped",
		`CREATE TABLE r(id INTEGER PRIMARY KEY, name UNIQUE);
		CREATE TABLE g(id INTEGER PRIMARY KEY, r INT REFERENCES r);
		INSERT INTO r VALUES(1, 'user'), (2, 'admin');`,
		"INSERT INTO r VALUES(1, 'admin'), (2, 'user'); INSERT INTO g VALUES(5, 1), (6, 2);",
		apply.Options{OnConflict: apply.Adopt},
		[]apply.TablePlan{{Table: "r", Adopted: 2}},
		map[string]string{"SELECT id || ' ' || r FROM g": "5 2\n6 1\n"}},
	{"a key that is a reference follows, and what refers to it",
		`CREATE TABLE u(id INTEGER PRIMARY KEY, email UNIQUE);
		CREATE TABLE profile(u INTEGER PRIMARY KEY REFERENCES u, bio);
		CREATE TABLE post(id INTEGER PRIMARY KEY, author INT REFERENCES profile);
		INSERT INTO u VALUES(7, 'a'), (1, 'z'); INSERT INTO profile VALUES(1, 'of z');`,
		`INSERT INTO u VALUES(1, 'a'); INSERT INTO profile VALUES(1, 'of a');
		INSERT INTO post VALUES(3, 1);`,
		apply.Options{OnConflictIn: map[string]apply.Policy{"u": apply.Adopt}},
		[]apply.TablePlan{{Table: "u", Adopted: 1}},
		map[string]string{
			"SELECT u || ' ' || bio FROM profile ORDER BY u": "1 of z\n7 of a\n",
			"SELECT id || ' ' || author FROM post":           "3 7\n",
		}},
	{"a key with a reference in it",
		`CREATE TABLE org(id TEXT PRIMARY KEY, name UNIQUE);
		CREATE TABLE team(id INTEGER PRIMARY KEY, org TEXT REFERENCES org, name, size,
			UNIQUE(org, name));
		CREATE TABLE member(team INT REFERENCES team, who, PRIMARY KEY(team, who));
		INSERT INTO org VALUES('live', 'acme');
		INSERT INTO team VALUES(4, 'live', 'red', 5), (1, 'live', 'blue', 6);`,
		`INSERT INTO org VALUES('dev', 'acme');
		INSERT INTO team VALUES(1, 'dev', 'red', 9), (2, 'dev', 'green', 1);
		INSERT INTO member VALUES(1, 'ann'), (2, 'bob');`,
		apply.Options{OnConflictIn: map[string]apply.Policy{
			"org": apply.Adopt, "team": apply.Update,
		}},
		[]apply.TablePlan{{Table: "org", Adopted: 1}, {Table: "team", New: 1, Updated: 1}},
		map[string]string{
			"SELECT id || ' ' || org || ' ' || name || ' ' || size FROM team ORDER BY id": "" +
				"1 live blue 6\n2 live green 1\n4 live red 9\n",
			"SELECT team || ' ' || who FROM member ORDER BY 1": "2 bob\n4 ann\n",
		}},
	{"the row to which rows refer is left out of the seed's tables",
		`CREATE TABLE r(id INTEGER PRIMARY KEY, name UNIQUE);
		CREATE TABLE g(id INTEGER PRIMARY KEY, r INT REFERENCES r);
		INSERT INTO r VALUES(9, 'admin'), (1, 'user');`,
		"INSERT INTO r VALUES(1, 'admin'), (2, 'ghost'); INSERT INTO g VALUES(5, 1);",
		apply.Options{OnConflict: apply.Adopt, Exclude: []string{"r"}},
		nil,
		map[string]string{
			"SELECT id || ' ' || r FROM g": "5 9\n", "SELECT count(*) FROM r": "2\n",
		}},
}

func TestPolicies(t *testing.T) {
	for _, form := range []string{"sql", "db"} {
		for _, test := range policyTests {
			t.Run(form+"/"+test.name, func(t *testing.T) {
				db := testdb.Make(t, "wal", test.live)
				run := policyRun(t, db, form, test)
				result, err := run()
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(test.want, unusual(result.Plan)); diff != "" {
					t.Error(diff)
				}
				if result.Inserted != result.Plan.New() || result.Updated != result.Plan.Updated() {
					t.Errorf("inserted %d and updated %d rows, and planned %d and %d",
						result.Inserted, result.Updated, result.Plan.New(), result.Plan.Updated())
				}
				for _, sql := range slices.Sorted(maps.Keys(test.queries)) {
					if diff := cmp.Diff(test.queries[sql], query(t, db, sql)); diff != "" {
						t.Errorf("%s: %s", sql, diff)
					}
				}
				before, beside := dumped(t, db), testdb.Files(t, filepath.Dir(db))
				again, err := run()
				if err != nil || again.Plan.Changes() != 0 || again.Backup.Path != "" {
					t.Errorf("again: got %+v, %v", again, err)
				}
				if before != dumped(t, db) ||
					!cmp.Equal(beside, testdb.Files(t, filepath.Dir(db))) {
					t.Error("the second run changed something")
				}
			})
		}
	}
}

// dumped returns the whole database as SQL.
func dumped(t *testing.T, db string) string {
	t.Helper()
	var b strings.Builder
	if _, err := dump.Write(t.Context(), &b, db, dump.Options{}); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// refusesByPolicy applies a script. It checks that the plan and the run return the same error, and
// change neither the database nor its folder.
func refusesByPolicy(t *testing.T, db, text string, opts apply.Options) error {
	t.Helper()
	before, beside := dumped(t, db), testdb.Files(t, filepath.Dir(db))
	_, planned := preview(t, db, text, opts)
	_, err := script(t, db, text, opts)
	if err == nil || planned == nil || planned.Error() != err.Error() {
		t.Fatalf("the preview says %v, the run %v", planned, err)
	}
	if diff := cmp.Diff(before, dumped(t, db)); diff != "" {
		t.Errorf("the database was changed: %s", diff)
	}
	if diff := cmp.Diff(beside, testdb.Files(t, filepath.Dir(db))); diff != "" {
		t.Errorf("the folder was changed: %s", diff)
	}
	return err
}

// policyRun returns a function that applies the seed of a test, as a script or as a database.
func policyRun(
	t *testing.T, db, form string, test policyTest,
) func() (apply.Result, error) {
	t.Helper()
	if form == "sql" {
		return func() (apply.Result, error) { return script(t, db, test.seed, test.opts) }
	}
	tables := testdb.Make(t, "wal", test.live)
	c := testdb.Connect(t, tables, sqlite.ReadOnly)
	schema := testdb.Text(t, c, "SELECT sql || ';' FROM sqlite_schema WHERE sql IS NOT NULL "+
		"AND name <> 'sqlite_sequence'")
	c.Close()
	source := testdb.Make(t, "delete", schema+test.seed)
	return func() (apply.Result, error) {
		opts := test.opts
		opts.Now = testdb.Now
		return apply.Run(t.Context(), source, db, opts)
	}
}

// unusual returns the plans of the tables that have rows with another fate than insertion.
func unusual(plan apply.Plan) []apply.TablePlan {
	var out []apply.TablePlan
	for _, t := range plan.Tables {
		if t.Adopted+t.Updated+t.Renumbered+t.Conflicting > 0 {
			out = append(out, t)
		}
	}
	return out
}

func TestPoliciesRefuse(t *testing.T) {
	const code = `CREATE TABLE plan(id INTEGER PRIMARY KEY, code TEXT COLLATE NOCASE UNIQUE, price);
		CREATE TABLE sub(id INTEGER PRIMARY KEY, plan TEXT COLLATE NOCASE REFERENCES plan(code));
		INSERT INTO plan VALUES(1, 'pro', 5);`
	const folder = `CREATE TABLE folder(id INTEGER PRIMARY KEY, up INT REFERENCES folder, name,
		UNIQUE(up, name)); INSERT INTO folder VALUES(1, 1, 'root'), (5, 1, 'a');`
	tests := []struct {
		name, live, seed string
		policy           apply.Policy
		want             string // why the first conflict is not settled
	}{
		{"adopt another entity", "CREATE TABLE r(id INTEGER PRIMARY KEY, name UNIQUE);" +
			"INSERT INTO r VALUES(1, 'user');", "INSERT INTO r VALUES(1, 'admin');", apply.Adopt,
			"the row of the target is not the same in every unique key beside id"},
		{"adopt by one of two keys", "CREATE TABLE u(id INTEGER PRIMARY KEY, a UNIQUE, b UNIQUE);" +
			"INSERT INTO u VALUES(1, 'a', 'b');", "INSERT INTO u VALUES(2, 'a', 'c');", apply.Adopt,
			"the row of the target is not the same in every unique key beside id"},
		{"adopt by a key in a circle", folder,
			"INSERT INTO folder VALUES(2, 2, 'root'), (5, 2, 'b');", apply.Adopt,
			"the keys of folder refer to each other in a circle, so no row can be found by them"},
		{"renumber without another key", "CREATE TABLE p(id INTEGER PRIMARY KEY, x);" +
			"INSERT INTO p VALUES(1, 'a');", "INSERT INTO p VALUES(1, 'b');", apply.Renumber,
			"the row is there, and more than its id differs"},
		{"renumber with a NULL in the other key",
			"CREATE TABLE p(id INTEGER PRIMARY KEY, a UNIQUE, b UNIQUE);" +
				"INSERT INTO p VALUES(1, 'a', 'b');", "INSERT INTO p VALUES(1, NULL, NULL);",
			apply.Renumber, "the row is there, and more than its id differs"},
		{"renumber text", "CREATE TABLE p(id TEXT PRIMARY KEY, a UNIQUE);" +
			"INSERT INTO p VALUES('x', 'a');", "INSERT INTO p VALUES('x', 'b');", apply.Renumber,
			"id is no integer"},
		{"renumber a row that is there with other values",
			"CREATE TABLE p(id INTEGER PRIMARY KEY, a UNIQUE, b); INSERT INTO p VALUES(7, 'a', 1);",
			"INSERT INTO p VALUES(1, 'a', 2);", apply.Renumber,
			"the row is there, and more than its id differs"},
		{"update a key to which others refer", code, "INSERT INTO plan VALUES(1, 'PRO', 6);",
			apply.Update, "sub refers to code, which would change"},
		{"update a key that is NULL", "CREATE TABLE u(id INTEGER PRIMARY KEY, email UNIQUE, x);" +
			"INSERT INTO u VALUES(1, NULL, 1);", "INSERT INTO u VALUES(1, 'a', 2);", apply.Update,
			"the unique key email would change"},
		{"update another entity", "CREATE TABLE u(id INTEGER PRIMARY KEY, email UNIQUE, x);" +
			"INSERT INTO u VALUES(1, 'b', 1);", "INSERT INTO u VALUES(1, 'a', 2);", apply.Update,
			"the row of the target is not the same in every unique key beside id"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			db := testdb.Make(t, "wal", test.live)
			err := refusesByPolicy(t, db, test.seed, apply.Options{OnConflict: test.policy})
			conflicts, ok := errors.AsType[*apply.ConflictsError](err)
			if !ok {
				t.Fatalf("got %v, want a ConflictsError", err)
			}
			if diff := cmp.Diff(test.want, conflicts.Conflicts[0].Why); diff != "" {
				t.Error(diff)
			}
		})
	}
}
