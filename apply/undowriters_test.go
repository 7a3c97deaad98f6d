package apply_test

import (
	"fmt"
	"sync"
	"testing"

	"github.com/seedkit/seedkit/apply"
	"github.com/seedkit/seedkit/backup"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/testdb"
)

// TestUndoAmongWriters has eight writers from before the plan until after the undo. Each inserts
// rows of its own, and refers to a row of the run now and then. Afterwards every row that a writer
// has committed is there, and so is each row of the run to which one refers, and no other.
func TestUndoAmongWriters(t *testing.T) {
	const writers = 8
	for _, mode := range []string{"wal", "delete"} {
		t.Run(mode, func(t *testing.T) {
			db := testdb.Make(t, mode, `
				CREATE TABLE User(id INTEGER PRIMARY KEY, name TEXT UNIQUE);
				CREATE TABLE Note(writer INT, n INT, owner INT REFERENCES User ON DELETE CASCADE);
				CREATE INDEX owners ON Note(owner); INSERT INTO User VALUES(0, 'own');`)
			seed := ""
			for i := 1; i <= 200; i++ {
				seed += fmt.Sprintf("INSERT INTO User VALUES(%d, 'seeded %[1]d');", i)
			}
			run := applied(t, db, seed, apply.Options{})
			w := startWriters(t, db, writers)
			result, err := undo(t, run, db, apply.UndoOptions{
				BackedUp: func(backup.Manifest) { w.writeMore() }, BusyTimeout: lockedFor,
			})
			w.end()
			if err != nil {
				t.Fatal(err)
			}
			if result.Tables[0].Deleted+result.Tables[0].Kept != 200 {
				t.Errorf("the undo counts %+v", result.Tables)
			}
			if got := query(t, db, "SELECT count(*) FROM Note"); got != fmt.Sprintln(w.total()) {
				t.Errorf("%s notes, want %d", got, w.total())
			}
			const dangling = "SELECT count(*) FROM pragma_foreign_key_check"
			if got := query(t, db, dangling); got != "0\n" {
				t.Errorf("%s references dangle", got)
			}
			const left = "SELECT count(*) FROM User WHERE id > 0"
			if got := query(t, db, left); got != fmt.Sprintln(result.Tables[0].Kept) {
				t.Errorf("%s rows of the run are left, the undo says %d",
					got, result.Tables[0].Kept)
			}
		})
	}
}

// lockedFor is how long a writer waits for the lock.
const lockedFor = 60e9

// writers write to a database at the same time.
type writers struct {
	done    chan struct{}
	running sync.WaitGroup
	mu      sync.Mutex
	written int64
}

func startWriters(t *testing.T, db string, n int) *writers {
	t.Helper()
	w := &writers{done: make(chan struct{})}
	for i := range n {
		c := testdb.Connect(t, db, sqlite.ReadWrite)
		testdb.Execute(t, c, "PRAGMA foreign_keys = ON; PRAGMA synchronous = OFF")
		c.SetBusyTimeout(lockedFor)
		w.running.Go(func() {
			for k := 0; ; k++ {
				select {
				case <-w.done:
					return
				default:
				}
				owner := 0
				if k%10 == 0 {
					owner = 1 + (k/10*n+i)%200
				}
				err := c.Exec("INSERT INTO Note SELECT ?, ?, id FROM User WHERE id IN (0, ?) "+
					"ORDER BY id DESC LIMIT 1", i, k, owner)
				if err != nil {
					t.Errorf("writer %d: %v", i, err)
					return
				}
				w.mu.Lock()
				w.written++
				w.mu.Unlock()
			}
		})
	}
	return w
}

// writeMore returns after each writer could write again.
func (w *writers) writeMore() {
	for begun := w.total(); w.total() < begun+50; {
	}
}

func (w *writers) total() int64 {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.written
}

func (w *writers) end() {
	close(w.done)
	w.running.Wait()
}
