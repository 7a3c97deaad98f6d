package apply_test

import (
	"errors"
	"iter"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seedkit/seedkit/apply"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/testdb"
)

// roles is a target whose grants refer to its roles.
const roles = testdb.Users + `
	CREATE TABLE Role(id TEXT PRIMARY KEY, name TEXT COLLATE NOCASE NOT NULL UNIQUE, note TEXT);
	CREATE TABLE Permission(id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE);
	CREATE TABLE Grants(
		role TEXT NOT NULL REFERENCES Role ON DELETE CASCADE ON UPDATE CASCADE,
		permission TEXT NOT NULL REFERENCES Permission ON DELETE CASCADE,
		PRIMARY KEY(role, permission));
	CREATE TABLE Lead(role TEXT REFERENCES Role);
	INSERT INTO Role VALUES('r1', 'admin', NULL), ('r2', 'user', 'x'), ('r3', 'free', NULL);
	INSERT INTO Permission VALUES('p1', 'read'), ('p2', 'write');
	INSERT INTO Grants VALUES('r1', 'p1'), ('r1', 'p2'), ('r2', 'p1');
	INSERT INTO Lead VALUES('r3');`

type (
	edit   = apply.Edit
	values = map[string]any
)

func edits(list ...edit) iter.Seq2[edit, error] {
	return func(yield func(edit, error) bool) {
		for _, e := range list {
			if !yield(e, nil) {
				return
			}
		}
	}
}

// contentOf returns the rows of the tables of roles.
func contentOf(t *testing.T, db string) string {
	t.Helper()
	c := testdb.Connect(t, db, sqlite.ReadOnly)
	defer c.Close()
	return testdb.Text(t, c, `
		SELECT 'Role ' || id || ' ' || name || ' ' || quote(note) FROM Role
		UNION ALL SELECT 'Permission ' || id || ' ' || name FROM Permission
		UNION ALL SELECT 'Grants ' || role || ' ' || permission FROM Grants
		UNION ALL SELECT 'Lead ' || quote(role) FROM Lead ORDER BY 1`)
}

