package apply_test

import (
	"errors"
	"io/fs"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seedkit/seedkit/apply"
	"github.com/seedkit/seedkit/backup"
	"github.com/seedkit/seedkit/internal/testdb"
)

// meanwhile lets the app change a database while the user is asked.
func meanwhile(t *testing.T, db, sql string) func(apply.Plan) (bool, error) {
	return func(apply.Plan) (bool, error) {
		testdb.Change(t, db, sql)
		return true, nil
	}
}

// TestMendedReferenceHidesNoOther has seeds that give a dangling reference its row and leave
// another one without. As many references dangle before as after.
func TestMendedReferenceHidesNoOther(t *testing.T) {
	const (
		folders = "CREATE TABLE folder(id INTEGER PRIMARY KEY, parentId REFERENCES folder);" +
			"INSERT INTO folder VALUES(1, 100), (200, NULL)" // folder 100 is missing
		child      = "INSERT INTO folder VALUES(2, 200), (100, NULL)"
		noChild    = "INSERT INTO folder VALUES(100, NULL)"
		takesKey   = "DELETE FROM folder WHERE id = 200"
		givesChild = "INSERT INTO folder VALUES(3, 200)"
	)
	trigger := func(body string) string {
		return folders + "; CREATE TRIGGER t AFTER INSERT ON folder WHEN new.id = 100 BEGIN " +
			body + "; END"
	}
	tests := []struct {
		name, target, seed, others string
		edits                      []edit
		want                       string
	}{
		{"a key that the app takes away", folders, child, takesKey, nil,
			"insert into folder the row with id = 2: there is no row of folder for parentId = 200"},
		{"a child that the app inserts", folders, noChild, givesChild,
			[]edit{{Table: "folder", Where: values{"id": 200}}},
			"foreign keys would be violated: folder with id = 3: " +
				"there is no row of folder for parentId = 200; rolled back"},
		{"a key that an edit changes", folders + "; " + givesChild, noChild, "",
			[]edit{{Table: "folder", Where: values{"id": 200}, Set: values{"id": 201}}},
			"foreign keys would be violated: folder with id = 3: " +
				"there is no row of folder for parentId = 200"},
		{"a reference that an edit changes", folders + "; " + givesChild, noChild, "",
			[]edit{{Table: "folder", Where: values{"id": 3}, Set: values{"parentId": 300}}},
			"foreign keys would be violated: folder with id = 3: " +
				"there is no row of folder for parentId = 300"},
		{"a key that a trigger takes", trigger(takesKey) + "; " + givesChild, noChild, "", nil,
			"insert into folder the row with id = 3: there is no row of folder for parentId = 200"},
		{"a row that a trigger inserts", trigger("INSERT INTO folder VALUES(4, 400)"), noChild, "",
			nil,
			"insert into folder the row with id = 4: there is no row of folder for parentId = 400"},
		{"a default", folders + "; CREATE TABLE file(id INTEGER PRIMARY KEY, " +
			"folder DEFAULT 7 REFERENCES folder)",
			noChild + "; INSERT INTO file(id) VALUES(1)", "", nil,
			"insert into file the row with id = 1: there is no row of folder for folder = 7"},
	}
	for _, test := range tests {
		for _, mode := range []string{"wal", "delete"} {
			t.Run(test.name+" "+mode, func(t *testing.T) {
				db := testdb.Make(t, mode, test.target)
				opts := apply.Options{AllowTriggers: true}
				if test.edits != nil {
					opts.Edits = edits(test.edits...)
				}
				if test.others != "" {
					opts.Confirm = meanwhile(t, db, test.others)
				}
				const content = "SELECT quote(id) || quote(parentId) FROM folder"
				before := query(t, db, content)
				_, err := script(t, db, test.seed, opts)
				if err == nil || err.Error() != test.want {
					t.Errorf("got  %v\nwant %s", err, test.want)
				}
				if got := query(t, db, content); test.others == "" && got != before {
					t.Errorf("the database was changed: %s", got)
				}
			})
		}
	}
}

// TestMendingIsAllowed has rows that dangle before and after, and rows that others mend.
func TestMendingIsAllowed(t *testing.T) {
	const target = "CREATE TABLE folder(id INTEGER PRIMARY KEY, parentId REFERENCES folder, x);" +
		"CREATE TABLE log(x);" +
		"INSERT INTO folder VALUES(1, 100, 0), (2, 999, 0), (3, 1, 0);" +
		"CREATE TRIGGER t AFTER INSERT ON log BEGIN UPDATE folder SET x = x + 1; END"
	db := testdb.Make(t, "wal", target)
	_, err := script(t, db, "INSERT INTO folder VALUES(5, 6, 0), (6, 100, 0), (100, NULL, 0);"+
		"INSERT INTO log VALUES(1)", apply.Options{
		AllowTriggers: true,
		Edits: edits(
			edit{Table: "folder", Where: values{"id": 3}, Set: values{"parentId": nil}},
			edit{Table: "folder", Where: values{"id": 2}, Set: values{"id": 4}}),
	})
	if err != nil {
		t.Error(err)
	}
}

