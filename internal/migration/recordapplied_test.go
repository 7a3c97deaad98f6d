package migration_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seedkit/seedkit/internal/authority"
	"github.com/seedkit/seedkit/internal/migration"
	"github.com/seedkit/seedkit/internal/sqlite"
)

var recordedAt = time.Date(2025, 1, 1, 12, 0, 0, 0, time.UTC)

// TestRecordApplied checks that each format finds its own record.
func TestRecordApplied(t *testing.T) {
	for _, format := range migration.Formats() {
		t.Run(string(format), func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "seed.db")
			dir := folder(t, format, "CREATE TABLE a(b);", "CREATE TABLE c(d);")
			table := record(t, format, dir, path)
			if format == migration.SQL {
				if table != "" {
					t.Fatalf("the record is in %s, want none", table)
				}
				return
			}
			c := open(t, path)
			f, err := format.Read(dir)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range f.Migrations {
				if applied, err := f.Applied(c, m); !applied || err != nil {
					t.Errorf("%s: applied %v, %v", m.Name, applied, err)
				}
			}
			columns := dumpTable(t, c, "pragma_table_info('"+table+"')", "name")
			if !migration.IsBookkeeping(table, columns) {
				t.Errorf("%s is not among the tables of tools", table)
			}
			if again, err := f.RecordApplied(c, recordedAt); again != "" || err != nil {
				t.Errorf("a second record in %q, %v", again, err)
			}
		})
	}
}

// TestToolsTakeTheRecord checks that the real tools write the same record, and that they find
// nothing pending in a database with the record.
func TestToolsTakeTheRecord(t *testing.T) {
	tests := runners(t)
	tests = append(tests, runner{"drizzle 1", authority.Migrators(t).Drizzle1},
		runner{"prisma 7", authority.Prisma7(t).Deploy})
	for _, tool := range tests {
		t.Run(string(tool.format), func(t *testing.T) {
			t.Parallel()
			format := migration.Format(strings.Fields(string(tool.format))[0])
			scripts := []string{"CREATE TABLE a(b);", "INSERT INTO a VALUES ('once');"}
			dir := folder(t, format, scripts...)
			if tool.format == "drizzle 1" {
				dir = folderOfDrizzle1(t, scripts)
			}
			work := t.TempDir()
			theirs, ours := filepath.Join(work, "theirs.db"), filepath.Join(work, "ours.db")
			made := filepath.Join(work, "made.db")
			for _, path := range []string{theirs, ours} {
				if _, err := tool.run(t.Context(), dir, path); err != nil {
					t.Fatal(err)
				}
			}
			table := record(t, format, dir, made)
			replace(t, ours, made)
			want, got := recordIn(t, theirs, table), recordIn(t, ours, table)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("the record (-the tool's +ours):\n%s", diff)
			}
			before := rowsIn(t, ours, table)
			if output, err := tool.run(t.Context(), dir, ours); err != nil {
				t.Fatalf("%v\n%s", err, output)
			}
			if diff := cmp.Diff(before, rowsIn(t, ours, table)); diff != "" {
				t.Errorf("the record (-before +after the tool):\n%s", diff)
			}
			if got := rowsIn(t, ours, "a"); len(got) != 1 {
				t.Errorf("%d rows in a, want 1: a migration has run again", len(got))
			}
		})
	}
}

// folderOfDrizzle1 writes migrations in the layout of drizzle-kit 1.
func folderOfDrizzle1(t *testing.T, scripts []string) (dir string) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), "migrations")
	for i, text := range scripts {
		name := fmt.Sprintf("2025010%d000000_m", i+1)
		put(t, filepath.Join(dir, name, "migration.sql"), text)
		put(t, filepath.Join(dir, name, "snapshot.json"), snapshot1(idA, ""))
	}
	return dir
}

// record makes a database at path with what the migrations of a folder make, and their record.
func record(t *testing.T, format migration.Format, dir, path string) (table string) {
	t.Helper()
	f, err := format.Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	c, err := sqlite.Open(t.Context(), path, sqlite.Create)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	for _, m := range f.Migrations {
		script, err := format.Parse([]byte(m.SQL))
		if err == nil {
			err = script.Run(c)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if table, err = f.RecordApplied(c, recordedAt); err != nil {
		t.Fatal(err)
	}
	return table
}

// replace puts a database in the place of another.
func replace(t *testing.T, path, by string) {
	t.Helper()
	path, err := filepath.EvalSymlinks(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, suffix := range []string{"-wal", "-shm"} {
		if err := os.RemoveAll(path + suffix); err != nil {
			t.Fatal(err)
		}
	}
	text, err := os.ReadFile(by)
	if err == nil {
		err = os.WriteFile(path, text, 0o666)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// recordIn returns the definition of a tool's table and its rows, without ids and times, which
// differ from run to run.
func recordIn(t *testing.T, path, table string) []string {
	t.Helper()
	c := open(t, path)
	out := dumpTable(t, c, "sqlite_schema WHERE tbl_name = '"+table+"' AND sql IS NOT NULL", "sql")
	var columns []string
	for _, column := range dumpTable(t, c, "pragma_table_info('"+table+"')", "name") {
		expression := `"` + column + `"`
		switch column {
		case "finished_at", "started_at", "tstamp", "applied_at":
			expression = fmt.Sprintf("%s IS NULL", expression)
		case "id":
			expression = fmt.Sprintf("iif(typeof(%s) = 'text', length(%[1]s), %[1]s)", expression)
		}
		columns = append(columns, expression)
	}
	return append(out, dumpTable(t, c, table, columns...)...)
}

func rowsIn(t *testing.T, path, table string) []string {
	t.Helper()
	return dumpTable(t, open(t, path), table, "*")
}

// dumpTable returns the rows of a query with the types of their values.
func dumpTable(t *testing.T, c *sqlite.Conn, from string, columns ...string) (rows []string) {
	t.Helper()
	for row, err := range c.Query("SELECT " + strings.Join(columns, ", ") + " FROM " + from) {
		if err != nil {
			t.Fatal(err)
		}
		var values []string
		for i, v := range row.Values() {
			value := row.Text(i)
			if v.Kind() == sqlite.Integer {
				value = fmt.Sprint(v.Int64(), " integer")
			}
			values = append(values, value)
		}
		rows = append(rows, strings.Join(values, "|"))
	}
	return rows
}
