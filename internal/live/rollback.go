package live

import "github.com/seedkit/seedkit/internal/sqlite"

// RollBack rolls back the transaction of a connection that writes to a live database, if one is
// open or has failed. After an I/O error and on a full disk SQLite itself ends a transaction, and
// leaves the pages that it has written, with a hot journal, for the next reader to put back
// (https://sqlite.org/lockingv3.html#hot_journals). RollBack is that reader. If reading fails, the
// reader after it does the same.
func RollBack(c *sqlite.Conn) {
	c.Rollback()
	_, _ = c.Int64("SELECT count(*) FROM sqlite_schema")
}
