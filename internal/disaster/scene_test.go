package disaster

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/seedkit/seedkit/backup"
	"github.com/seedkit/seedkit/dump"
	"github.com/seedkit/seedkit/internal/sqlite"
)

// A scene is a folder in which a verb does its work again and again, each time on the same files.
type scene struct {
	mode, dir string
	args      []string // of seedkit
	start     map[string][]byte
	// before and after are the content of the target without and with the work of the verb.
	before, after content
}

// content is what a database has. The zero value is that of a missing file.
type content struct {
	script string // of dump
	checks string // the results of integrity_check and journal_mode
}

// A verb is what seedkit does in a scene. prepare, if there is one, runs before it.
type verb struct {
	name    string
	prepare func(*testing.T, *scene)
	args    []string
}

const target = "production.db"

var verbs = []verb{
	{name: "backup", args: []string{"backup", target}},
	{name: "apply", args: []string{"apply", "seed.db", "--to", target, "--yes"}},
	{
		name: "apply --on-conflict update",
		prepare: func(t *testing.T, s *scene) {
			s.execute(t, target, "INSERT INTO User VALUES(1001, 'user 1001');"+
				"INSERT INTO Note VALUES(1001, 'old', 1001)")
		},
		args: []string{"apply", "seed.db", "--to", target, "--yes", "--on-conflict", "update"},
	},
	{
		name:    "apply --create",
		prepare: func(t *testing.T, s *scene) { s.remove(t, target) },
		args:    []string{"apply", "seed.db", "--to", target, "--yes", "--create"},
	},
	{
		name: "restore",
		prepare: func(t *testing.T, s *scene) {
			s.seedkit(t, "backup", target, "-o", "old.db")
			s.execute(t, target, "UPDATE Note SET text = text || 'x' WHERE id % 3;"+
				"INSERT INTO User VALUES(9001, 'late')")
		},
		args: []string{"restore", "old.db", "--to", target, "--yes"},
	},
	{
		name: "restore --create",
		prepare: func(t *testing.T, s *scene) {
			s.seedkit(t, "backup", target, "-o", "old.db")
			s.remove(t, target)
		},
		args: []string{"restore", "old.db", "--to", target, "--yes", "--create"},
	},
	{
		name: "undo",
		prepare: func(t *testing.T, s *scene) {
			s.seedkit(t, "apply", "seed.db", "--to", target, "--yes")
			runs, err := backup.Runs(t.Context(), s.path(target), "")
			if err != nil || len(runs) != 1 {
				t.Fatalf("runs: %v, %v", runs, err)
			}
			s.args = []string{"undo", runs[0].ID, "--to", target, "--yes"}
		},
	},
}

// eachScene runs a test in a scene of each verb and each journal mode.
func eachScene(t *testing.T, test func(*testing.T, *scene)) {
	for _, v := range verbs {
		for _, mode := range []string{"wal", "delete"} {
			t.Run(v.name+"/"+mode, func(t *testing.T) {
				t.Parallel()
				test(t, newScene(t, v, mode))
			})
		}
	}
}

func newScene(t *testing.T, v verb, mode string) *scene {
	t.Helper()
	s := &scene{mode: mode, dir: t.TempDir(), args: v.args}
	const tables = `
		CREATE TABLE User (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
		CREATE TABLE Note (
			id INTEGER PRIMARY KEY, text TEXT, ownerId INTEGER NOT NULL REFERENCES User
		);`
	const from, to = `
		WITH RECURSIVE n(i) AS (VALUES(`, `01) UNION ALL SELECT i + 1 FROM n WHERE i % 100 < 30)
			INSERT INTO User SELECT i, 'user ' || i FROM n;
		INSERT INTO Note SELECT id, printf('%0200d', id), id FROM User;`
	s.execute(t, target, "PRAGMA journal_mode="+mode+";"+tables+from+"0"+to)
	s.execute(t, "seed.db", tables+from+"10"+to)
	if v.prepare != nil {
		v.prepare(t, s)
	}
	s.start = s.files(t)
	s.before = s.content(t, target)
	s.seedkit(t, s.args...)
	s.after = s.content(t, target)
	s.reset(t)
	return s
}