// TestTransactionReadsOnlyWhatItTouches spoils, after the backup, the pages of a table that refers
// to the seed's table and that nothing of the seed touches.
func TestTransactionReadsOnlyWhatItTouches(t *testing.T) {
	const big = "; CREATE TABLE big(id INTEGER PRIMARY KEY, owner REFERENCES User, t);" +
		"WITH RECURSIVE n(i) AS (VALUES(1) UNION ALL SELECT i + 1 FROM n WHERE i < 2000)" +
		"INSERT INTO big SELECT i, 'a', printf('%0500d', i) FROM n"
	const row = "INSERT INTO User VALUES('c', 'cid@example.com', 'Cid');" +
		"INSERT INTO Note(id, owner) VALUES(90, 'c')"
	const fires = "; CREATE TRIGGER t AFTER INSERT ON User BEGIN INSERT INTO log VALUES(1); END"
	tests := []struct {
		name, target string
		edits        []edit
	}{
		{"rows", testdb.Users + big, nil},
		{"rows and edits", testdb.Users + big,
			[]edit{{Table: "User", Where: values{"id": "b"}, Set: values{"name": "Bo"}}}},
		{"a trigger", testdb.Users + fires + big, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			db := testdb.Make(t, "delete", test.target)
			opts := apply.Options{
				AllowTriggers: true,
				BackedUp:      func(backup.Manifest) { spoilEnd(t, db, 100) },
			}
			if test.edits != nil {
				opts.Edits = edits(test.edits...)
			}
			if _, err := script(t, db, row, opts); err != nil {
				t.Error(err)
			}
		})
	}
}

// spoilEnd overwrites the last pages of a database.
func spoilEnd(t *testing.T, db string, pages int64) {
	t.Helper()
	f, err := os.OpenFile(db, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteAt(make([]byte, pages*4096), info.Size()-pages*4096); err != nil {
		t.Fatal(err)
	}
}

// TestChangedWhileAsked has an app that changes more than rows between the plan and the write.
func TestChangedWhileAsked(t *testing.T) {
	const mail = "CREATE TRIGGER mail AFTER INSERT ON User BEGIN INSERT INTO log VALUES(1); END"
	tests := []struct{ name, sql, want string }{
		{"a trigger", mail, "trigger mail is new"},
		{"a column", "ALTER TABLE User ADD COLUMN age", "table User has changed"},
		{"an index", "CREATE UNIQUE INDEX one ON User(name)", "index one is new"},
		{"a table that is gone", "DROP TABLE log", "table log is gone"},
	}
	for _, test := range tests {
		for _, mode := range []string{"wal", "delete"} {
			t.Run(test.name+" "+mode, func(t *testing.T) {
				db := testdb.Make(t, mode, testdb.Users)
				_, err := script(t, db, newUser, apply.Options{
					AllowTriggers: true, Confirm: meanwhile(t, db, test.sql),
				})
				changed, ok := errors.AsType[*apply.ChangedError](err)
				if !ok || changed.What != test.want {
					t.Errorf("got %v, want %s", err, test.want)
				}
				if got := countUsers(t, db); got != "2\n" {
					t.Errorf("%s users, want 2", got)
				}
			})
		}
	}
	t.Run("only rows and statistics", func(t *testing.T) {
		db := testdb.Make(t, "wal", testdb.Users)
		_, err := script(t, db, newUser, apply.Options{
			Confirm: meanwhile(t, db, "INSERT INTO log VALUES('x'); ANALYZE"),
		})
		if err != nil || countUsers(t, db) != "3\n" {
			t.Errorf("got %v, %s users", err, countUsers(t, db))
		}
	})
	t.Run("a trigger that the plan did not fire", func(t *testing.T) {
		db := testdb.Make(t, "wal", testdb.Users+mail)
		const seed = "INSERT INTO User VALUES('b', 'bob@example.com', NULL);" +
			"INSERT INTO log VALUES('new')"
		opts := apply.Options{Confirm: meanwhile(t, db, "DELETE FROM User WHERE id = 'b'")}
		_, err := script(t, db, seed, opts)
		if diff := cmp.Diff(&apply.TriggersError{
			Triggers: []apply.Trigger{{Table: "User", Name: "mail"}},
		}, err); diff != "" {
			t.Error(diff)
		}
		if got := countUsers(t, db); got != "1\n" {
			t.Errorf("%s users, want 1", got)
		}
	})
}

func countUsers(t *testing.T, db string) string {
	t.Helper()
	return query(t, db, "SELECT count(*) FROM User")
}

// TestReplacedWhileAsked has another file in the place of the database. In WAL mode SQLite would
// write into the file that nobody can open any more.
func TestReplacedWhileAsked(t *testing.T) {
	for _, replace := range []func(db string) error{
		func(db string) error { return os.Rename(db+".copy", db) },
		os.Remove,
	} {
		for _, mode := range []string{"wal", "delete"} {
			db := testdb.Make(t, mode, testdb.Users)
			content, err := os.ReadFile(db)
			if err == nil {
				err = os.WriteFile(db+".copy", content, 0o600)
			}
			if err != nil {
				t.Fatal(err)
			}
			_, err = script(t, db, newUser, apply.Options{
				BackedUp: func(backup.Manifest) {
					if err := replace(db); err != nil {
						t.Error(err)
					}
				},
			})
			if !errors.As(err, new(*apply.ChangedError)) {
				t.Errorf("%s: got %v", mode, err)
			}
			if _, err := os.Stat(db); err == nil {
				if got := countUsers(t, db); got != "2\n" {
					t.Errorf("%s: %s users, want 2", mode, got)
				}
			} else if !errors.Is(err, fs.ErrNotExist) {
				t.Error(err)
			}
		}
	}
}
