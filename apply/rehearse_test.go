package apply_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seedkit/seedkit/apply"
	"github.com/seedkit/seedkit/backup"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/testdb"
)

// preview plans a script.
func preview(t *testing.T, db, text string, opts apply.Options) (apply.Plan, error) {
	t.Helper()
	opts.Script = strings.NewReader(text)
	return apply.Preview(t.Context(), "test.sql", db, opts)
}

// refusesInPlan checks that Preview and Run refuse a script with the same words, and that neither
// changes the database.
func refusesInPlan(t *testing.T, db, text string, opts apply.Options) error {
	t.Helper()
	before := testdb.Content(t, db)
	_, planned := preview(t, db, text, opts)
	err := refuses(t, db, text, opts)
	if planned == nil || planned.Error() != err.Error() {
		t.Errorf("the preview says %v, the run %v", planned, err)
	}
	if diff := cmp.Diff(before, testdb.Content(t, db)); diff != "" {
		t.Errorf("the database was changed: %s", diff)
	}
	return err
}

// TestPlanFindsWhatTheTargetRefuses has seeds whose tables lack the target's constraints.
func TestPlanFindsWhatTheTargetRefuses(t *testing.T) {
	const target = testdb.Users + `
		CREATE TABLE age(id INTEGER PRIMARY KEY, years INT CHECK(years < 150));
		CREATE TABLE must(id INTEGER PRIMARY KEY, x TEXT NOT NULL);
		CREATE TABLE typed(id INTEGER PRIMARY KEY, n INTEGER) STRICT;
		CREATE TABLE made(id INTEGER PRIMARY KEY, a, b AS (a + 1) STORED CHECK(b < 10));
		CREATE TABLE part(id INTEGER PRIMARY KEY, boss, gone);
		CREATE UNIQUE INDEX one_boss ON part(boss) WHERE gone IS NULL;
		CREATE TABLE expr(id INTEGER PRIMARY KEY, name);
		CREATE UNIQUE INDEX one_name ON expr(lower(name));
		CREATE TABLE pair(a, b, x, PRIMARY KEY(a, b)) WITHOUT ROWID;
		CREATE TABLE child(id INTEGER PRIMARY KEY, a, b, FOREIGN KEY(a, b) REFERENCES pair);
		CREATE TABLE tree(id INTEGER PRIMARY KEY, parent REFERENCES tree);
		CREATE TABLE quota(id INTEGER PRIMARY KEY);
		CREATE TRIGGER full BEFORE INSERT ON quota WHEN (SELECT count(*) FROM quota) >= 3 BEGIN
			SELECT RAISE(ABORT, 'three is enough'); END;
		CREATE TABLE audited(id INTEGER PRIMARY KEY);
		CREATE TRIGGER audit AFTER INSERT ON audited BEGIN
			INSERT INTO Note(owner) VALUES('nobody'); END;
		CREATE TABLE ignored(id INTEGER PRIMARY KEY, n CHECK(n > 0));
		CREATE TRIGGER ignoring BEFORE INSERT ON ignored WHEN new.n > 9 BEGIN
			SELECT RAISE(IGNORE); END;
		CREATE TABLE word(id INTEGER PRIMARY KEY, n INTEGER);
		INSERT INTO part VALUES(1, 'ann', NULL), (2, 'bob', 1);
		INSERT INTO expr VALUES(1, 'Ann');
		INSERT INTO pair VALUES(1, 2, 3);
		INSERT INTO quota VALUES(1), (2);`
	tests := []struct{ name, seed, want string }{
		{"CHECK", "CREATE TABLE age(id INTEGER PRIMARY KEY, years);" +
			"INSERT INTO age VALUES(1, 30), (2, 200);",
			"insert into age the row with id = 2: CHECK constraint failed: years < 150"},
		{"NOT NULL",
			"CREATE TABLE must(id INTEGER PRIMARY KEY, x); INSERT INTO must VALUES(1, NULL);",
			"insert into must the row with id = 1: NOT NULL constraint failed: must.x"},
		{"STRICT",
			"CREATE TABLE typed(id INTEGER PRIMARY KEY, n); INSERT INTO typed VALUES(1, 'one');",
			"insert into typed the row with id = 1: " +
				"cannot store TEXT value in INTEGER column typed.n"},
		{"generated column",
			"CREATE TABLE made(id INTEGER PRIMARY KEY, a); INSERT INTO made VALUES(1, 9);",
			"insert into made the row with id = 1: CHECK constraint failed: b < 10"},
		{"partial index", "CREATE TABLE part(id INTEGER PRIMARY KEY, boss, gone);" +
			"INSERT INTO part VALUES(3, 'ann', 1), (4, 'bob', NULL), (5, 'ann', NULL);",
			"insert into part the row with id = 5: UNIQUE constraint failed: part.boss"},
		{"index over an expression",
			"CREATE TABLE expr(id INTEGER PRIMARY KEY, name); INSERT INTO expr VALUES(2, 'ANN');",
			"insert into expr the row with id = 2: UNIQUE constraint failed: index 'one_name'"},
		{"reference", "INSERT INTO Note(id, owner) VALUES(70, 'nobody');",
			`insert into Note the row with id = 70: there is no row of User for owner = "nobody"`},
		{"reference by two columns", "INSERT INTO child VALUES(1, 1, 2), (2, 2, 1), (3, 1, NULL);",
			"insert into child the row with id = 2: there is no row of pair for a = 2, b = 1"},
		{"reference to the same table", "INSERT INTO tree VALUES(1, 2), (2, NULL), (3, 4);",
			"insert into tree the row with id = 3: there is no row of tree for parent = 4"},
		{"trigger that counts the target's rows", "INSERT INTO quota VALUES(3), (4);",
			"insert into quota the row with id = 4: three is enough"},
		{"trigger that leaves a reference dangling", "INSERT INTO audited VALUES(1);",
			`insert into Note the row with id = 9: there is no row of User for owner = "nobody"`},
		{"trigger that ignores the row", "INSERT INTO ignored VALUES(1, 1), (2, 10);",
			"insert into ignored the row with id = 2: it is not in the target as the seed has it"},
		{"affinity",
			"CREATE TABLE word(id INTEGER PRIMARY KEY, n TEXT); INSERT INTO word VALUES(1, '7');",
			`insert into word the row with id = 1: the target's column n stores "7" as 7`},
		{"several", "CREATE TABLE age(id INTEGER PRIMARY KEY, years);" +
			"INSERT INTO age VALUES(1, 300), (2, 200), (3, 1);",
			"the target refuses 2 rows; the first: " +
				"insert into age the row with id = 1: CHECK constraint failed: years < 150"},
	}
	db := testdb.Make(t, "wal", target)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			err := refusesInPlan(t, db, test.seed, apply.Options{AllowTriggers: true})
			if err.Error() != test.want {
				t.Errorf("got  %v\nwant %s", err, test.want)
			}
			var refused *apply.RefusedError
			if !errors.As(err, &refused) || refused.Total != int64(len(refused.Rows)) {
				t.Errorf("got %#v, want a RefusedError", err)
			}
		})
	}
}

