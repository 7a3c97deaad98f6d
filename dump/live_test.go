package dump_test

import (
	"sync"
	"testing"
	"time"

	"github.com/seedkit/seedkit/dump"
	"github.com/seedkit/seedkit/internal/sqlite"
)

// accounts are rows whose sum is 0 in every snapshot.
const accounts = `CREATE TABLE account(id INTEGER PRIMARY KEY, balance INT, note TEXT);
	WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)
	INSERT INTO account SELECT i, 0, printf('%.*c', 100, 'x') FROM n;`

// transfer moves money between distant accounts, and makes the table grow.
const transfer = `BEGIN IMMEDIATE;
	UPDATE account SET balance = balance - 1 WHERE id = 1;
	INSERT INTO account(balance, note) VALUES(0, 'new');
	UPDATE account SET balance = balance + 1 WHERE id = 2000;
	COMMIT`

func TestOneMomentOfADatabaseInUse(t *testing.T) {
	tests := []struct {
		journal string
		waits   time.Duration // the longest wait of the writer
	}{
		{"WAL", 0},
		{"DELETE", time.Minute},
	}
	for _, tt := range tests {
		t.Run(tt.journal, func(t *testing.T) {
			path := build(t, "PRAGMA journal_mode = "+tt.journal+";"+accounts)
			c, err := sqlite.Open(t.Context(), path, sqlite.ReadWrite)
			if err != nil {
				t.Fatal(err)
			}
			defer c.Close()
			c.SetBusyTimeout(tt.waits)
			for range 10 {
				var writer sync.WaitGroup
				writer.Go(func() {
					for range 3 {
						if err := c.ExecScript(transfer); err != nil {
							t.Errorf("a writer is held up: %v", err)
						}
					}
				})
				script := dumped(t, path, dump.Options{})
				writer.Wait()
				checkBalance(t, script)
			}
		})
	}
}

func checkBalance(t *testing.T, script string) {
	t.Helper()
	c, err := sqlite.Open(t.Context(), build(t, script), sqlite.ReadOnly)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	sum, err := c.Int64("SELECT sum(balance) FROM account")
	if err != nil {
		t.Fatal(err)
	}
	if sum != 0 {
		t.Errorf("the balance is %d, at no moment", sum)
	}
}
