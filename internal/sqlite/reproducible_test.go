package sqlite_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/seedkit/seedkit/internal/sqlite"
)

func openReproducible(t *testing.T, now time.Time) *sqlite.Conn {
	t.Helper()
	var drawn uint64
	c, err := sqlite.OpenReproducible(t.Context(), sqlite.World{
		Now:    func() time.Time { return now },
		Random: func() uint64 { drawn++; return drawn },
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

func TestOpenReproducible(t *testing.T) {
	c := openReproducible(t, time.Date(2024, 2, 29, 12, 30, 45, 678_900_000, time.UTC))
	exec(t, c, `CREATE TABLE t(x DEFAULT (hex(randomblob(3))), at DEFAULT CURRENT_TIMESTAMP, log);
		CREATE TRIGGER tr AFTER INSERT ON t
			BEGIN UPDATE t SET log = strftime('%s', 'now') || random(); END;
		PRAGMA trusted_schema = OFF`)
	tests := []struct {
		sql  string
		want sqlite.Value
	}{
		{"SELECT CURRENT_TIMESTAMP", sqlite.String("2024-02-29 12:30:45")},
		{"SELECT CURRENT_DATE || CURRENT_TIME", sqlite.String("2024-02-2912:30:45")},
		{"SELECT datetime() || date('now', '+1 day')",
			sqlite.String("2024-02-29 12:30:452024-03-01")},
		{"SELECT strftime('%f', 'now')", sqlite.String("45.678")},
		{"SELECT unixepoch()", sqlite.Int(1709209845)},
		{"SELECT random()", sqlite.Int(1)},
		{"SELECT randomblob(10)", sqlite.Bytes([]byte{2, 0, 0, 0, 0, 0, 0, 0, 3, 0})},
		{"SELECT randomblob(-1)", sqlite.Bytes([]byte{4})},
		{"INSERT INTO t DEFAULT VALUES RETURNING x || at",
			sqlite.String("0500002024-02-29 12:30:45")},
		{"SELECT log FROM t", sqlite.String("17092098456")},
	}
	for _, test := range tests {
		got, err := c.Value(test.sql)
		if got != test.want || err != nil {
			t.Errorf("%s: got %v (%v), want %v", test.sql, got, err, test.want)
		}
	}
	if _, err := c.Value("SELECT randomblob(2000000000)"); err == nil {
		t.Error("a blob over the limit was made")
	}
}

func TestWorldsAreApart(t *testing.T) {
	a := openReproducible(t, time.Unix(1, 0))
	b := openReproducible(t, time.Unix(2, 0))
	for want, c := range map[int64]*sqlite.Conn{1: a, 2: b} {
		if got, err := c.Int64("SELECT unixepoch()"); got != want || err != nil {
			t.Errorf("got %d (%v), want %d", got, err, want)
		}
	}
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	if got, err := b.Int64("SELECT unixepoch() + random()"); got != 3 || err != nil {
		t.Errorf("after the other world's end: got %d (%v), want 3", got, err)
	}
}

func TestWorldsAtTheSameTime(t *testing.T) {
	for i := range int64(16) {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			t.Parallel()
			c := openReproducible(t, time.Unix(i, 0))
			if got, err := c.Int64("SELECT unixepoch()"); got != i || err != nil {
				t.Errorf("got %d (%v), want %d", got, err, i)
			}
		})
	}
}

func TestBeginScript(t *testing.T) {
	var drawn uint64
	c, err := sqlite.OpenReproducible(t.Context(), sqlite.World{
		Now:    time.Now,
		Random: func() uint64 { drawn++; return drawn },
		Script: func(n int64) { drawn = uint64(n) * 100 },
	})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	c.BeginScript(7)
	if got, err := c.Int64("SELECT random() + random()"); got != 701+702 || err != nil {
		t.Errorf("got %d (%v), want %d", got, err, 701+702)
	}
	openReproducible(t, time.Now()).BeginScript(7) // this world has no Script
}
