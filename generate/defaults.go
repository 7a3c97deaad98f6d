package generate

import (
	"fmt"

	"github.com/seedkit/seedkit/internal/sqlite"
)

// columnDefault is what SQLite puts into a column that an INSERT leaves out.
// Rows are inserted whole, since other cells may ask for the value, so it is
// evaluated beforehand.
type columnDefault struct {
	value  sqlite.Value
	clock  bool         // it asks for the time
	insert *sqlite.Stmt // evaluates it anew for each row, as it depends on chance; else nil
	err    error        // why SQLite cannot evaluate it
}

func (d *columnDefault) close() {
	if d != nil {
		d.insert.Close()
	}
}

// readDefaults evaluates the defaults of a table. The world that SQLite sees
// tells what they depend on.
func (e *engine) readDefaults(t *table) error {
	for _, c := range t.columns {
		if c.Default == "" || c.Name == t.RowidAlias { // whose default SQLite ignores
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

// prepareDefault makes a table whose only column has the default, for SQLite
// alone knows all that it may be: an expression, which loses its parentheses
// in the schema, or a word, which is a string there and nowhere else.
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

// defaultValue returns a column's default for a row, and whether it is drawn.
// A column of points in time that defaults to the present gets that in the
// format of all the others, which CURRENT_TIMESTAMP would not be in.
func (e *engine) defaultValue(r *row, c *column) (v sqlite.Value, drawn bool) {
	d := c.def
	switch {
	case d.err == nil && d.clock && c.datetime:
		return e.report.Datetime.encode(e.now), false
	case d.err == nil && d.insert != nil:
		e.sql.chance.state = r.chance(c)
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
