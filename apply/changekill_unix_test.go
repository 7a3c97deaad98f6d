//go:build unix

package apply_test

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/seedkit/seedkit/apply"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/testdb"
)

// The variables that name the target of the process that is killed, and the kind of its run.
const (
	killedTarget = "SEEDKIT_TEST_KILLED_TARGET"
	killedKind   = "SEEDKIT_TEST_KILLED_KIND"
)

const editedRows = 2000

// killedRun is a run that is killed, on the tables of its target. before and after are what state
// selects from a target without and with the changes.
type killedRun struct {
	tables        string
	run           func(*testing.T, string)
	state         string
	before, after string
}

var killedRuns = map[string]killedRun{"edits": killedEdits, "policies": killedPolicies}

// TestChangesKilled kills runs at instants that are spread over all of a run. The target then has
// all of the changes, or none, and the next run finishes.
func TestChangesKilled(t *testing.T) {
	if target := os.Getenv(killedTarget); target != "" {
		killedRuns[os.Getenv(killedKind)].run(t, target)
		return
	}
	rounds := 8
	if testing.Short() {
		rounds = 4
	}
	for kind, run := range killedRuns {
		for _, mode := range []string{"wal", "delete"} {
			t.Run(kind+"/"+mode, func(t *testing.T) {
				t.Parallel()
				db := testdb.Make(t, mode, run.tables)
				start := time.Now()
				run.run(t, db)
				took := time.Since(start) * 2 // the process needs time to begin
				for i := range rounds {
					db := testdb.Make(t, mode, run.tables)
					killChanges(t, kind, db, took*time.Duration(i)/time.Duration(rounds-2))
					if got := run.found(t, db); got != run.before && got != run.after {
						t.Fatalf("killed in round %d, the target has %s", i, got)
					}
					run.run(t, db)
					if got := run.found(t, db); got != run.after {
						t.Errorf("after the next run, the target has %s", got)
					}
				}
			})
		}
	}
}

// found returns what the state selects, and what SQLite says of the file.
func (k killedRun) found(t *testing.T, db string) string {
	t.Helper()
	c := testdb.Connect(t, db, sqlite.ReadWrite)
	defer c.Close()
	got := testdb.Text(t, c, k.state)
	if ok := testdb.Text(t, c, "PRAGMA integrity_check"); ok != "ok\n" {
		got += ok
	}
	return strings.TrimSpace(got)
}

func killChanges(t *testing.T, kind, db string, after time.Duration) {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^TestChangesKilled$")
	cmd.Env = append(os.Environ(), killedTarget+"="+db, killedKind+"="+kind)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	time.Sleep(after)
	cmd.Process.Kill()
	cmd.Wait()
}

var killedEdits = killedRun{
	tables: fmt.Sprintf(`
		CREATE TABLE n(id INTEGER PRIMARY KEY, x TEXT UNIQUE); CREATE TABLE other(x);
		WITH RECURSIVE i(i) AS (VALUES(1) UNION ALL SELECT i + 1 FROM i WHERE i < %d)
		INSERT INTO n SELECT i, printf('%%0300d', i) FROM i;`, editedRows),
	run: editAll,
	state: "SELECT count(*) || ' ' || sum(x LIKE 'new %') || ' ' || sum(x = 'inserted') " +
		"FROM n",
	before: fmt.Sprintf("%d 0 0", editedRows),
	after:  fmt.Sprintf("%d %d 1", editedRows/2+1, editedRows/2),
}

// editAll deletes every second row, changes the others, and inserts a row. A target that has the
// edits gets none.
func editAll(t *testing.T, db string) {
	t.Helper()
	opts := apply.Options{}
	if query(t, db, "SELECT count(*) FROM n WHERE x = 'inserted'") == "0\n" {
		opts.Edits = func(yield func(apply.Edit, error) bool) {
			for i := 1; i <= editedRows; i += 2 {
				change := apply.Edit{
					Table: "n", Where: values{"id": i + 1}, Set: values{"x": fmt.Sprint("new ", i)},
				}
				gone := apply.Edit{Table: "n", Where: values{"id": i}}
				if !yield(gone, nil) || !yield(change, nil) {
					return
				}
			}
		}
	}
	if _, err := script(t, db, "INSERT INTO n VALUES(10000, 'inserted');", opts); err != nil {
		t.Fatal(err)
	}
}

// The target has another id for every second row.
var killedPolicies = killedRun{
	tables: fmt.Sprintf(`
		CREATE TABLE n(id INTEGER PRIMARY KEY, x TEXT UNIQUE, y);
		CREATE TABLE child(n INTEGER PRIMARY KEY REFERENCES n(id));
		CREATE TABLE m(id INTEGER PRIMARY KEY, x UNIQUE);
		INSERT INTO m VALUES(1, 'there');
		WITH RECURSIVE i(i) AS (VALUES(1) UNION ALL SELECT i + 1 FROM i WHERE i < %d)
		INSERT INTO n SELECT i, printf('%%0300d', i), 'old' FROM i;`, editedRows),
	run: settleAll,
	state: `SELECT sum(y = 'new') || ' ' || (SELECT count(*) FROM child) || ' ' ||
		(SELECT group_concat(id || x, ' ') FROM m) FROM n`,
	before: "0 0 1there",
	after:  fmt.Sprintf("%d %d 1there 2mine", editedRows, editedRows),
}

// settleAll updates all rows, inserts a row that refers to each, and renumbers a row.
func settleAll(t *testing.T, db string) {
	t.Helper()
	var seed strings.Builder
	for i := 1; i <= editedRows; i++ {
		id := i + editedRows*(i%2)
		fmt.Fprintf(&seed, "INSERT INTO n VALUES(%d, '%0300d', 'new');", id, i)
		fmt.Fprintf(&seed, "INSERT INTO child VALUES(%d);", id)
	}
	seed.WriteString("INSERT INTO m VALUES(1, 'mine');")
	_, err := script(t, db, seed.String(), apply.Options{OnConflictIn: map[string]apply.Policy{
		"n": apply.Update, "m": apply.Renumber,
	}})
	if err != nil {
		t.Fatal(err)
	}
}
