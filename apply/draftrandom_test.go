package apply_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seedkit/seedkit/apply"
	"github.com/seedkit/seedkit/internal/testdb"
)

// randomSchema makes some tables of all kinds. Each has the columns k, a and b, and b may refer to
// the table before.
func randomSchema(chance *rand.Rand) (tables int, sql string) {
	var b strings.Builder
	tables = 1 + chance.IntN(4)
	for i := range tables {
		refers := ""
		if i > 0 && chance.IntN(2) > 0 {
			refers = fmt.Sprintf("REFERENCES t%d(k)", i-1)
		}
		kind := []string{
			"k INTEGER PRIMARY KEY, a, b %s", "k INTEGER PRIMARY KEY AUTOINCREMENT, a TEXT, b %s",
			"k TEXT PRIMARY KEY, a UNIQUE, b %s", "k INT, a BLOB, b %s, PRIMARY KEY(k)",
		}[chance.IntN(4)]
		without := ""
		if strings.Contains(kind, "PRIMARY KEY(k)") && chance.IntN(2) > 0 {
			without = "WITHOUT ROWID"
		}
		fmt.Fprintf(&b, "CREATE TABLE t%d("+kind+") %s;\n", i, refers, without)
		for j, index := range []string{"INDEX i%d_%d ON t%[1]d(b)", "INDEX i%d_%d ON t%[1]d(a, b)",
			"UNIQUE INDEX i%d_%d ON t%[1]d(k) WHERE b IS NULL", "INDEX i%d_%d ON t%[1]d(length(a))",
		} {
			if chance.IntN(3) == 0 {
				fmt.Fprintf(&b, "CREATE "+index+";\n", i, j)
			}
		}
	}
	return tables, b.String()
}

// randomRowsOf inserts the rows of the tables with the numbers from first to last. The rows with
// the same numbers are the same.
func randomRowsOf(chance *rand.Rand, tables, first, last, size int) string {
	var b strings.Builder
	for i := range tables {
		fmt.Fprintf(&b, `WITH RECURSIVE n(i) AS (
			SELECT %d UNION ALL SELECT i + 1 FROM n WHERE i < %d)
			INSERT INTO t%d SELECT i, 'a' || i || hex(zeroblob(i * 7919 %% %d)),
			CASE i %% 3 WHEN 0 THEN NULL ELSE max(i - i %% 5, %d) END FROM n
			WHERE i <= %[2]d ORDER BY i %% %[6]d;`,
			first, last, i, size, first, 1+chance.IntN(7))
	}
	return b.String()
}

// TestDraftAtRandom applies random seeds to random targets twice: once so that the plan's pages are
// written, and once so that the rows are inserted again, because somebody writes after the plan.
// Both must leave the same rows.
func TestDraftAtRandom(t *testing.T) {
	rounds := 40
	if testing.Short() {
		rounds = 10
	}
	for round := range rounds {
		chance := rand.New(rand.NewPCG(uint64(round), 13))
		tables, schema := randomSchema(chance)
		settings := fmt.Sprintf("PRAGMA page_size = %d; PRAGMA auto_vacuum = %d;",
			512<<chance.IntN(5), max(0, chance.IntN(8)-5))
		size := []int{1, 50, 2000}[chance.IntN(3)]
		had := chance.IntN(3) * chance.IntN(150)
		target := settings + schema
		if had > 0 {
			target += randomRowsOf(chance, tables, 1, had, size) + fmt.Sprintf(
				"DELETE FROM t%d WHERE k > %d;", tables-1, chance.IntN(had))
		}
		first := max(1, had-chance.IntN(20))
		seed := testdb.Make(t, "delete", schema+
			randomRowsOf(chance, tables, first, first+1+chance.IntN(300), size))
		mode := []string{"wal", "delete"}[round%2]
		db := testdb.Make(t, "delete", target)
		testdb.Change(t, db, "PRAGMA journal_mode = "+mode)
		other := filepath.Join(t.TempDir(), "other.db")
		if data, err := os.ReadFile(db); err != nil || os.WriteFile(other, data, 0o600) != nil {
			t.Fatal(err)
		}
		result, err := apply.Run(t.Context(), seed, db, apply.Options{
			OnConflict: apply.Skip, BackupDir: t.TempDir(),
		})
		again, otherErr := apply.Run(t.Context(), seed, other, apply.Options{
			OnConflict: apply.Skip, BackupDir: t.TempDir(),
			Confirm: meanwhile(t, other, "PRAGMA user_version = 0"),
		})
		if fmt.Sprint(err) != fmt.Sprint(otherErr) {
			t.Fatalf("round %d: got %v and %v\n%s", round, err, otherErr, target)
		}
		if result.Inserted != again.Inserted {
			t.Errorf("round %d: inserted %d and %d", round, result.Inserted, again.Inserted)
		}
		content := "SELECT sql FROM sqlite_schema"
		for i := range tables {
			content += fmt.Sprintf(" UNION ALL SELECT quote(k) || quote(a) || quote(b) FROM t%d", i)
		}
		if strings.Contains(schema, "AUTOINCREMENT") {
			content += " UNION ALL SELECT quote(name) || quote(seq) FROM sqlite_sequence"
		}
		if diff := cmp.Diff(query(t, other, content), query(t, db, content)); diff != "" {
			t.Fatalf("round %d: %s\n%s", round, diff, target)
		}
		for _, path := range []string{db, other} {
			if got := query(t, path, "PRAGMA integrity_check"); got != "ok\n" {
				t.Errorf("round %d: %s: %s", round, path, got)
			}
		}
		if got := query(t, db, "PRAGMA journal_mode"); got != mode+"\n" {
			t.Errorf("round %d: the journal mode is %s, was %s", round, got, mode)
		}
	}
}