// TestPlanLetsThrough has seeds that the target accepts, but that look as if it refused them.
func TestPlanLetsThrough(t *testing.T) {
	const target = testdb.Users + `
		CREATE TABLE tree(id INTEGER PRIMARY KEY, parent REFERENCES tree);
		CREATE TABLE egg(id INTEGER PRIMARY KEY, hen REFERENCES hen);
		CREATE TABLE hen(id INTEGER PRIMARY KEY, egg REFERENCES egg);
		CREATE TABLE part(id INTEGER PRIMARY KEY, boss, gone);
		CREATE UNIQUE INDEX one_boss ON part(boss) WHERE gone IS NULL;
		CREATE TABLE city(name TEXT COLLATE NOCASE PRIMARY KEY);
		CREATE TABLE street(id INTEGER PRIMARY KEY, city REFERENCES city);
		CREATE TABLE code(id TEXT PRIMARY KEY);
		CREATE TABLE coded(id INTEGER PRIMARY KEY, code REFERENCES code);
		CREATE TABLE seeing(id INTEGER PRIMARY KEY);
		CREATE TRIGGER see BEFORE INSERT ON seeing WHEN (SELECT count(*) FROM User) < 2 BEGIN
			SELECT RAISE(ABORT, 'no users'); END;
		INSERT INTO part VALUES(1, 'ann', 1);
		INSERT INTO city VALUES('Bern');
		INSERT INTO code VALUES('7');`
	tests := []struct {
		name, seed string
		want       int64
	}{
		{"a child before its parent", "INSERT INTO tree VALUES(1, 2), (2, 3), (3, NULL);", 3},
		{"a cycle", "INSERT INTO egg VALUES(1, 1); INSERT INTO hen VALUES(1, 1);", 2},
		{"not in the partial index", "INSERT INTO part VALUES(2, 'ann', NULL);", 1},
		{"a reference by the parent's collation", "INSERT INTO street VALUES(1, 'BERN');", 1},
		{"a reference by the parent's affinity", "INSERT INTO coded VALUES(1, 7);", 1},
		{"a trigger that needs the target's rows", "INSERT INTO seeing VALUES(1);", 1},
	}
	db := testdb.Make(t, "delete", target)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			plan, err := preview(t, db, test.seed, apply.Options{AllowTriggers: true})
			if err != nil || plan.New() != test.want {
				t.Fatalf("the preview: got %+v, %v", plan, err)
			}
			result, err := script(t, db, test.seed, apply.Options{AllowTriggers: true})
			if err != nil || result.Inserted != test.want {
				t.Errorf("the run: got %+v, %v", result, err)
			}
		})
	}
}

