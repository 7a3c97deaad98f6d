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

// editTarget is the variable that names the target of the process that is killed.
const editTarget = "SEEDKIT_TEST_EDIT_TARGET"

const editedRows = 2000

// TestEditsKilled kills runs at instants that are spread over all of a run. The target then has all
// of the edits and the insertions, or none, and the next run finishes.
func TestEditsKilled(t *testing.T) {
	if target := os.Getenv(editTarget); target != "" {
		editAll(t, target)
		return
	}
	rounds := 10
	if testing.Short() {
		rounds = 4
	}
	for _, mode := range []string{"wal", "delete"} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			db := editedDatabase(t, mode)
			start := time.Now()
			editAll(t, db)
			took := time.Since(start) * 2 // the process needs time to begin
			for i := range rounds {
				db := editedDatabase(t, mode)
				killEdits(t, db, took*time.Duration(i)/time.Duration(rounds-2))
				if got := editState(t, db); got != "before" && got != "after" {
					t.Fatalf("killed in round %d, the target has %s", i, got)
				}
				editAll(t, db)
				if got := editState(t, db); got != "after" {
					t.Errorf("after the next run, the target has %s", got)
				}
			}
		})
	}
}

func editedDatabase(t *testing.T, mode string) string {
	t.Helper()
	return testdb.Make(t, mode, fmt.Sprintf(`
		CREATE TABLE n(id INTEGER PRIMARY KEY, x TEXT UNIQUE); CREATE TABLE other(x);
		WITH RECURSIVE i(i) AS (VALUES(1) UNION ALL SELECT i + 1 FROM i WHERE i < %d)
		INSERT INTO n SELECT i, printf('%%0300d', i) FROM i;`, editedRows))
}

// editAll deletes every second row, changes the others, and inserts a row. A target that has the
// edits gets none.
func editAll(t *testing.T, db string) {
	t.Helper()
	opts := apply.Options{}
	if editState(t, db) != "after" {
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

func killEdits(t *testing.T, db string, after time.Duration) {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^TestEditsKilled$")
	cmd.Env = append(os.Environ(), editTarget+"="+db)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	time.Sleep(after)
	cmd.Process.Kill()
	cmd.Wait()
}

// editState says whether a target has all of the change or nothing of it.
func editState(t *testing.T, db string) string {
	t.Helper()
	c := testdb.Connect(t, db, sqlite.ReadWrite)
	defer c.Close()
	got := strings.TrimSpace(testdb.Text(t, c, `SELECT count(*) || ' ' ||
		sum(x LIKE 'new %') || ' ' || sum(x = 'inserted') || ' ' ||
		(SELECT integrity_check FROM pragma_integrity_check) FROM n`))
	switch got {
	case fmt.Sprintf("%d 0 0 ok", editedRows):
		return "before"
	case fmt.Sprintf("%d %d 1 ok", editedRows/2+1, editedRows/2):
		return "after"
	}
	return got
}
