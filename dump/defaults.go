package dump

import (
	"context"
	"strings"

	"github.com/seedkit/seedkit/internal/sqlite"
)

// findDefaults sets what the columns are in records that were written before
// the columns were added to the table. It reports false if that cannot be
// known.
func (d *dumper) findDefaults(table string, l layout) (bool, error) {
	for i := range l.columns {
		c := &l.columns[i]
		if !c.hasDefault {
			continue
		}
		// From the last one, for the rowid may come before the first.
		kind, expr, err := d.declared(table, len(l.columns)-i)
		if err != nil {
			return false, err
		}
		var ok bool
		if c.missing, ok = addedColumn(d.ctx, kind, expr); !ok {
			return false, nil
		}
	}
	return true, nil
}

// declared returns the type and the default of the table's nth column, counted
// from the last.
func (d *dumper) declared(table string, n int) (kind, expr string, err error) {
	query := "SELECT type, dflt_value FROM pragma_table_info(?) ORDER BY cid DESC LIMIT 1 OFFSET ?"
	for row, err := range d.conn.Query(query, table, n-1) {
		if err != nil {
			return "", "", err
		}
		return row.Text(0), row.Text(1), nil
	}
	return "", "", nil
}

// addedColumn returns the literal of what a row has in a column that was added
// after it: the default, with the column's affinity. SQLite is asked to do just
// that.
func addedColumn(ctx context.Context, kind, expr string) (literal []byte, ok bool) {
	if expr == "" || strings.EqualFold(kind, "ANY") { // which means something else in a STRICT table
		return nil, false
	}
	c, err := sqlite.Open(ctx, sqlite.Memory, sqlite.ReadWrite)
	if err != nil {
		return nil, false
	}
	defer c.Close()
	for _, sql := range []string{
		"CREATE TABLE t(x)",
		"INSERT INTO t VALUES(NULL)",
		"ALTER TABLE t ADD COLUMN y " + kind + " DEFAULT (" + expr + ")",
	} {
		if err := c.Exec(sql); err != nil {
			return nil, false
		}
	}
	for row, err := range c.Query("SELECT y FROM t") {
		if err != nil {
			return nil, false
		}
		value := script{each: true}
		value.column(row, 0)
		return value.buf, true
	}
	return nil, false
}
