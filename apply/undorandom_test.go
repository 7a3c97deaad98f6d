package apply_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seedkit/seedkit/apply"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/testdb"
)

// forest has references of several kinds: to the own table, to a key that is not the primary key,
// of two columns, and to a table without a rowid.
const forest = `
	CREATE TABLE a(id INTEGER PRIMARY KEY, name TEXT COLLATE NOCASE UNIQUE, up INT
		REFERENCES a ON DELETE CASCADE);
	CREATE TABLE b(id TEXT PRIMARY KEY, a INT REFERENCES a ON DELETE SET NULL, n TEXT
		REFERENCES a(name) ON DELETE CASCADE ON UPDATE CASCADE) WITHOUT ROWID;
	CREATE TABLE c(x INT, y TEXT, z TEXT, PRIMARY KEY(x, y), FOREIGN KEY(z) REFERENCES b
		ON DELETE CASCADE);
	CREATE TABLE d(id INTEGER PRIMARY KEY, x INT, y TEXT,
		FOREIGN KEY(x, y) REFERENCES c(x, y) ON DELETE SET DEFAULT);`

// forestRow is a row of forest with its table.
type forestRow struct {
	table  string
	values []string // as SQL
}

func (r forestRow) String() string { return r.table + "(" + strings.Join(r.values, ",") + ")" }

func (r forestRow) refersTo(to forestRow) bool {
	same := func(i, j int) bool { return r.values[i] != "NULL" && r.values[i] == to.values[j] }
	switch r.table + to.table {
	case "aa":
		return same(2, 0)
	case "ba":
		return same(1, 0) || r.values[2] != "NULL" && strings.EqualFold(r.values[2], to.values[1])
	case "cb":
		return same(2, 0)
	case "dc":
		return same(1, 0) && same(2, 1)
	}
	return false
}

func forestRows(t *testing.T, db string) (rows []forestRow) {
	t.Helper()
	c := testdb.Connect(t, db, sqlite.ReadOnly)
	defer c.Close()
	for _, table := range []string{"a", "b", "c", "d"} {
		for row, err := range c.Query("SELECT * FROM " + table + " ORDER BY 1, 2") {
			if err != nil {
				t.Fatal(err)
			}
			r := forestRow{table: table}
			for i := range row.Columns() {
				text := "NULL"
				if v := row.Value(i); v.Kind() != sqlite.Null {
					text = "'" + row.Text(i) + "'"
				}
				r.values = append(r.values, text)
			}
			rows = append(rows, r)
		}
	}
	return rows
}

// forestSeed returns INSERTs of rows that refer to rows with ids up to n.
func forestSeed(chance *rand.Rand, from, n int) string {
	var b strings.Builder
	some := func(format string) string {
		if chance.IntN(3) == 0 {
			return "NULL"
		}
		return fmt.Sprintf(format, 1+chance.IntN(n))
	}
	for i := from; i <= n; i++ {
		fmt.Fprintf(&b, "INSERT INTO a VALUES(%d, 'n%[1]d', %s);", i, some("%d"))
		fmt.Fprintf(&b, "INSERT INTO b VALUES('b%d', %s, %s);", i, some("%d"), some("'N%d'"))
		fmt.Fprintf(&b, "INSERT INTO c VALUES(%d, 'y', %s);", i, some("'b%d'"))
		fmt.Fprintf(&b, "INSERT INTO d VALUES(%d, %s, 'y');", i, some("%d"))
	}
	return b.String()
}

// forestChanges returns what others do to rows with ids up to n.
func forestChanges(chance *rand.Rand, n int) string {
	var b strings.Builder
	for range chance.IntN(4) {
		id := 1 + chance.IntN(n)
		b.WriteString([]string{
			fmt.Sprintf("UPDATE a SET name = name || 'x' WHERE id = %d;", id),
			fmt.Sprintf("UPDATE a SET up = (SELECT id FROM a WHERE id = %d) WHERE id = %d;",
				1+chance.IntN(n), id),
			fmt.Sprintf("DELETE FROM a WHERE id = %d;", id),
			fmt.Sprintf("DELETE FROM c WHERE x = %d;", id),
			fmt.Sprintf("INSERT INTO d VALUES(%d, (SELECT x FROM c WHERE x = %d), 'y');",
				1000+b.Len(), id),
			fmt.Sprintf("INSERT INTO b VALUES('o%d', NULL, (SELECT name FROM a WHERE id = %d));",
				b.Len(), id),
		}[chance.IntN(6)])
	}
	return b.String()
}

// TestUndoOfRandomRuns compares undos with the plain definition of what they take: the largest set
// of unchanged rows of the run to which no other row refers.
func TestUndoOfRandomRuns(t *testing.T) {
	const own, seeded = 4, 12
	rounds := 60
	if testing.Short() {
		rounds = 10
	}
	kept := 0
	for i := range rounds {
		chance := rand.New(rand.NewPCG(uint64(i), 0))
		db := testdb.Make(t, "wal", forest+"PRAGMA foreign_keys = OFF;"+
			"BEGIN;"+forestSeed(chance, 1, own)+"COMMIT;")
		before := texts(forestRows(t, db))
		run := applied(t, db, forestSeed(chance, own+1, seeded), apply.Options{})
		inserted := slices.DeleteFunc(texts(forestRows(t, db)), func(r string) bool {
			return slices.Contains(before, r)
		})
		changes := forestChanges(chance, seeded)
		testdb.Change(t, db, "PRAGMA foreign_keys = ON;"+changes)
		now := forestRows(t, db)
		want := slices.DeleteFunc(slices.Clone(now), isTaken(now, inserted))
		if _, err := undo(t, run, db, apply.UndoOptions{}); err != nil {
			t.Fatalf("round %d, after %s: %v", i, changes, err)
		}
		if diff := cmp.Diff(texts(want), texts(forestRows(t, db))); diff != "" {
			t.Errorf("round %d, after %s (-want +got):\n%s", i, changes, diff)
		}
		kept += len(want) - len(before)
	}
	if kept < rounds {
		t.Errorf("%d rows were kept in %d rounds, want more", kept, rounds)
	}
}

func texts(rows []forestRow) []string {
	all := make([]string, len(rows))
	for i, r := range rows {
		all[i] = r.String()
	}
	return all
}

// isTaken returns which of the rows an undo of a run takes that has inserted some of them.
func isTaken(rows []forestRow, inserted []string) func(forestRow) bool {
	taken := map[string]bool{}
	for _, r := range rows {
		taken[r.String()] = slices.Contains(inserted, r.String())
	}
	for again := true; again; {
		again = false
		for _, r := range rows {
			for _, child := range rows {
				if taken[r.String()] && !taken[child.String()] && child.refersTo(r) {
					taken[r.String()], again = false, true
				}
			}
		}
	}
	return func(r forestRow) bool { return taken[r.String()] }
}
