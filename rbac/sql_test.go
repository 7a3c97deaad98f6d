package rbac_test

import (
	"os/exec"
	"strings"
	"testing"

	"github.com/seedkit/seedkit/internal/authority"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/testdb"
)

// engines are the programs that run a script on a database.
func engines(t *testing.T) map[string]func(*testing.T, string, string) {
	out := map[string]func(*testing.T, string, string){
		"built-in SQLite": func(t *testing.T, db, script string) {
			c := testdb.Connect(t, db, sqlite.ReadWrite)
			testdb.Execute(t, c, "PRAGMA foreign_keys = ON;"+script)
			c.Close()
		},
		"sqlite3 shell": func(t *testing.T, db, script string) {
			runShell(t, authority.SQLite3(t), db, script)
		},
	}
	if shell, err := exec.LookPath("sqlite3"); err == nil {
		out["the system's sqlite3"] = func(t *testing.T, db, script string) {
			runShell(t, shell, db, script)
		}
	}
	return out
}

func runShell(t *testing.T, shell, db, script string) {
	t.Helper()
	cmd := exec.Command(shell, "-bail", db)
	cmd.Stdin = strings.NewReader("PRAGMA foreign_keys = ON;\n" + script)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
}
