package command

import (
	"path/filepath"
	"strings"
	"testing"
)

// TestDataIsEscaped checks that no message on standard error lets the names of a schema or the
// values of rows command the terminal, and that none shows a password hash.
func TestDataIsEscaped(t *testing.T) {
	const (
		odd    = "a\x1b[31m\u009b31m\x07z"
		secret = "$2b$10$SECRETHASHSECRETHASH"
		tables = `
			CREATE TABLE "` + odd + `" (id TEXT PRIMARY KEY, "` + odd + `c" TEXT UNIQUE);
			CREATE TABLE Password (hash TEXT NOT NULL, userId TEXT PRIMARY KEY);
			CREATE TABLE Child (id INTEGER PRIMARY KEY, x TEXT REFERENCES "` + odd + `");`
	)
	row := func(id, value string) string {
		return `INSERT INTO "` + odd + `" VALUES('` + id + `', '` + value + `');`
	}
	password := func(hash, user string) string {
		return "INSERT INTO Password VALUES('" + hash + "', '" + user + "');"
	}
	tests := []struct{ title, target, seed, line string }{
		{"a new row", "", row(odd, odd), "apply seed.db --to app.db --yes"},
		{"a plan", "", row(odd, odd), "apply seed.db --to app.db --dry-run"},
		{"a conflict", row(odd, odd+"1"), row(odd, odd+"2"), "apply seed.db --to app.db --yes"},
		{"another entity", row(odd+"1", odd), row(odd+"2", odd),
			"apply seed.db --to app.db --yes"},
		{"an update", row(odd, odd+"1"), row(odd, odd+"2"),
			"apply seed.db --to app.db --yes --on-conflict update"},
		{"a row passed over", row(odd, odd+"1"), row(odd, odd+"2"),
			"apply seed.db --to app.db --yes --on-conflict skip"},
		{"an adopted row", row(odd+"1", odd), row(odd+"2", odd),
			"apply seed.db --to app.db --yes --on-conflict adopt"},
		{"no parent", "", "PRAGMA foreign_keys=OFF; INSERT INTO Child VALUES(1, '" + odd + "')",
			"apply seed.db --to app.db --yes"},
		{"a trigger", `CREATE TRIGGER "` + odd + `t" AFTER INSERT ON "` + odd + `" BEGIN ` +
			`SELECT RAISE(ABORT, '` + odd + `'); END`, row(odd, odd),
			"apply seed.db --to app.db --yes --allow-triggers"},
		{"a constraint", `CREATE TRIGGER "` + odd + `t" AFTER INSERT ON "` + odd + `" BEGIN ` +
			`SELECT 1; END`, row(odd, odd), "apply seed.db --to app.db --yes"},
		{"a restore", row(odd, odd), "", "restore old.db --to app.db --yes"},
		{"a backup with a fault",
			"PRAGMA foreign_keys=OFF; INSERT INTO Child VALUES(1, '" + odd + "')", "",
			"backup app.db"},
		{"a difference", row(odd, odd), "", "verify old.db --against app.db"},
		{"a password in conflict", password(secret+"1", odd), password(secret+"2", odd),
			"apply seed.db --to app.db --yes"},
		{"a password updated", password(secret+"1", odd), password(secret+"2", odd),
			"apply seed.db --to app.db --yes --on-conflict update"},
		{"a password in an error", "CREATE UNIQUE INDEX one ON Password(hash);" +
			password(secret, "1"), password(secret, "2"), "apply seed.db --to app.db --yes"},
		{"a script that is no seed", "", "", "apply hash.sql --to app.db --yes"},
		{"a script with an escape", "", "", "apply escape.sql --to app.db --yes"},
		{"a script with an expression", "", "", "apply expression.sql --to app.db --yes"},
		{"a script for no table", "", "", "apply table.sql --to app.db --yes"},
	}
	scripts := map[string]string{
		"hash.sql":       "UPDATE Password SET hash = '" + secret + "';",
		"escape.sql":     row(odd, odd) + "\x1b[31m;",
		"expression.sql": "INSERT INTO Password VALUES('" + secret + "', lower('" + odd + "'));",
		"table.sql":      "INSERT INTO Passwords(hash) VALUES('" + secret + "');",
	}
	for _, test := range tests {
		t.Run(test.title, func(t *testing.T) {
			dir := t.TempDir()
			execScript(t, filepath.Join(dir, "app.db"), tables)
			do(t, dir, "backup", "app.db", "-o", "old.db", "-q")
			execScript(t, filepath.Join(dir, "app.db"), test.target)
			execScript(t, filepath.Join(dir, "seed.db"), tables+test.seed)
			for name, text := range scripts {
				writeFile(t, dir, name, text)
			}
			cmd := seedkit(t, dir, strings.Fields(test.line)...)
			got := end(t, cmd, cmd.Run)
			checkHarmless(t, got, secret)
			if got.stderr == "" {
				t.Error("seedkit says nothing")
			}
		})
	}
}

func checkHarmless(t *testing.T, got result, secret string) {
	t.Helper()
	if strings.ContainsAny(got.stderr, "\x1b\u009b\x07") {
		t.Errorf("exit code %d, standard error commands the terminal: %q", got.code, got.stderr)
	}
	if strings.Contains(got.stderr, secret[7:]) {
		t.Errorf("exit code %d, standard error has a password hash: %q", got.code, got.stderr)
	}
}

// TestUndoIsEscaped is TestDataIsEscaped for what an undo keeps, and for the list of runs.
func TestUndoIsEscaped(t *testing.T) {
	const odd, secret = "a\x1b[31m\u009b31m\x07z", "$2b$10$SECRETHASHSECRETHASH"
	const tables = `
		CREATE TABLE Password (userId TEXT PRIMARY KEY, hash TEXT);
		CREATE TABLE "` + odd + `" (id TEXT PRIMARY KEY, x TEXT);`
	dir := t.TempDir()
	app := filepath.Join(dir, "app.db")
	execScript(t, app, tables)
	seed := filepath.Join(dir, odd+".db")
	execScript(t, seed, tables+"INSERT INTO Password VALUES('"+odd+"', '"+secret+"');"+
		`INSERT INTO "`+odd+`" VALUES('`+odd+`', '`+odd+`')`)
	do(t, dir, "apply", odd+".db", "--to", "app.db", "--yes")
	execScript(t, app, `UPDATE "`+odd+`" SET x = 'mine'; UPDATE Password SET hash = 'mine'`)
	list := do(t, dir, "runs", "--to", "app.db")
	list.stderr += list.stdout // for people
	checkHarmless(t, list, secret)
	id := strings.TrimSuffix(runIDs(t, dir)[0], "\n")
	for _, args := range [][]string{
		{"undo", id, "--to", "app.db", "--yes"}, {"undo", id, "--to", "app.db", "--dry-run"},
		{"undo", odd, "--to", "app.db", "--yes"},
	} {
		cmd := seedkit(t, dir, args...)
		got := end(t, cmd, cmd.Run)
		checkHarmless(t, got, secret)
		if got.stderr == "" {
			t.Error("seedkit says nothing")
		}
	}
}

func runIDs(t *testing.T, dir string) (ids []string) {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, "app-*.db.run"))
	if err != nil || len(names) == 0 {
		t.Fatalf("runs: %q, %v", names, err)
	}
	for _, name := range names {
		id := strings.TrimPrefix(filepath.Base(name), "app-")
		ids = append(ids, strings.TrimSuffix(id, ".db.run"))
	}
	return ids
}
