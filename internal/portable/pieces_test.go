package portable_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seedkit/seedkit/internal/portable"
	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/sqlite"
)

// TestPiecesGiveTheRow writes random rows in statements of many lengths and checks that SQLite puts
// the rows together again.
func TestPiecesGiveTheRow(t *testing.T) {
	c, err := sqlite.Open(t.Context(), ":memory:", sqlite.Create)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	const create = "CREATE TABLE t (k TEXT PRIMARY KEY NOT NULL, a TEXT, b BLOB, c NUMERIC, d)"
	if err := c.Exec(create); err != nil {
		t.Fatal(err)
	}
	s, err := schema.Read(c)
	if err != nil {
		t.Fatal(err)
	}
	table := s.Table("t")
	chance := rand.New(rand.NewPCG(1, 2))
	for most := 170; most < 700; most += 1 + most/50 {
		row := []sqlite.Value{
			sqlite.String("it's"), randomText(chance), randomBlob(chance),
			sqlite.String("[" + randomText(chance).Data()), randomText(chance),
		}
		pieces := portable.Pieces{Table: table, Columns: table.Stored(),
			Head: "INSERT INTO t VALUES (", Tail: ");\n", Most: most}
		statements, err := pieces.Statements(row, make([][]byte, len(row)))
		if err != nil {
			if most > 300 {
				t.Errorf("%d bytes: %v", most, err)
			}
			continue
		}
		var script strings.Builder
		for statement := range statements {
			if n := len(statement) - len("\n"); n > most {
				t.Errorf("%d bytes where %d are allowed: %s", n, most, statement)
			}
			script.Write(statement)
		}
		if err := c.ExecScript("DELETE FROM t;" + script.String()); err != nil {
			t.Fatalf("%d bytes: %v\n%s", most, err, &script)
		}
		for got, err := range c.Query("SELECT * FROM t") {
			if err != nil {
				t.Fatal(err)
			}
			want, got := fmt.Sprintf("%q", keys(row)), fmt.Sprintf("%q", keys(got.Values()))
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%d bytes: (-want +got)\n%s", most, diff)
			}
		}
	}
}

func keys(row []sqlite.Value) (keys []string) {
	for _, v := range row {
		keys = append(keys, string(v.AppendKey(nil)))
	}
	return keys
}

// randomText returns text of letters of every length in bytes, quotes, control characters, escape
// sequences and, at times, bytes that are not UTF-8.
func randomText(chance *rand.Rand) sqlite.Value {
	parts := []string{"a", "1", "'", "\n", "\r\n", `\n`, `\`, "\t", "ä", "€", "😀", "\x1b", ""}
	if chance.IntN(3) == 0 {
		parts = append(parts, "\x00", "\xff", "\x80")
	}
	var text strings.Builder
	for range chance.IntN(900) {
		text.WriteString(parts[chance.IntN(len(parts))])
	}
	return sqlite.String(text.String())
}

func randomBlob(chance *rand.Rand) sqlite.Value {
	blob := make([]byte, chance.IntN(900))
	for i := range blob {
		blob[i] = byte(chance.UintN(256))
	}
	return sqlite.Bytes(blob)
}
