package migration

import (
	"fmt"

	"github.com/seedkit/seedkit/internal/sqlite"
)

// Applied reports whether a database records that the migration has run, in the tool's default
// table. The tool does not run such a migration again, even if its script changes. No database
// records a plain script.
func (f Folder) Applied(c *sqlite.Conn, m Migration) (bool, error) {
	applied, err := f.Format.tool().applied(c, m)
	if err != nil {
		return false, fmt.Errorf("look up the migration %s: %w", m.Name, err)
	}
	return applied, nil
}

// recorded reports whether the first column of a query is not 0. It is false without a query if the
// table does not exist.
func recorded(c *sqlite.Conn, table, query string, args ...any) (bool, error) {
	n, err := c.Int64("SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = ?", table)
	if n == 0 || err != nil {
		return false, err
	}
	found, err := c.Int64(query, args...)
	return found != 0, err
}
