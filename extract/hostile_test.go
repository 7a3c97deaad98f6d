package extract_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seedkit/seedkit/internal/authority"
	"github.com/seedkit/seedkit/internal/migration"
	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/sqltext"
)

// Each script in testdata/hostile is a trap, which the script's first lines describe. If they say
// "refused at", extract must refuse the script there and for that reason.

// TestHostile loads each script unchanged, loads the script's extraction into the same tables, and
// compares the rows.
func TestHostile(t *testing.T) {
	for _, load := range []struct {
		name string
		with func(*testing.T) loader
	}{
		{"library", func(*testing.T) loader { return byLibrary }},
		{"sqlite3", byShell},
	} {
		t.Run(load.name, func(t *testing.T) {
			load := load.with(t)
			for _, path := range hostile(t, false) {
				t.Run(name(path), func(t *testing.T) { comparesEqual(t, path, load) })
			}
		})
	}
}

func hostile(t *testing.T, refused bool) (paths []string) {
	t.Helper()
	all, err := filepath.Glob("testdata/hostile/*.sql")
	if err != nil || len(all) == 0 {
		t.Fatalf("found %d scripts, %v", len(all), err)
	}
	for _, path := range all {
		isTarget := strings.HasSuffix(path, ".target.sql")
		if strings.HasPrefix(name(path), "refused-") == refused && !isTarget {
			paths = append(paths, path)
		}
	}
	return paths
}

func name(path string) string { return strings.TrimSuffix(filepath.Base(path), ".sql") }

func comparesEqual(t *testing.T, path string, load loader) {
	script, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	extracted, _, err := replayed(t, string(script))
	if err != nil {
		t.Fatal(err)
	}
	same(t, string(script))
	if name(path) != "line-end-in-a-name" {
		checkLines(t, extracted)
	}
	dir := t.TempDir()
	whole, fresh := filepath.Join(dir, "whole.db"), filepath.Join(dir, "fresh.db")
	load(t, whole, string(script))
	makeTables(t, path, whole, fresh)
	load(t, fresh, "PRAGMA foreign_keys=ON;\n"+extracted)
	compareRows(t, whole, fresh)
	compareCounters(t, whole, fresh)
}

// checkLines checks that each statement is one line. Then a tool that reads lines cannot mistake a
// part of a statement for something else.
func checkLines(t *testing.T, script string) {
	t.Helper()
	statement := regexp.MustCompile(`^(INSERT INTO .*|UPDATE sqlite_sequence .*|` +
		`BEGIN|PRAGMA defer_foreign_keys=ON|COMMIT);\n$`)
	for line := range strings.Lines(withoutMarks(t, script)) {
		if !statement.MatchString(line) || strings.Contains(line, "unistr") {
			t.Errorf("tools could trip over %q", line)
		}
	}
}

// loader runs a script on a database.
type loader func(t *testing.T, path, script string)

func byLibrary(t *testing.T, path, script string) {
	c := openDatabase(t, path)
	if err := c.ExecScript(script); err != nil {
		t.Fatal(err)
	}
}

func byShell(t *testing.T) loader {
	shell := authority.SQLite3(t)
	return func(t *testing.T, path, script string) {
		cmd := exec.Command(shell, "-init", os.DevNull, "-batch", "-bail",
			"-cmd", ".dbconfig defensive off", path)
		if strings.Contains(script, "\r\n") {
			// The shell removes the CR from text that it reads line by line.
			cmd.Args = append(cmd.Args, "\n"+script)
		} else {
			cmd.Stdin = strings.NewReader(script)
		}
		out, err := cmd.CombinedOutput()
		if err != nil || bytes.Contains(bytes.ToLower(out), []byte("error")) {
			t.Fatalf("%v: %s", err, out)
		}
	}
}

