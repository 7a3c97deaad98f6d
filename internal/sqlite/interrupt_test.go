package sqlite_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/seedkit/seedkit/internal/sqlite"
)

// TestInterruptedAnywhere checks that the error is always the context's after the context has
// ended. SQLite reports an interrupt as a plain error if it comes while SQLite sets up a virtual
// table.
func TestInterruptedAnywhere(t *testing.T) {
	for name, sql := range map[string]string{
		"pragmas": "SELECT count(*) FROM pragma_table_xinfo('t'), pragma_index_list('t'), " +
			"pragma_foreign_key_list('t')",
		"pages": "SELECT count(*) FROM sqlite_dbpage",
	} {
		t.Run(name, func(t *testing.T) { interruptOften(t, sql) })
	}
}

func interruptOften(t *testing.T, sql string) {
	for i := range 400 {
		ctx, cancel := context.WithCancel(t.Context())
		c, err := sqlite.Open(ctx, sqlite.Memory, sqlite.Create)
		if err != nil {
			t.Fatal(err)
		}
		time.AfterFunc(time.Duration(i%200)*time.Microsecond, cancel)
		for err == nil {
			_, err = c.Int64(sql)
		}
		c.Close()
		if !errors.Is(err, context.Canceled) {
			t.Fatalf("got %v, want %v", err, context.Canceled)
		}
	}
}
