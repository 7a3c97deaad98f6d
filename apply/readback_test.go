package apply_test

import (
	"errors"
	"testing"

	"github.com/seedkit/seedkit/apply"
	"github.com/seedkit/seedkit/internal/testdb"
)

// TestRunReadsBack holds that a run notices if the rows are other ones right after the commit.
func TestRunReadsBack(t *testing.T) {
	const tables = `
		CREATE TABLE Plan(id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT UNIQUE, price REAL);
		INSERT INTO Plan VALUES(1, 'free', 0), (2, 'team', 5), (3, 'old', 7);`
	const seed = "INSERT INTO Plan VALUES(2, 'team', 6), (4, 'firm', 9);"
	changes := []edit{
		{Table: "Plan", Where: values{"id": 1}, Set: values{"price": 1}},
		{Table: "Plan", Where: values{"id": 3}},
	}
	for _, test := range []struct{ title, meanwhile string }{
		{"nothing", ""},
		{"a row of others", "INSERT INTO Plan VALUES(9, 'mine', 1)"},
		{"a row inserted is gone", "DELETE FROM Plan WHERE id = 4"},
		{"a row inserted has other values", "UPDATE Plan SET price = 8 WHERE id = 4"},
		{"a row updated is gone", "DELETE FROM Plan WHERE id = 2"},
		{"a row updated has its old value", "UPDATE Plan SET price = 5 WHERE id = 2"},
		{"a row edited is gone", "DELETE FROM Plan WHERE id = 1"},
		{"a row edited has its old value", "UPDATE Plan SET price = 0 WHERE id = 1"},
		{"a row deleted is there", "INSERT INTO Plan VALUES(3, 'old', 7)"},
		{"the counter is lower", "UPDATE sqlite_sequence SET seq = 1"},
	} {
		for _, mode := range []string{"wal", "delete"} {
			t.Run(test.title+"/"+mode, func(t *testing.T) {
				db := testdb.Make(t, mode, tables)
				wrote := false
				result, err := script(t, db, seed, apply.Options{
					OnConflict: apply.Update, Edits: edits(changes...),
					Progress: func(p apply.Progress) {
						const done = "SELECT count(*) FROM Plan WHERE name = 'firm'"
						if p.Stage == apply.Verifying && !wrote && query(t, db, done) == "1\n" {
							wrote = true
							testdb.Change(t, db, test.meanwhile)
						}
					},
				})
				if !wrote {
					t.Fatal("nothing was read back")
				}
				want := test.title != "nothing" && test.title != "a row of others"
				if got := errors.Is(err, apply.ErrCommitted); got != want || !want && err != nil {
					t.Errorf("got %v, want ErrCommitted: %v", err, want)
				}
				if result.Inserted != 1 || result.Updated != 2 || result.Deleted != 1 {
					t.Errorf("got %+v", result)
				}
				if result.Backup.Path == "" {
					t.Error("the result has no backup")
				}
			})
		}
	}
}