func openDatabase(t *testing.T, path string) *sqlite.Conn {
	t.Helper()
	c, err := sqlite.Open(t.Context(), path, sqlite.Create)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

// counted is the value of the target's AUTOINCREMENT counters.
const counted = 1000

// makeTables makes the tables of the script's database, or of the target if there is a file for it
// beside the script. It makes no triggers, because they have fired. The target's counters are
// higher than the script's.
func makeTables(t *testing.T, path, whole, fresh string) {
	t.Helper()
	c := openDatabase(t, fresh)
	sql, err := schema.Statements(openDatabase(t, whole))
	if target, fail := os.ReadFile(strings.TrimSuffix(path, ".sql") + ".target.sql"); fail == nil {
		sql = string(target)
	}
	if err == nil {
		err = c.ExecScript(sql)
	}
	for row, fail := range c.Query("SELECT name FROM sqlite_schema WHERE type = 'trigger'") {
		if err == nil && fail == nil {
			sql += "DROP TRIGGER " + sqltext.QuoteIdent(row.Text(0)) + ";\n"
		}
	}
	if _, drops, found := strings.Cut(sql, "DROP TRIGGER "); err == nil && found {
		err = c.ExecScript("DROP TRIGGER " + drops)
	}
	if err == nil && hasCounters(t, c) {
		err = c.ExecScript(fmt.Sprintf("INSERT INTO sqlite_sequence "+
			"SELECT name, %d FROM sqlite_schema WHERE sql LIKE '%%AUTOINCREMENT%%'", counted))
	}
	if err != nil {
		t.Fatal(err)
	}
}

func compareRows(t *testing.T, whole, fresh string) {
	t.Helper()
	want, got := openDatabase(t, whole), openDatabase(t, fresh)
	tables, err := schema.Read(want)
	if err != nil {
		t.Fatal(err)
	}
	rows := 0
	for _, table := range tables.Tables {
		if migration.IsBookkeeping(table.Name, table.ColumnNames()) {
			continue
		}
		wanted := rowsOf(t, want, table)
		rows += len(wanted)
		if diff := cmp.Diff(wanted, rowsOf(t, got, table)); diff != "" {
			t.Errorf("table %s (-script +extracted)\n%s", table.Name, diff)
		}
	}
	if rows == 0 {
		t.Error("there is nothing to compare")
	}
}

// rowsOf returns the rows of a table as SQLite writes them, in the table's order. It writes text as
// bytes, because quote() stops at a NUL.
func rowsOf(t *testing.T, c *sqlite.Conn, table *schema.Table) (rows []string) {
	t.Helper()
	var columns []string
	for _, column := range table.ColumnNames() {
		name := sqltext.QuoteIdent(column)
		columns = append(columns, fmt.Sprintf("CASE typeof(%[1]s) "+
			"WHEN 'text' THEN 'text ' || hex(%[1]s) ELSE quote(%[1]s) END", name))
	}
	query := fmt.Sprintf("SELECT concat_ws(',', %s) FROM %s NOT INDEXED",
		strings.Join(columns, ", "), sqltext.QuoteIdent(table.Name))
	for row, err := range c.Query(query) {
		if err != nil {
			t.Fatal(err)
		}
		rows = append(rows, row.Text(0))
	}
	return rows
}

// compareCounters checks that each AUTOINCREMENT counter of the target keeps its value, or has the
// script's value if that is higher.
func compareCounters(t *testing.T, whole, fresh string) {
	t.Helper()
	want := map[string]int64{}
	for name, counter := range countersOf(t, openDatabase(t, whole)) {
		want[name] = max(counter, counted)
	}
	if diff := cmp.Diff(want, countersOf(t, openDatabase(t, fresh))); diff != "" {
		t.Errorf("counters (-want +extracted)\n%s", diff)
	}
}

// hasCounters reports whether a database has the table of counters.
func hasCounters(t *testing.T, c *sqlite.Conn) bool {
	t.Helper()
	n, err := c.Int64("SELECT count(*) FROM sqlite_schema WHERE name = 'sqlite_sequence'")
	if err != nil {
		t.Fatal(err)
	}
	return n > 0
}

func countersOf(t *testing.T, c *sqlite.Conn) map[string]int64 {
	t.Helper()
	counters := map[string]int64{}
	if !hasCounters(t, c) {
		return counters
	}
	const query = "SELECT name, (SELECT seq FROM sqlite_sequence q WHERE q.name = s.name) " +
		"FROM sqlite_schema s WHERE type = 'table' AND sql LIKE '%AUTOINCREMENT%'"
	for row, err := range c.Query(query) {
		if err != nil {
			t.Fatal(err)
		}
		counters[row.Text(0)] = row.Int64(1)
	}
	return counters
}

// TestHostileIsRefused checks that a script is refused at the place and for the reason that it
// names.
func TestHostileIsRefused(t *testing.T) {
	for _, path := range hostile(t, true) {
		t.Run(name(path), func(t *testing.T) {
			script, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			first, _, _ := strings.Cut(string(script), "\n")
			at, found := strings.CutPrefix(first, "-- refused at ")
			want := "test.sql:" + strings.ReplaceAll(at, "FILE", "test.sql")
			got, _, err := replayed(t, string(script))
			if !found || err == nil || err.Error() != want || got != "" {
				t.Errorf("got %v and %q, want %s", err, got, want)
			}
			_, _, taken := transcribed(t, string(script))
			if taken && name(path) != "refused-duplicate" {
				t.Error("transcribed")
			}
		})
	}
}
