package command

import (
	"fmt"
	"path/filepath"
	"slices"
	"testing"

	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/sqlite"
)

// rowsOf returns the rows of each table, sorted, with the storage class of every value.
func rowsOf(t *testing.T, dir, db string) map[string][]string {
	t.Helper()
	c, err := sqlite.OpenSnapshot(t.Context(), filepath.Join(dir, db))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	s, err := schema.Read(c)
	if err != nil {
		t.Fatal(err)
	}
	rows := map[string][]string{}
	for _, table := range s.Tables {
		rows[table.Name] = []string{}
		for row, err := range c.Query(fmt.Sprintf("SELECT * FROM %q", table.Name)) {
			if err != nil {
				t.Fatal(err)
			}
			line := ""
			for i, v := range row.Values() {
				line += fmt.Sprintf("%s=%v:%s ", table.Columns[i].Name, v.Kind(), v.AppendKey(nil))
			}
			rows[table.Name] = append(rows[table.Name], line)
		}
		slices.Sort(rows[table.Name])
	}
	return rows
}

// appRowsOf does what rowsOf does, without Prisma's record of migrations.
func appRowsOf(t *testing.T, dir, db string) map[string][]string {
	t.Helper()
	rows := rowsOf(t, dir, db)
	delete(rows, "_prisma_migrations")
	return rows
}

// union returns each row of a and b once. No table of the Epic Stack holds a row twice.
func union(a, b map[string][]string) map[string][]string {
	all := map[string][]string{}
	for table := range a {
		all[table] = slices.Compact(slices.Sorted(slices.Values(slices.Concat(a[table], b[table]))))
	}
	return all
}
