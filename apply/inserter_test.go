package apply

import (
	"math/rand/v2"
	"testing"

	"github.com/seedkit/seedkit/internal/sqlite"
)

// TestMayBeNumber holds that columns with a numeric affinity store a text unchanged if mayBeNumber
// says that it is no number.
func TestMayBeNumber(t *testing.T) {
	c, err := sqlite.Open(t.Context(), sqlite.Temporary, sqlite.Create)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := c.Exec("CREATE TABLE t(a DATETIME, b INTEGER, c REAL)"); err != nil {
		t.Fatal(err)
	}
	insert, err := c.PrepareOne("INSERT INTO t VALUES(?1, ?1, ?1) RETURNING a, b, c")
	if err != nil {
		t.Fatal(err)
	}
	defer insert.Close()
	random := rand.New(rand.NewPCG(1, 2))
	texts := []string{"", " 1 ", "0x10", "1e5", "+.5", "Infinity", "nan", "1_000", "1\u00a0", "１",
		"2025-01-01", "2025-01-01 00:00:00", "2025-01-01T00:00:00.000+00:00", "\v1\f", "1\x00"}
	for range 20_000 {
		const letters = "0123456789+-.eE \t\n\v\f\r:TxaINF_\x00\u00a0"
		text := make([]byte, random.IntN(6))
		for i := range text {
			text[i] = letters[random.IntN(len(letters))]
		}
		texts = append(texts, string(text))
	}
	sure := 0
	for _, text := range texts {
		if mayBeNumber([]byte(text)) {
			continue
		}
		sure++
		for row, err := range insert.Rows(text) {
			if err != nil {
				t.Fatal(err)
			}
			for i := range 3 {
				if v := row.Value(i); v.Kind() != sqlite.Text || v.Data() != text {
					t.Errorf("column %d stores %q as %v %q", i, text, v.Kind(), v.Data())
				}
			}
		}
	}
	if sure < 1000 {
		t.Errorf("only %d texts are no numbers", sure)
	}
}
