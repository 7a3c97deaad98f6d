package scan

import (
	"context"
	"strings"

	"github.com/seedkit/seedkit/internal/sqlite"
)

// findDefaults sets the values of columns in records that were written before the columns were
// added to the table. It returns false if a value cannot be known.
func findDefaults(c *sqlite.Conn, table string, l *layout) (bool, error) {
	for field, i := range l.fields {
		if i == unread || !l.columns[i].hasDefault {
			continue
		}
		kind, expr, err := declared(c, table, field)
		if err != nil {
			return false, err
		}
		var ok bool
		if l.columns[i].missing, ok = addedColumn(c.Context(), kind, expr); !ok {
			return false, nil
		}
	}
	return true, nil
}

// declared returns the declared type and the default of the column in the given field of a record.
// Records do not contain virtual generated columns.
func declared(c *sqlite.Conn, table string, field int) (kind, expr string, err error) {
	const virtual = "2"
	query := "SELECT type, dflt_value FROM pragma_table_xinfo(?) WHERE hidden <> " + virtual +
		" ORDER BY cid LIMIT 1 OFFSET ?"
	for row, err := range c.Query(query, table, field) {
		if err != nil {
			return "", "", err
		}
		return row.Text(0), row.Text(1), nil
	}
	return "", "", nil
}

// addedColumn returns the value that an older row has in an added column: the default with the
// column's affinity. It lets SQLite add such a column to a table.
func addedColumn(ctx context.Context, kind, expr string) (v Value, ok bool) {
	if expr == "" || strings.EqualFold(kind, "ANY") {
		// In a STRICT table, ANY has another meaning.
		return Value{}, false
	}
	c, err := sqlite.Open(ctx, sqlite.Memory, sqlite.ReadWrite)
	if err != nil {
		return Value{}, false
	}
	defer c.Close()
	for _, sql := range []string{
		"CREATE TABLE t(x)",
		"INSERT INTO t VALUES(NULL)",
		"ALTER TABLE t ADD COLUMN y " + kind + " DEFAULT (" + expr + ")",
	} {
		if err := c.Exec(sql); err != nil {
			return Value{}, false
		}
	}
	y, err := c.Value("SELECT y FROM t")
	return ValueOf(y), err == nil
}