// TestPlanFindsReferencesThatCannotBeLookedUp has a parent table without a unique key.
func TestPlanFindsReferencesThatCannotBeLookedUp(t *testing.T) {
	db := testdb.Make(t, "wal", testdb.Users+`
		CREATE TABLE p(a); CREATE TABLE c(id INTEGER PRIMARY KEY, a REFERENCES p(a));
		INSERT INTO p VALUES(1);`)
	err := refusesInPlan(t, db, "INSERT INTO c VALUES(1, 1);", apply.Options{})
	const want = `insert into c: foreign key mismatch - "c" referencing "p"`
	if !strings.Contains(err.Error(), want) {
		t.Errorf("got %v, want %s", err, want)
	}
}

const plans = `
	CREATE TABLE plan(id INTEGER PRIMARY KEY, code TEXT NOT NULL UNIQUE COLLATE NOCASE, price);
	CREATE TABLE perk(id INTEGER PRIMARY KEY,
		plan_id INTEGER NOT NULL REFERENCES plan(id), name TEXT UNIQUE);
	CREATE TABLE grade(id INTEGER PRIMARY KEY, perk_id INTEGER REFERENCES perk);
	CREATE TABLE member(org, no, email UNIQUE, boss_org, boss_no,
		PRIMARY KEY(org, no), FOREIGN KEY(boss_org, boss_no) REFERENCES member);
	CREATE TABLE label(id INTEGER PRIMARY KEY, text);
	CREATE TABLE labelled(id INTEGER PRIMARY KEY, label REFERENCES label);`

const plansThere = testdb.Users + plans + `
	INSERT INTO plan VALUES(2, 'free', 0), (3, 'Team', 10);
	INSERT INTO perk VALUES(5, 2, 'chat');
	INSERT INTO member VALUES('o', 1, 'ann', NULL, NULL);
	INSERT INTO label VALUES(1, 'one');`