func TestEdits(t *testing.T) {
	for _, mode := range []string{"wal", "delete"} {
		t.Run(mode, func(t *testing.T) {
			db := testdb.Make(t, mode, roles)
			const seed = "INSERT INTO Role(id, name) VALUES('r4', 'user')"
			result, err := script(t, db, seed, apply.Options{
				Edits: edits(
					edit{
						Table: "role", Where: values{"ID": "r2", "name": "user"},
						Set: values{"name": "member", "note": nil},
					},
					edit{Table: "Grants", Where: values{"role": "r1", "permission": "p2"}},
				),
			})
			if err != nil {
				t.Fatal(err)
			}
			want := apply.Plan{
				Tables: []apply.TablePlan{
					{Table: "Grants", Deleted: 1}, {Table: "Role", New: 1, Updated: 1},
				},
				Edits: []apply.PlannedEdit{
					{
						Table: "Role", Row: `id = "r2", name = "user"`, Changes: []apply.Change{
							{Column: "name", From: `"user"`, To: `"member"`},
							{Column: "note", From: `"x"`, To: "NULL"},
						},
					},
					{Table: "Grants", Row: `permission = "p2", role = "r1"`, Deletes: true},
				},
			}
			want.BackupBytes = result.Plan.BackupBytes
			if diff := cmp.Diff(want, result.Plan); diff != "" {
				t.Error(diff)
			}
			counts := []int64{result.Inserted, result.Updated, result.Deleted}
			if diff := cmp.Diff([]int64{1, 1, 1}, counts); diff != "" || result.Backup.Path == "" {
				t.Errorf("backup %q, counts %s", result.Backup.Path, diff)
			}
			const after = "Grants r1 p1\nGrants r2 p1\nLead 'r3'\nPermission p1 read\n" +
				"Permission p2 write\nRole r1 admin NULL\nRole r2 member NULL\n" +
				"Role r3 free NULL\nRole r4 user NULL\n"
			if diff := cmp.Diff(after, contentOf(t, db)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestEditsAlone has a seed without a row: the edits are reason enough to write.
func TestEditsAlone(t *testing.T) {
	db := testdb.Make(t, "wal", roles)
	result, err := script(t, db, "CREATE TABLE Elsewhere(x)", apply.Options{
		Edits: edits(edit{Table: "Lead", Where: values{"role": "r3"}}),
	})
	if err != nil || result.Deleted != 1 || strings.Contains(contentOf(t, db), "Lead") {
		t.Errorf("got %+v, %v", result, err)
	}
}

const noRows = "CREATE TABLE Elsewhere(x)"

func TestEditsAreRefused(t *testing.T) {
	rename := edit{Table: "Role", Where: values{"id": "r2"}, Set: values{"name": "member"}}
	tests := []struct {
		name  string
		edits []edit
		cause error
		want  string
	}{
		{"no row", []edit{rename, {Table: "Role", Where: values{"id": "r9"}}},
			apply.ErrNoRow, `delete Role with id = "r9": there is no such row`},
		{"several rows", []edit{{Table: "Grants", Where: values{"role": "r1"}}},
			apply.ErrSeveralRows,
			`delete Grants with role = "r1": there is more than one such row`},
		{"the same row twice", []edit{
			{Table: "Lead", Where: values{"role": "r3"}},
			{Table: "Lead", Where: values{"role": "r3"}},
		}, apply.ErrNoRow, `delete Lead with role = "r3": there is no such row`},
		{"a delete that cascades", []edit{{Table: "Role", Where: values{"id": "r2"}}},
			apply.ErrReachesFurther,
			`delete Role with id = "r2": foreign keys would change other rows with it`},
		{"an update that cascades", []edit{
			{Table: "Role", Where: values{"id": "r2"}, Set: values{"id": "r8"}},
		}, apply.ErrReachesFurther,
			`update Role with id = "r2": foreign keys would change other rows with it`},
		{"a reference that dangles", []edit{{Table: "Role", Where: values{"id": "r3"}}}, nil,
			"foreign keys would be violated: a row of Lead: " +
				`there is no row of Role for role = "r3"`},
		{"a key that is taken", []edit{
			{Table: "Role", Where: values{"id": "r2"}, Set: values{"name": "admin"}},
		}, nil, `update Role with id = "r2": UNIQUE constraint failed: Role.name`},
		{"a row that another edit undoes", []edit{rename, {
			Table: "Role", Where: values{"name": "member"}, Set: values{"name": "user"},
		}}, nil, `update Role with id = "r2": the target does not have it as edited`},
		{"a name in another case", []edit{{Table: "Role", Where: values{"name": "USER"}}},
			apply.ErrNoRow, `delete Role with name = "USER": there is no such row`},
		{"no table", []edit{{Table: "Rolle", Where: values{"id": 1}}}, nil,
			"the target has no table Rolle"},
		{"no column", []edit{{Table: "Role", Where: values{"ident": 1}}}, nil,
			"the target's table Role has no column ident"},
		{"nothing to find", []edit{{Table: "Role"}}, nil,
			"edit Role: Where and Set need a column"},
		{"nothing to set", []edit{{Table: "Role", Where: values{"id": "r3"}, Set: values{}}}, nil,
			"edit Role: Where and Set need a column"},
		{"no storage class", []edit{{Table: "Role", Where: values{"name": []int{}}}}, nil,
			"edit Role: column name: SQLite has no storage class for []int"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			db := testdb.Make(t, "wal", roles)
			before := contentOf(t, db)
			opts := apply.Options{Edits: edits(test.edits...)}
			opts.Confirm = func(apply.Plan) (bool, error) {
				t.Error("asked")
				return true, nil
			}
			err := refusesInPlan(t, db, noRows, opts)
			if err.Error() != test.want || test.cause != nil && !errors.Is(err, test.cause) {
				t.Errorf("got %v\nwant %s", err, test.want)
			}
			if diff := cmp.Diff(before, contentOf(t, db)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestOthersWriteWhileEditsAreAsked lets the app change what an edit is about between the plan and
// the write.
func TestOthersWriteWhileEditsAreAsked(t *testing.T) {
	tests := []struct {
		name, sql string
		edit      apply.Edit
		cause     error
	}{
		{"changed", "UPDATE Role SET name = 'guest' WHERE id = 'r2'",
			edit{
				Table: "Role", Where: values{"id": "r2", "name": "user"},
				Set: values{"name": "member"},
			}, apply.ErrNoRow},
		{"deleted", "DELETE FROM Grants WHERE role = 'r2'",
			edit{Table: "Grants", Where: values{"role": "r2", "permission": "p1"}}, apply.ErrNoRow},
		{"second row", "INSERT INTO Lead VALUES('r3')",
			edit{Table: "Lead", Where: values{"role": "r3"}}, apply.ErrSeveralRows},
		{"referred to", "DELETE FROM Lead; INSERT INTO Grants VALUES('r3', 'p1')",
			edit{Table: "Role", Where: values{"id": "r3"}}, apply.ErrReachesFurther},
		{"name taken", "INSERT INTO Role VALUES('r8', 'member', NULL)",
			edit{Table: "Role", Where: values{"id": "r2"}, Set: values{"name": "member"}}, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			db := testdb.Make(t, "wal", roles)
			if test.name == "referred to" {
				testdb.Change(t, db, "DELETE FROM Lead")
			}
			var theirs string
			_, err := script(t, db, "INSERT INTO Role(id, name) VALUES('r4', 'new')", apply.Options{
				Edits: edits(test.edit),
				Confirm: func(apply.Plan) (bool, error) {
					testdb.Change(t, db, test.sql)
					theirs = contentOf(t, db)
					return true, nil
				},
			})
			var failed *apply.EditError
			if !errors.As(err, &failed) || test.cause != nil && !errors.Is(err, test.cause) {
				t.Errorf("got %v", err)
			}
			if diff := cmp.Diff(theirs, contentOf(t, db)); diff != "" || theirs == "" {
				t.Errorf("changed: %s", diff)
			}
		})
	}
}

func TestEditsFireTriggers(t *testing.T) {
	const log = `CREATE TRIGGER gone AFTER DELETE ON Lead BEGIN INSERT INTO log VALUES('gone'); END;
		CREATE TRIGGER named AFTER UPDATE ON Role BEGIN INSERT INTO log VALUES(new.name); END;
		CREATE TRIGGER fresh AFTER INSERT ON Role BEGIN INSERT INTO log VALUES('no'); END;`
	list := []edit{
		{Table: "Lead", Where: values{"role": "r3"}},
		{Table: "Role", Where: values{"id": "r2"}, Set: values{"name": "member"}},
	}
	t.Run("consent", func(t *testing.T) {
		db := testdb.Make(t, "wal", roles+log)
		opts := apply.Options{Edits: edits(list...)}
		err := refusesInPlan(t, db, noRows, opts)
		want := []apply.Trigger{{Table: "Lead", Name: "gone"}, {Table: "Role", Name: "named"}}
		var triggers *apply.TriggersError
		if !errors.As(err, &triggers) || !cmp.Equal(triggers.Triggers, want) {
			t.Errorf("got %v", err)
		}
		opts.AllowTriggers = true
		if _, err := script(t, db, noRows, opts); err != nil {
			t.Fatalf("with consent: %v", err)
		}
		c := testdb.Connect(t, db, sqlite.ReadOnly)
		got := testdb.Text(t, c, "SELECT line FROM log ORDER BY rowid")
		if got != "twice\ntwice\nonce\ngone\nmember\n" {
			t.Errorf("the log has %q", got)
		}
	})
	t.Run("a trigger hides no cascade", func(t *testing.T) {
		const bye = "CREATE TRIGGER bye AFTER DELETE ON Role BEGIN SELECT 1; END;"
		db := testdb.Make(t, "wal", roles+bye)
		err := refusesInPlan(t, db, noRows, apply.Options{
			AllowTriggers: true, Edits: edits(edit{Table: "Role", Where: values{"id": "r2"}}),
		})
		if !errors.Is(err, apply.ErrReachesFurther) {
			t.Errorf("got %v", err)
		}
	})
	for name, trigger := range map[string]string{
		"ignored": "CREATE TRIGGER ro BEFORE UPDATE ON Role BEGIN SELECT RAISE(IGNORE); END;",
		"undone": `CREATE TRIGGER back AFTER UPDATE ON Role
			BEGIN UPDATE Role SET name = old.name WHERE id = old.id; END;`,
	} {
		t.Run(name, func(t *testing.T) {
			db := testdb.Make(t, "wal", roles+trigger)
			opts := apply.Options{AllowTriggers: true, Edits: edits(list[1])}
			err := refusesInPlan(t, db, noRows, opts)
			want := `update Role with id = "r2": the target does not have it as edited`
			if err.Error() != want {
				t.Errorf("got %v, want %s", err, want)
			}
		})
	}
}

// TestEditsBesideConflicts leaves it to the policy whether conflicts stop the edits.
func TestEditsBesideConflicts(t *testing.T) {
	db := testdb.Make(t, "wal", roles)
	const seed = "INSERT INTO Role(id, name) VALUES('r5', 'admin')"
	opts := apply.Options{Edits: edits(edit{Table: "Lead", Where: values{"role": "r3"}})}
	var conflicts *apply.ConflictsError
	if err := refuses(t, db, seed, opts); !errors.As(err, &conflicts) || !conflicts.CanSkip {
		t.Errorf("got %v", err)
	}
	opts.OnConflict = apply.Skip
	if result, err := script(t, db, seed, opts); err != nil || result.Deleted != 1 {
		t.Errorf("got %+v, %v", result, err)
	}
}

func TestErrorOfEditsEndsTheRun(t *testing.T) {
	db := testdb.Make(t, "wal", roles)
	broken := errors.New("the journal is torn")
	err := refusesInPlan(t, db, newUser, apply.Options{
		Edits: func(yield func(edit, error) bool) { yield(edit{}, broken) },
	})
	if !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
}

// TestEditsOfManyRows holds that a plan lists the first edits, and counts all.
func TestEditsOfManyRows(t *testing.T) {
	db := testdb.Make(t, "wal", `CREATE TABLE n(id INTEGER PRIMARY KEY, x);
		WITH RECURSIVE i(i) AS (VALUES(1) UNION ALL SELECT i + 1 FROM i WHERE i < 500)
		INSERT INTO n SELECT i, i FROM i;`)
	all := func(yield func(edit, error) bool) {
		for i := 1; i <= 500; i += 2 {
			if !yield(edit{Table: "n", Where: values{"id": i}}, nil) ||
				!yield(edit{Table: "n", Where: values{"id": i + 1}, Set: values{"x": nil}}, nil) {
				return
			}
		}
	}
	result, err := script(t, db, noRows, apply.Options{Edits: all})
	counts := []int64{int64(len(result.Plan.Edits)), result.Updated, result.Deleted}
	if diff := cmp.Diff([]int64{20, 250, 250}, counts); diff != "" || err != nil {
		t.Errorf("%v %s", err, diff)
	}
	c := testdb.Connect(t, db, sqlite.ReadOnly)
	if got := testdb.Text(t, c, "SELECT count(*) || ' ' || count(x) FROM n"); got != "250 0\n" {
		t.Errorf("got %q", got)
	}
}
