package apply_test

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seedkit/seedkit/apply"
	"github.com/seedkit/seedkit/backup"
	"github.com/seedkit/seedkit/internal/testdb"
)

// undoTest is a run, what others do after it, and what an undo of the run leaves.
type undoTest struct {
	title     string
	setup     string
	seed      string
	edits     []edit
	policy    apply.Policy
	meanwhile string
	// rows is a query of all rows of the target that matter, and want are the rows.
	rows, want string
	kept       []string
	again      string // what others insert after the undo, like the run
	gone       int64
}

const people = `
	CREATE TABLE User(id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT UNIQUE, boss INT
		REFERENCES User ON DELETE SET NULL);
	CREATE TABLE Note(id TEXT PRIMARY KEY, owner INT REFERENCES User ON DELETE CASCADE);
	INSERT INTO User VALUES(1, 'ann', NULL); INSERT INTO Note VALUES('a', 1);`

const (
	peopleSeed = "INSERT INTO User VALUES(11, 'bob', NULL), (12, 'cy', 11), (13, 'di', 12); " +
		"INSERT INTO Note VALUES('b', 11), ('c', 12);"
	peopleRows = "SELECT id || name || quote(boss) FROM User UNION ALL " +
		"SELECT id || owner FROM Note ORDER BY 1"
)