func TestSkipRefusesStrangers(t *testing.T) {
	tests := []struct{ name, seed, want string }{
		{"another plan has the id",
			"INSERT INTO plan VALUES(2, 'pro', 5); INSERT INTO perk VALUES(10, 2, 'support');",
			`1 new row refers to plan with id = 2, code = "pro", which in the target is ` +
				`another row, with id = 2, code = "free": perk with id = 10`},
		{"another plan has the code", "INSERT INTO plan VALUES(9, 'team', 5);" +
			"INSERT INTO perk VALUES(10, 9, 'a'), (11, 9, 'b'), (12, 9, 'c'), (13, 9, 'd');",
			`4 new rows refer to plan with id = 9, code = "team", which in the target is ` +
				`another row, with id = 3, code = "Team": ` +
				`perk with id = 10, perk with id = 11, perk with id = 12, …`},
		{"a child of a child that is skipped", "INSERT INTO plan VALUES(2, 'FREE', 5);" +
			"INSERT INTO perk VALUES(5, 2, 'mail'); INSERT INTO grade VALUES(1, 5);",
			`1 new row refers to perk with id = 5, name = "mail", which in the target is ` +
				`another row, with id = 5, name = "chat": grade with id = 1`},
		{"by two columns, in the same table",
			"INSERT INTO member VALUES('o', 2, 'cid', 'o', 1), ('o', 1, 'bob', NULL, NULL);",
			`1 new row refers to member with org = "o", no = 1, email = "bob", which in the ` +
				`target is another row, with org = "o", no = 1, email = "ann": ` +
				`member with org = "o", no = 2`},
	}
	for _, form := range []struct{ name, tables string }{
		{"the target's tables", ""}, {"tables of its own", plans},
	} {
		for _, test := range tests {
			t.Run(form.name+"/"+test.name, func(t *testing.T) {
				db := testdb.Make(t, "wal", plansThere)
				seed := form.tables + test.seed
				err := refusesInPlan(t, db, seed, apply.Options{OnConflict: apply.Skip})
				var strangers *apply.StrangersError
				if !errors.As(err, &strangers) || err.Error() != test.want {
					t.Errorf("got  %v\nwant %s", err, test.want)
				}
				err = refusesInPlan(t, db, seed, apply.Options{})
				var conflicts *apply.ConflictsError
				if !errors.As(err, &conflicts) || conflicts.CanSkip {
					t.Errorf("got %+v, want a ConflictsError that does not recommend to skip", err)
				}
			})
		}
	}
}

