package apply

import (
	"strings"
	"testing"

	"github.com/seedkit/seedkit/internal/testdb"
)

// TestDraftable has runs whose plan may be kept as pages, and runs for which the transaction must
// insert the rows again.
func TestDraftable(t *testing.T) {
	const tables = "CREATE TABLE a(id INTEGER PRIMARY KEY, x DEFAULT 1);" +
		"CREATE TABLE b(id TEXT PRIMARY KEY, a REFERENCES a(id));"
	const plain = "INSERT INTO a VALUES(1, 2); INSERT INTO b VALUES('b', 1)"
	tests := []struct {
		name, target, seed string
		opts               Options
		want               bool
	}{
		{"plain rows", tables, plain, Options{}, true},
		{"skipped rows", tables + "INSERT INTO a VALUES(1, 3)",
			plain + "; INSERT INTO a VALUES(5, 5)", Options{OnConflict: Skip}, true},
		{"a row in conflict", tables + "INSERT INTO a VALUES(1, 3)", plain, Options{}, false},
		{"a refused row", tables, plain + "; INSERT INTO b VALUES('c', 99)", Options{}, false},
		{"nothing new", tables + plain, plain, Options{}, false},
		{"a default of the script", tables, "INSERT INTO a(id) VALUES(1)", Options{}, false},
		{"a default of the target", tables + "ALTER TABLE a ADD y DEFAULT 7",
			tables + plain, Options{}, false},
		{"a trigger", tables + "CREATE TRIGGER t AFTER INSERT ON a BEGIN SELECT 1; END", plain,
			Options{AllowTriggers: true}, false},
		{"updates", tables, plain, Options{OnConflict: Update}, false},
		{"moved rows", tables, plain, Options{OnConflict: Renumber}, false},
		{"pages that move", "PRAGMA auto_vacuum = FULL;" + tables, plain, Options{}, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			test.opts.Script = strings.NewReader(test.seed)
			db := testdb.Make(t, "delete", test.target)
			r, err := open(t.Context(), "seed", db, test.opts)
			if err != nil {
				t.Fatal(err)
			}
			defer r.close()
			if got := r.draft != nil; got != test.want {
				t.Errorf("got a draft: %v, want %v; the plan is %+v", got, test.want, r.plan)
			}
		})
	}
}
