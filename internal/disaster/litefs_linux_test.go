package disaster

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seedkit/seedkit/backup"
	"github.com/seedkit/seedkit/internal/authority"
)

// TestLiteFS applies, undoes and restores on the primary of two nodes, and kills seedkit at moments
// that are spread over each run. The replica gets what the primary has, with the same checksum.
// Nothing is written on the replica, nor without a primary.
func TestLiteFS(t *testing.T) {
	primary, replica := newCluster(t, authority.LiteFS(t))
	for _, mode := range []string{"wal", "delete"} {
		t.Run(mode, func(t *testing.T) {
			d := replicate(t, primary, replica, mode)
			d.refuses(t, "the primary is first")
			for _, v := range replicatedVerbs {
				t.Run(v.name, func(t *testing.T) { d.survivesKills(t, v) })
			}
		})
	}
	t.Run("without a primary", func(t *testing.T) {
		d := replicate(t, primary, replica, "wal")
		before := primary.position(d.name)
		primary.stop()
		replica.await(t, "the replica still has a primary", func() bool {
			_, err := os.Stat(filepath.Join(replica.mount(), ".primary"))
			return errors.Is(err, os.ErrNotExist)
		})
		d.refuses(t, "which has no primary at present")
		primary.start(t) // LiteFS compares the checksum with the database
		primary.await(t, "the database is not there again", func() bool {
			return primary.position(d.name) != ""
		})
		if after := d.await(t); before != after {
			t.Errorf("the position was %s, and is %s", before, after)
		}
	})
}

// replicated is a database on two nodes. The folder of the scene has the seed and the backups.
type replicated struct {
	*scene
	primary, replica *node
	name             string
}

const (
	replicatedTables = `
		CREATE TABLE User (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
		CREATE TABLE Note (
			id INTEGER PRIMARY KEY, text TEXT, ownerId INTEGER NOT NULL REFERENCES User
		);`
	replicatedRows = `; BEGIN;
		WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 700)
			INSERT INTO User SELECT i + $0000, $ || ' user ' || i FROM n;
		INSERT INTO Note SELECT id, printf('%0500d', id), id FROM User;
		COMMIT;`
)

// A replicatedVerb is a verb that is tried on two nodes: what it needs first, and its arguments.
type replicatedVerb struct {
	name    string
	prepare func(*testing.T, *replicated) (args []string)
}

var replicatedVerbs = []replicatedVerb{
	{"apply", func(t *testing.T, d *replicated) []string { return d.applies() }},
	{"undo", func(t *testing.T, d *replicated) []string {
		d.seedkit(t, d.applies()...)
		runs, err := backup.Runs(t.Context(), d.on(d.primary), d.dir)
		if err != nil || len(runs) != 1 {
			t.Fatalf("runs: %v, %v", runs, err)
		}
		return []string{"undo", runs[0].ID, "--to", d.on(d.primary), "--backup-dir", d.dir, "--yes"}
	}},
	{"restore", func(t *testing.T, d *replicated) []string {
		d.execute(t, d.on(d.primary), "INSERT INTO User VALUES(90001, 'late')")
		return d.restores()
	}},
}

func (d *replicated) restores() []string {
	return []string{"restore", "old.db", "--to", d.on(d.primary), "--backup-dir", d.dir, "--yes"}
}

func (d *replicated) applies() []string {
	return []string{"apply", "seed.db", "--to", d.on(d.primary), "--backup-dir", d.dir, "--yes"}
}

// replicate makes a database on the primary, or one with another name in the same journal mode.
func replicate(t *testing.T, primary, replica *node, mode string) *replicated {
	t.Helper()
	d := &replicated{
		scene: &scene{mode: mode, dir: t.TempDir()}, primary: primary, replica: replica,
		name: strings.ReplaceAll(t.Name(), "/", "-") + ".db",
	}
	d.execute(t, "seed.db", replicatedTables+strings.ReplaceAll(replicatedRows, "$", "2"))
	d.execute(t, d.on(primary), "PRAGMA journal_mode="+mode+";"+replicatedTables+
		strings.ReplaceAll(replicatedRows, "$", "1"))
	d.seedkit(t, "backup", d.on(primary), "-o", "old.db")
	d.before = d.same(t)
	return d
}