var undoTests = []undoTest{
	{
		title: "nobody has written since", setup: people, seed: peopleSeed,
		rows: peopleRows, want: "1annNULL a1",
		again: "INSERT INTO User VALUES(11, 'bob', NULL)",
	},
	{
		title: "others' rows stay", setup: people, seed: peopleSeed,
		meanwhile: "INSERT INTO User VALUES(20, 'eve', 1); INSERT INTO Note VALUES('d', 20)",
		rows:      peopleRows, want: "1annNULL 20eve1 a1 d20",
	},
	{
		title: "a changed row stays", setup: people, seed: peopleSeed,
		meanwhile: "UPDATE User SET name = 'dora' WHERE id = 13",
		rows:      peopleRows, want: "11bobNULL 12cy11 13dora12 1annNULL a1",
		kept: []string{
			"User with id = 13: it was changed since",
			"User with id = 11: User with id = 12 refers to it",
			"User with id = 12: User with id = 13 refers to it",
		},
	},
	{
		title: "a row changed and changed back is the run's", setup: people, seed: peopleSeed,
		meanwhile: "UPDATE User SET name = 'x' WHERE id = 13; UPDATE User SET name = 'di' " +
			"WHERE id = 13",
		rows: peopleRows, want: "1annNULL a1",
	},
	{
		title: "no cascade reaches others", setup: people, seed: peopleSeed,
		meanwhile: "INSERT INTO Note VALUES('z', 13)",
		rows:      peopleRows, want: "11bobNULL 12cy11 13di12 1annNULL a1 z13",
		kept: []string{
			"User with id = 11: User with id = 12 refers to it",
			"User with id = 12: User with id = 13 refers to it",
			`User with id = 13: Note with id = "z" refers to it`,
		},
	},
	{
		title: "rows that others deleted", setup: people, seed: peopleSeed,
		meanwhile: "DELETE FROM Note WHERE id = 'b'", gone: 1,
		rows: peopleRows, want: "1annNULL a1",
	},
	{
		title: "rows that refer to each other",
		setup: `CREATE TABLE a(id INTEGER PRIMARY KEY, 
				b INT REFERENCES b DEFERRABLE INITIALLY DEFERRED);
			CREATE TABLE b(id INTEGER PRIMARY KEY,
				a INT REFERENCES a DEFERRABLE INITIALLY DEFERRED);`,
		seed:      "INSERT INTO a VALUES(1, 1), (2, 2); INSERT INTO b VALUES(1, 1), (2, 2);",
		meanwhile: "INSERT INTO b VALUES(9, 2)",
		rows:      "SELECT 'a' || id FROM a UNION ALL SELECT 'b' || id FROM b ORDER BY 1",
		want:      "a2 b2 b9",
		kept: []string{
			"a with id = 2: b with id = 2 refers to it",
			"b with id = 2: a with id = 2 refers to it",
		},
	},
	{
		title: "tables without a key, or with a secret one",
		setup: `CREATE TABLE log(line); INSERT INTO log VALUES('x'), ('y');
			CREATE TABLE Session(token TEXT PRIMARY KEY, n);`,
		seed: "INSERT INTO log VALUES('x'), ('x'), ('z'), ('v'), ('v'); " +
			"INSERT INTO Session VALUES('t1', 1), ('t2', 2);",
		meanwhile: "DELETE FROM log WHERE line = 'z'; UPDATE Session SET n = 3 WHERE token = 't2'",
		rows:      "SELECT line FROM log UNION ALL SELECT token || n FROM Session ORDER BY 1",
		want:      "t23 x x y", gone: 2,
		kept: []string{"a row of log: other rows have the same values"},
	},
	{
		title: "without a rowid, and compared without case",
		setup: `CREATE TABLE k(a TEXT COLLATE NOCASE, b, PRIMARY KEY(a, b)) WITHOUT ROWID;
			CREATE TABLE c(a TEXT, b, FOREIGN KEY(a, b) REFERENCES k);`,
		seed:      "INSERT INTO k VALUES('x', 1), ('y', 2.5), ('z', x'00');",
		meanwhile: "INSERT INTO c VALUES('Y', 2.5)",
		rows:      "SELECT a || quote(b) FROM k", want: "y2.5",
		kept: []string{`k with a = "y", b = 2.5: a row of c refers to it`},
	},
	{
		title: "defaults of the target", setup: "CREATE TABLE t(id INTEGER PRIMARY KEY, a, " +
			"b DEFAULT 7, c GENERATED ALWAYS AS (a + b)); INSERT INTO t(a) VALUES(1)",
		seed:      "INSERT INTO t(id, a) VALUES(5, 5), (6, 6);",
		meanwhile: "UPDATE t SET b = 8 WHERE id = 6",
		rows:      "SELECT id || a || b FROM t", want: "117 668",
		kept: []string{"t with id = 6: it was changed since"},
	},
	{
		title: "edits", setup: roles, seed: "INSERT INTO Role(id, name) VALUES('r4', 'user');",
		edits: []edit{
			{Table: "Role", Where: values{"id": "r2"}, Set: values{"name": "member", "note": nil}},
			{Table: "Grants", Where: values{"role": "r1", "permission": "p2"}},
		},
		rows: "SELECT id || name || coalesce(note, '-') FROM Role UNION ALL " +
			"SELECT role || permission FROM Grants ORDER BY 1",
		want: "r1admin- r1p1 r1p2 r2p1 r2userx r3free-",
	},
	{
		title: "edits of what others have changed since", setup: roles,
		seed: "INSERT INTO Role(id, name) VALUES('r4', 'new');",
		edits: []edit{
			{Table: "Role", Where: values{"id": "r2"}, Set: values{"name": "member"}},
			{Table: "Role", Where: values{"id": "r3"}, Set: values{"note": "f"}},
			{Table: "Grants", Where: values{"role": "r1", "permission": "p2"}},
			{Table: "Grants", Where: values{"role": "r2", "permission": "p1"}},
		},
		meanwhile: `UPDATE Role SET name = 'mate' WHERE id = 'r2';
			UPDATE Role SET name = 'libre' WHERE id = 'r3';
			DELETE FROM Permission WHERE id = 'p2'; INSERT INTO Grants VALUES('r2', 'p1')`,
		rows: "SELECT id || name || coalesce(note, '-') FROM Role UNION ALL " +
			"SELECT role || permission FROM Grants ORDER BY 1",
		want: "r1admin- r1p1 r2matex r2p1 r3libre-",
		kept: []string{
			"Role with id = \"r2\": it was changed since",
			"Grants with role = \"r1\", permission = \"p2\": the row of Permission to which it " +
				"referred is gone",
			"Grants with role = \"r2\", permission = \"p1\": UNIQUE constraint failed: " +
				"Grants.role, Grants.permission",
		},
	},
	{
		title: "updated rows", setup: roles, policy: apply.Update,
		seed: "INSERT INTO Role VALUES('r1', 'admin', 'seed'), ('r2', 'user', 'seed'), " +
			"('r3', 'free', 'seed'), ('r4', 'new', NULL);",
		meanwhile: "UPDATE Role SET note = 'mine' WHERE id = 'r3'",
		rows:      "SELECT id || name || coalesce(note, '-') FROM Role",
		want:      "r1admin- r2userx r3freemine",
		kept:      []string{`Role with id = "r3": it was changed since`},
	},
	{
		title: "renumbered rows", setup: people + "INSERT INTO User VALUES(11, 'eve', NULL);",
		policy: apply.Renumber, seed: peopleSeed,
		meanwhile: "INSERT INTO Note VALUES('n', 11)",
		rows:      peopleRows, want: "11eveNULL 1annNULL a1 n11",
	},
	{
		title: "adopted rows", policy: apply.Adopt,
		setup: people + "INSERT INTO User VALUES(50, 'bob', NULL);", seed: peopleSeed,
		rows: peopleRows, want: "1annNULL 50bobNULL a1",
	},
	{
		title: "a schema that has changed since", setup: people + "CREATE TABLE old(id INTEGER " +
			"PRIMARY KEY)", seed: peopleSeed + "INSERT INTO old VALUES(1);",
		meanwhile: "ALTER TABLE Note ADD COLUMN x; DROP TABLE old",
		rows:      "SELECT count(*) FROM Note", want: "3",
		kept: []string{
			`Note with id = "b": the table has other columns since`,
			`Note with id = "c": the table has other columns since`,
			"old with id = 1: the table is gone",
			"User with id = 11: User with id = 12 refers to it",
			`User with id = 12: Note with id = "c" refers to it`,
		},
	},
}

