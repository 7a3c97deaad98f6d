package live

import (
	"context"
	"sync"

	"github.com/seedkit/seedkit/internal/indexes"
	"github.com/seedkit/seedkit/internal/sqlite"
)

// isSound reports whether PRAGMA integrity_check would find no fault in the database at path, as
// far as two faster checks tell that run side by side: PRAGMA quick_check, which omits whether
// indexes agree with their tables (https://sqlite.org/pragma.html#pragma_quick_check), and a check
// of the indexes. False can mean that they cannot tell.
func isSound(ctx context.Context, path string) bool {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	checks := []func(c *sqlite.Conn) bool{
		func(c *sqlite.Conn) bool { return isOK(c, "PRAGMA quick_check(1)") },
		areIndexesSound,
	}
	sound := make([]bool, len(checks))
	var group sync.WaitGroup
	for i, check := range checks {
		group.Go(func() {
			if sound[i] = checkSnapshot(ctx, path, check); !sound[i] {
				cancel()
			}
		})
	}
	group.Wait()
	return sound[0] && sound[1]
}

func checkSnapshot(ctx context.Context, path string, check func(*sqlite.Conn) bool) bool {
	c, err := sqlite.OpenSnapshot(ctx, path)
	if err != nil {
		return false
	}
	// The checks read most pages once, in order.
	ok := c.Exec("PRAGMA cache_size = -1000") == nil && check(c)
	return c.Close() == nil && ok
}

// isOK reports whether all that a check says is "ok".
func isOK(c *sqlite.Conn, check string, args ...any) bool {
	said := false
	for row, err := range c.Query(check, args...) {
		if err != nil || row.Text(0) != "ok" {
			return false
		}
		said = true
	}
	return said
}

// areIndexesSound checks the indexes of all tables, and what else quick_check omits: the order of
// tables WITHOUT ROWID. For a virtual table its module decides what a quick check is.
func areIndexesSound(c *sqlite.Conn) bool {
	const tables = `SELECT name, type <> 'virtual' AND NOT wr FROM pragma_table_list
		WHERE schema = 'main' AND type IN ('table', 'shadow', 'virtual')`
	for row, err := range c.Query(tables) {
		if err != nil {
			return false
		}
		table, agree := row.Text(0), false
		if row.Int64(1) != 0 {
			if agree, err = indexes.Agree(c, table); err != nil {
				return false
			}
		}
		if !agree && !isOK(c, "SELECT * FROM pragma_integrity_check(?)", table) {
			return false
		}
	}
	return true
}
