package command

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seedkit/seedkit/fixtures/epicstack"
	"github.com/seedkit/seedkit/internal/authority"
	"github.com/seedkit/seedkit/internal/sqlite"
)

// TestPrismaSchema compares the fixtures' text of the Epic Stack's schema with the one that Prisma
// writes for the same models: SQLite must see no difference.
func TestPrismaSchema(t *testing.T) {
	theirs, err := authority.Prisma(t).Schema(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(describe(t, theirs), describe(t, epicstack.Schema)); diff != "" {
		t.Errorf("schema (-Prisma +epicstack):\n%s", diff)
	}
}

// describe lists what SQLite knows of a schema: tables, columns, foreign keys, and indexes with
// their columns.
func describe(t *testing.T, script string) []string {
	t.Helper()
	c, err := sqlite.Open(t.Context(), sqlite.Memory, sqlite.Create)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := c.ExecScript(script); err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, query := range []string{
		`SELECT 'table', name, type, ncol, wr, strict FROM pragma_table_list WHERE schema = 'main'`,
		`SELECT 'column', t.name, c.*
			FROM sqlite_schema t, pragma_table_xinfo(t.name) c WHERE t.type = 'table'`,
		`SELECT 'reference', t.name, f.*
			FROM sqlite_schema t, pragma_foreign_key_list(t.name) f WHERE t.type = 'table'`,
		`SELECT 'index', t.name, i.name, i."unique", i.origin, i.partial
			FROM sqlite_schema t, pragma_index_list(t.name) i WHERE t.type = 'table'`,
		`SELECT 'indexed', t.name, x.*
			FROM sqlite_schema t, pragma_index_xinfo(t.name) x WHERE t.type = 'index'`,
	} {
		for row, err := range c.Query(query + " ORDER BY 1, 2, 3, 4") {
			if err != nil {
				t.Fatal(err)
			}
			var values []string
			for i := range row.Columns() {
				values = append(values, fmt.Sprintf("%s=%s", row.ColumnName(i), row.Text(i)))
			}
			lines = append(lines, strings.Join(values, " "))
		}
	}
	return lines
}