// on returns the path of the database on a node.
func (d *replicated) on(n *node) string { return filepath.Join(n.mount(), d.name) }

// seedkit runs seedkit on the primary. It must succeed.
func (d *replicated) seedkit(t *testing.T, args ...string) {
	t.Helper()
	how := d.end(t, d.primary.inside(t.Context(), "seedkit", args...))
	if how.code != 0 {
		t.Fatalf("seedkit %q: exit code %d\n%s", args, how.code, how.stderr)
	}
}

// await waits until the replica has the primary's position, and returns it.
func (d *replicated) await(t *testing.T) string {
	t.Helper()
	d.replica.await(t, "the replica does not get the primary's position", func() bool {
		p := d.primary.position(d.name)
		return p != "" && p == d.replica.position(d.name)
	})
	return d.primary.position(d.name)
}

// same returns the content of the primary, which the replica must have, too.
func (d *replicated) same(t *testing.T) content {
	t.Helper()
	d.await(t)
	first, second := d.content(t, d.on(d.primary)), d.content(t, d.on(d.replica))
	if first != second {
		t.Errorf("the replica differs (-primary +replica):\n%.2000s%.2000s",
			cmp.Diff(first.checks, second.checks), cmp.Diff(first.script, second.script))
	}
	return first
}

// refuses checks that nothing is written on the replica.
func (d *replicated) refuses(t *testing.T, why string) {
	t.Helper()
	for _, args := range [][]string{
		{"apply", "seed.db", "--to", d.on(d.replica), "--backup-dir", d.dir, "--yes"},
		{"restore", "old.db", "--to", d.on(d.replica), "--backup-dir", d.dir, "--yes"},
	} {
		how := d.end(t, d.replica.inside(t.Context(), "seedkit", args...))
		if how.code != 4 || !strings.Contains(how.stderr, why) {
			t.Errorf("seedkit %q: exit code %d, want 4 and %q\n%s", args, how.code, why, how.stderr)
		}
	}
}

// survivesKills kills a verb at several moments. After each kill and the next run the nodes are the
// same.
func (d *replicated) survivesKills(t *testing.T, v replicatedVerb) {
	rounds := 3
	if isEveryCall() {
		rounds = 50
	}
	tell := newTally(t)
	var whole time.Duration
	var after content
	for i := range rounds + 1 {
		args := v.prepare(t, d)
		before := d.same(t)
		begin := time.Now()
		if i > 0 {
			cmd := d.primary.inside(t.Context(), "seedkit", args...)
			d.kill(t, cmd, whole*time.Duration(i)/time.Duration(rounds))
			switch got := d.same(t); got {
			case before, after:
				tell.count("killed, done: %v", got == after)
			default:
				t.Error("the target is neither as it was nor as it should be")
			}
		}
		d.seedkit(t, args...)
		got := d.same(t)
		if i == 0 {
			whole, after = time.Since(begin), got
		} else if got != after {
			t.Error("the next run does not finish")
		}
		d.reset(t)
	}
}

func (d *replicated) kill(t *testing.T, cmd *exec.Cmd, moment time.Duration) {
	t.Helper()
	cmd.Dir = d.dir
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	time.Sleep(moment)
	_ = cmd.Process.Kill() // nsenter has become seedkit
	_ = cmd.Wait()
}

// reset gives the database its first content, and removes the backups.
func (d *replicated) reset(t *testing.T) {
	t.Helper()
	d.seedkit(t, d.restores()...)
	if got := d.same(t); got != d.before {
		t.Error("the restore does not bring the first content back")
	}
	for _, name := range d.names(t) {
		if !strings.HasPrefix(name, "old.db") && name != "seed.db" {
			d.remove(t, name)
		}
	}
}