func TestUndo(t *testing.T) {
	for _, tt := range undoTests {
		for _, mode := range []string{"wal", "delete"} {
			t.Run(tt.title+", "+mode, func(t *testing.T) {
				db := testdb.Make(t, mode, tt.setup)
				run := applied(t, db, tt.seed, apply.Options{
					Edits: edits(tt.edits...), OnConflict: tt.policy,
				})
				testdb.Change(t, db, "PRAGMA foreign_keys = ON;"+tt.meanwhile)
				before := dumped(t, db)
				plan, err := apply.PreviewUndo(t.Context(), run, db, apply.UndoOptions{})
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(before, dumped(t, db)); diff != "" {
					t.Errorf("the preview has written:\n%s", diff)
				}
				result, err := undo(t, run, db, apply.UndoOptions{})
				if err != nil {
					t.Fatal(err)
				}
				got := strings.TrimSpace(strings.ReplaceAll(query(t, db, tt.rows), "\n", " "))
				if got != tt.want {
					t.Errorf("the target has %s, want %s", got, tt.want)
				}
				var kept []string
				for _, k := range plan.Kept {
					kept = append(kept, k.String())
				}
				if diff := cmp.Diff(tt.kept, kept); diff != "" {
					t.Errorf("kept (-want +got):\n%s", diff)
				}
				if plan.Stays() != int64(len(tt.kept)) || plan.Gone() != tt.gone {
					t.Errorf("the plan counts %+v", plan.Tables)
				}
				if diff := cmp.Diff(plan.Tables, result.Tables); diff != "" && plan.Changes() > 0 {
					t.Errorf("done (-planned +done):\n%s", diff)
				}
				const check = "SELECT count(*) FROM pragma_foreign_key_check"
				if got := query(t, db, check); got != "0\n" {
					t.Errorf("%s rows dangle", got)
				}
				testdb.Change(t, db, tt.again)
				again, err := undo(t, run, db, apply.UndoOptions{})
				if err != nil || again.Plan.Changes() > 0 || again.Backup.Path != "" {
					t.Errorf("undone again: %+v, %v", again.Plan.Tables, err)
				}
			})
		}
	}
}

// applied runs a seed, and returns the ID of the run.
func applied(t *testing.T, db, seed string, opts apply.Options) string {
	t.Helper()
	result, err := script(t, db, seed, opts)
	if err != nil || result.JournalErr != nil {
		t.Fatal(err, result.JournalErr)
	}
	return idOf(t, db, result.Backup.Path)
}

// idOf returns the ID of the run with a backup.
func idOf(t *testing.T, db, path string) string {
	t.Helper()
	runs, err := backup.Runs(t.Context(), db, filepath.Dir(path))
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range runs {
		if r.Backup == path {
			return r.ID
		}
	}
	t.Fatalf("no run has the backup %s: %+v", path, runs)
	return ""
}

func undo(t *testing.T, run, db string, opts apply.UndoOptions) (apply.UndoResult, error) {
	t.Helper()
	opts.Now = testdb.Now.Add(time.Hour)
	return apply.Undo(t.Context(), run, db, opts)
}
