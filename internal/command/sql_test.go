package command

import (
	"context"
	"os"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/seedkit/seedkit/internal/sqlite"
)

// sql runs a script on a database, and creates the database if it is missing. The script is given
// itself, or by the name of its file:
//
//	sql production.db 'DELETE FROM Note'
func sql(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: sql DB SCRIPT")
	}
	c := connect(ts, args[0], sqlite.Create)
	defer c.Close()
	ts.Check(c.ExecScript(scriptText(ts, args[1])))
}

// execScript runs a script on a database, and creates the database if it is missing.
func execScript(t *testing.T, db, script string) {
	t.Helper()
	c, err := sqlite.Open(t.Context(), db, sqlite.Create)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := c.ExecScript(script); err != nil {
		t.Fatal(err)
	}
}

func scriptText(ts *testscript.TestScript, script string) string {
	if text, err := os.ReadFile(ts.MkAbs(script)); err == nil {
		return string(text)
	}
	return script
}

// query prints the rows of a query, one a line, with their values separated by "|":
//
//	query production.db 'SELECT count(*) FROM Note'
func query(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: query DB SELECT")
	}
	c := connect(ts, args[0], sqlite.ReadOnly)
	defer c.Close()
	var lines strings.Builder
	for row, err := range c.Query(args[1]) {
		ts.Check(err)
		var values []string
		for i := range row.Values() {
			values = append(values, row.Text(i))
		}
		lines.WriteString(strings.Join(values, "|") + "\n")
	}
	_, err := ts.Stdout().Write([]byte(lines.String()))
	ts.Check(err)
}

func connect(ts *testscript.TestScript, path string, mode sqlite.Mode) *sqlite.Conn {
	c, err := sqlite.Open(context.Background(), ts.MkAbs(path), mode)
	ts.Check(err)
	return c
}