// path returns the path of a file of the scene, or of one elsewhere that has an absolute path.
func (s *scene) path(name string) string {
	if filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(s.dir, name)
}

// execute runs a script on a database of the scene, and makes it if it is missing.
func (s *scene) execute(t *testing.T, name, script string) {
	t.Helper()
	c, err := sqlite.Open(t.Context(), s.path(name), sqlite.Create)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(c.ExecScript(script), c.Close()); err != nil {
		t.Fatal(err)
	}
}

func (s *scene) remove(t *testing.T, name string) {
	t.Helper()
	if err := os.Remove(s.path(name)); err != nil {
		t.Fatal(err)
	}
}

// seedkit runs seedkit, which must succeed.
func (s *scene) seedkit(t *testing.T, args ...string) {
	t.Helper()
	if r := s.run(t, "seedkit", args...); r.code != 0 {
		t.Fatalf("seedkit %q: exit code %d\n%s", args, r.code, r.stderr)
	}
}

// A result is how a process ended, and what it said.
type result struct {
	code   int // -1 if a signal ended it
	stderr string
}

// run runs a program in the folder of the scene.
func (s *scene) run(t *testing.T, program string, args ...string) result {
	t.Helper()
	return s.end(t, exec.CommandContext(t.Context(), program, args...))
}

func (s *scene) end(t *testing.T, cmd *exec.Cmd) result {
	t.Helper()
	var stderr bytes.Buffer
	cmd.Dir, cmd.Stderr = s.dir, &stderr
	err := cmd.Run()
	if _, exited := errors.AsType[*exec.ExitError](err); err != nil && !exited {
		t.Fatalf("%s: %v", cmd, err)
	}
	return result{cmd.ProcessState.ExitCode(), stderr.String()}
}

// names lists the files of the scene.
func (s *scene) names(t *testing.T) (names []string) {
	t.Helper()
	entries, err := os.ReadDir(s.dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

// files returns the content of each file of the scene, except indexes of a WAL.
func (s *scene) files(t *testing.T) map[string][]byte {
	t.Helper()
	files := map[string][]byte{}
	for _, name := range s.names(t) {
		text, err := os.ReadFile(s.path(name))
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasSuffix(name, "-shm") {
			files[name] = text
		}
	}
	return files
}

// reset gives the folder the files that it had at the start.
func (s *scene) reset(t *testing.T) { s.fill(t, s.start) }

func (s *scene) fill(t *testing.T, files map[string][]byte) {
	t.Helper()
	for _, name := range s.names(t) {
		s.remove(t, name)
	}
	for name, text := range files {
		if err := os.WriteFile(s.path(name), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// content reads a database as an app would that opens it next.
func (s *scene) content(t *testing.T, name string) (is content) {
	t.Helper()
	if _, err := os.Stat(s.path(name)); errors.Is(err, fs.ErrNotExist) {
		return is
	}
	is, err := readContent(t.Context(), s.path(name))
	if err != nil {
		t.Errorf("%s: %v", name, err)
	}
	return is
}

func readContent(ctx context.Context, path string) (is content, err error) {
	c, err := sqlite.Open(ctx, path, sqlite.ReadWrite)
	if err != nil {
		return is, err
	}
	defer c.Close()
	for row, err := range c.Query("SELECT * FROM pragma_integrity_check, pragma_journal_mode") {
		if err != nil {
			return is, err
		}
		is.checks += row.Text(0) + " " + row.Text(1) + "\n"
	}
	var script strings.Builder
	_, err = dump.Write(ctx, &script, path, dump.Options{})
	is.script = script.String()
	return is, err
}
