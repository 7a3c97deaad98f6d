package migration

import (
	"fmt"

	"github.com/seedkit/seedkit/internal/sqlite"
)

// Applied reports whether a database has a record that the migration has run,
// in the table that the tool uses unless it is told otherwise. No tool runs
// such a migration again, however its script may change. A plain script is
// never on record.
func (f Folder) Applied(c *sqlite.Conn, m Migration) (bool, error) {
	applied, err := f.Format.tool().applied(c, m)
	if err != nil {
		return false, fmt.Errorf("look up the migration %s: %w", m.Name, err)
	}
	return applied, nil
}

// recorded reports whether a query's first column is other than 0; it is not
// asked where its table does not exist.
func recorded(c *sqlite.Conn, table, query string, args ...any) (bool, error) {
	n, err := c.Int64("SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = ?", table)
	if n == 0 || err != nil {
		return false, err
	}
	found, err := c.Int64(query, args...)
	return found != 0, err
}
