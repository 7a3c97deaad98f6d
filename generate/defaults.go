package generate

import (
	"fmt"

	"github.com/seedkit/seedkit/internal/chance"
	"github.com/seedkit/seedkit/internal/sqlite"
)

// columnDefault is the value that SQLite gives a column that an INSERT omits. generate inserts
// complete rows, because other cells may need the value, so it evaluates defaults before the
// insert.
type columnDefault struct {
	value  sqlite.Value
	clock  bool         // the default uses the current time
	insert *sqlite.Stmt // evaluates a random default for every row; nil for other defaults
	err    error        // the reason why SQLite cannot evaluate the default
}

func (d *columnDefault) close() {
	if d != nil {
		d.insert.Close()
	}
}

// readDefaults evaluates the defaults of a table. The world that SQLite sees records whether they
// use the time or random numbers.
func (e *engine) readDefaults(t *table) error {
	for _, c := range t.columns {
		if c.Default == "" || c.Name == t.RowidAlias { // SQLite ignores a RowidAlias's default
			continue
		}
		c.def = &columnDefault{}
		if c.def.insert, c.def.err = e.prepareDefault(t, c); c.def.err != nil {
			continue
		}
		e.sql.askedClock, e.sql.drawn = false, false
		c.def.value, c.def.err = evaluate(c.def.insert)
		c.def.clock = e.sql.askedClock
		if !e.sql.drawn {
			c.def.insert.Close()
			c.def.insert = nil
		}
	}
	return nil
}

// prepareDefault creates a table whose only column has the default, because only SQLite understands
// every default: an expression, which has no parentheses in the schema, or a word, which is a
// string only there.
func (e *engine) prepareDefault(t *table, c *column) (*sqlite.Stmt, error) {
	name := "temp." + quote("default of "+t.Name+"."+c.Name)
	err := e.c.Exec(fmt.Sprintf("CREATE TABLE %s(x DEFAULT (%s))", name, c.Default))
	if err != nil {
		err = e.c.Exec(fmt.Sprintf("CREATE TABLE %s(x DEFAULT %s)", name, c.Default))
	}
	if err != nil {
		return nil, err
	}
	return e.c.PrepareOne(fmt.Sprintf("INSERT INTO %s DEFAULT VALUES RETURNING x", name))
}

func evaluate(insert *sqlite.Stmt) (v sqlite.Value, err error) {
	for row, err := range insert.Rows() {
		if err != nil {
			return v, err
		}
		v = row.Value(0)
	}
	return v, nil
}

// defaultValue returns a column's default for a row, and whether it is random. A timestamp column
// with the current time as its default gets that time in the format of all timestamps.
// CURRENT_TIMESTAMP would have another format.
func (e *engine) defaultValue(r *row, c *column) (v sqlite.Value, drawn bool) {
	d := c.def
	switch {
	case d.err == nil && d.clock && c.datetime:
		return e.report.Datetime.encode(e.now), false
	case d.err == nil && d.insert != nil:
		e.sql.chance = chance.New(r.streamSeed(c))
		v, d.err = evaluate(d.insert)
	}
	if d.err != nil {
		e.abort(r, "the default of column %q: %v", c.Name, d.err)
	}
	if d.insert == nil {
		return d.value, false
	}
	return v, true
}