func TestSkipLetsTheSameEntityPass(t *testing.T) {
	tests := []struct{ name, seed, query, want string }{
		{"it agrees in all keys",
			"INSERT INTO plan VALUES(2, 'Free', 5); INSERT INTO perk VALUES(10, 2, 'support');",
			"SELECT code FROM perk JOIN plan ON plan.id = plan_id WHERE perk.id = 10", "free\n"},
		{"there is one key",
			"INSERT INTO label VALUES(1, 'uno'); INSERT INTO labelled VALUES(1, 1);",
			"SELECT text FROM labelled JOIN label ON label.id = label", "one\n"},
		{"nothing refers to it",
			"INSERT INTO plan VALUES(2, 'pro', 5); INSERT INTO perk VALUES(10, 3, 'support');",
			"SELECT code FROM perk JOIN plan ON plan.id = plan_id WHERE perk.id = 10", "Team\n"},
		{"its children are there already", "INSERT INTO plan VALUES(2, 'pro', 5);" +
			"INSERT INTO perk VALUES(5, 2, 'chat'), (10, 3, 'x');",
			"SELECT count(*) FROM perk", "2\n"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			db := testdb.Make(t, "wal", plansThere)
			_, err := preview(t, db, test.seed, apply.Options{})
			var conflicts *apply.ConflictsError
			if !errors.As(err, &conflicts) || !conflicts.CanSkip {
				t.Errorf("got %+v, want a ConflictsError that recommends to skip", err)
			}
			result, err := script(t, db, test.seed, apply.Options{OnConflict: apply.Skip})
			if err != nil || result.Inserted != result.Plan.New() {
				t.Fatalf("got %+v, %v", result, err)
			}
			if got := query(t, db, test.query); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

// TestConflictsAreNotSkippableIfTheTargetRefusesMore has a row in conflict, and another row that
// the target refuses.
func TestConflictsAreNotSkippableIfTheTargetRefusesMore(t *testing.T) {
	db := testdb.Make(t, "wal", plansThere)
	const seed = "INSERT INTO label VALUES(1, 'uno'); INSERT INTO labelled VALUES(1, 77);"
	plan, err := preview(t, db, seed, apply.Options{})
	var conflicts *apply.ConflictsError
	if !errors.As(err, &conflicts) || conflicts.CanSkip || plan.RefusedRows != 1 {
		t.Errorf("got %+v, %v", plan, err)
	}
}

// TestPlanHoldsNobodyUp lets the app write during the plan.
func TestPlanHoldsNobodyUp(t *testing.T) {
	db := testdb.Make(t, "wal", testdb.Users)
	app := testdb.Connect(t, db, sqlite.ReadWrite)
	app.SetBusyTimeout(0)
	wrote := false
	opts := apply.Options{BusyTimeout: time.Millisecond, Progress: func(p apply.Progress) {
		if p.Stage == apply.Planning && p.Done == 1 {
			testdb.Execute(t, app, "INSERT INTO log VALUES('meanwhile')")
			wrote = true
		}
	}}
	if plan, err := preview(t, db, newUser, opts); err != nil || plan.New() != 2 || !wrote {
		t.Errorf("got %+v, %v, wrote %v", plan, err, wrote)
	}
}

func TestSeedRowsThatOnlyTheTargetFindsAlike(t *testing.T) {
	db := testdb.Make(t, "wal", plansThere)
	const seed = "CREATE TABLE plan(id INTEGER PRIMARY KEY, code, price);" +
		"INSERT INTO plan VALUES(7, 'solo', 1), (8, 'SOLO', 1);"
	plan, err := preview(t, db, seed, apply.Options{OnConflict: apply.Skip})
	if err != nil || plan.New() != 1 || plan.Conflicting() != 1 {
		t.Errorf("the preview: got %+v, %v", plan, err)
	}
	result, err := script(t, db, seed, apply.Options{OnConflict: apply.Skip})
	if err != nil || result.Inserted != 1 {
		t.Errorf("the run: got %+v, %v", result, err)
	}
}

func TestConflictValues(t *testing.T) {
	long := strings.Repeat("all the same ", 10)
	db := testdb.Make(t, "wal", testdb.Users+`
		CREATE TABLE account(id INTEGER PRIMARY KEY, passwordHash, api_key, bio TEXT, n, data BLOB);
		INSERT INTO account VALUES(1, 'old', 'k1', '`+long+`x`+long+`', 1, x'00ff');
		CREATE TABLE session(token TEXT PRIMARY KEY, owner);
		INSERT INTO session VALUES('secret', 'a');`)
	seed := "INSERT INTO account VALUES(1, 'new', 'k2', '" + long + "é" + long + "', '1', NULL);" +
		"INSERT INTO session VALUES('secret', 'b');"
	plan, _ := preview(t, db, seed, apply.Options{})
	want := []apply.Conflict{
		{Table: "account", Columns: []string{"id"}, Values: []string{"1"}, Same: true,
			Differ: []apply.Differing{
				{Column: "passwordHash", Hidden: true}, {Column: "api_key", Hidden: true},
				{Column: "bio", Seed: `…"he same éall the same all the"…`,
					Target: `…"he same xall the same all the "…`},
				{Column: "n", Seed: `"1"`, Target: "1"},
				{Column: "data", Seed: "NULL", Target: "x'00ff'"},
			}, Outcome: apply.Stopped},
		{Table: "session", Columns: []string{"token"}, Values: []string{"(hidden)"}, Same: true,
			Differ:  []apply.Differing{{Column: "owner", Seed: `"b"`, Target: `"a"`}},
			Outcome: apply.Stopped},
	}
	if diff := cmp.Diff(want, plan.Conflicts); diff != "" {
		t.Error(diff)
	}
}

func TestBackedUpIsToldBeforeTheInsertion(t *testing.T) {
	db := testdb.Make(t, "wal", testdb.Users)
	var told []string
	_, err := script(t, db, newUser, apply.Options{BackedUp: func(m backup.Manifest) {
		told = append(told, m.Path)
		if got := query(t, db, "SELECT count(*) FROM User"); got != "2\n" {
			t.Errorf("there are %s users", got)
		}
	}})
	if err != nil || len(told) != 1 {
		t.Errorf("told %v, %v", told, err)
	}
}
