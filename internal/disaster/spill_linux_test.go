package disaster

import (
	"os"
	"path/filepath"
	"testing"
)

// TestFullDiskAfterTheFirstPages has changes that do not fit into SQLite's cache, so SQLite writes
// pages before the commit, and then the disk is full. The file must be as it was, without a journal
// that somebody would have to put back.
func TestFullDiskAfterTheFirstPages(t *testing.T) {
	needMounts(t)
	const rows = "WITH RECURSIVE n(i) AS (VALUES(1) UNION ALL SELECT i + 1 FROM n WHERE i < 150)" +
		"INSERT INTO t SELECT i, randomblob(100000) FROM n;"
	for _, mode := range []string{"wal", "delete"} {
		tests := []struct {
			verb    string
			prepare string // of seed.db
			args    []string
		}{
			{"apply", "", []string{"apply", "seed.db", "--to", target, "--backup-dir", "backups"}},
			{"apply with a trigger",
				"CREATE TABLE u(id INTEGER PRIMARY KEY); INSERT INTO u VALUES(1);",
				[]string{"apply", "seed.db", "--to", target, "--backup-dir", "backups",
					"--allow-triggers"}},
			{"restore", "", []string{"restore", "seed.db", "--to", target,
				"--backup-dir", "backups", "--allow-unverified"}},
		}
		for _, test := range tests {
			t.Run(mode+"/"+test.verb, func(t *testing.T) {
				s := &scene{mode: mode, dir: t.TempDir(), args: append(test.args, "--yes")}
				const table = "CREATE TABLE t(id INTEGER PRIMARY KEY, b);"
				s.execute(t, "seed.db", table+test.prepare+rows)
				disk := s.path("disk")
				if err := os.Mkdir(disk, 0o777); err != nil {
					t.Fatal(err)
				}
				defer mountTmpfs(t, disk, 5_000_000)()
				at := filepath.Join("disk", target)
				s.execute(t, at, "PRAGMA journal_mode="+mode+";"+table+
					"CREATE TABLE u(id INTEGER PRIMARY KEY);"+
					"CREATE TRIGGER r AFTER INSERT ON u BEGIN SELECT 1; END;"+
					"INSERT INTO t VALUES(1000, 'there');")
				for i, arg := range s.args {
					if arg == target {
						s.args[i] = at
					}
				}
				before := read(t, s.path(at))
				how := s.run(t, "seedkit", s.args...)
				if how.code != 1 {
					t.Errorf("exit code %d: %s", how.code, how.stderr)
				}
				if read(t, s.path(at)) != before {
					t.Error("the file has changed")
				}
				if names, _ := filepath.Glob(s.path(at) + "-*"); len(names) > 0 {
					t.Errorf("left behind: %q", names)
				}
			})
		}
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
