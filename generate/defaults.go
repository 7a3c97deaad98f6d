package generate

import (
	"fmt"

	"github.com/seedkit/seedkit/internal/chance"
	"github.com/seedkit/seedkit/internal/model"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/timeform"
)

// defaults are the values that SQLite gives columns that an INSERT omits. generate inserts complete
// rows, because other cells may need the value, so it evaluates defaults before the insert.
type defaults struct {
	byColumn map[*model.Column]columnDefault
	inserts  []*sqlite.Stmt // evaluate random defaults
}

type columnDefault struct {
	value sqlite.Value
	clock bool          // the default uses the current time
	form  timeform.Form // the form in which it writes that time; zero if it writes no time
	err   error         // the reason why SQLite cannot evaluate the default
	// draw evaluates a random default; it is nil for other defaults. Equal seeds have equal values.
	draw func(seed uint64) (sqlite.Value, error)
}

// constant returns the value of a default that is the same for all rows.
func (d columnDefault) constant() (v sqlite.Value, ok bool) {
	return d.value, d.err == nil && d.draw == nil && !d.clock
}

// readDefaults evaluates the defaults of all columns.
func readDefaults(s *scratch, m *model.Model) *defaults {
	d := &defaults{byColumn: map[*model.Column]columnDefault{}}
	for _, t := range m.Tables {
		for _, c := range t.Columns {
			if c.Default != "" {
				d.byColumn[c] = d.read(s, t, c)
			}
		}
	}
	return d
}

// read evaluates a default. The world that SQLite sees records whether the default uses the time or
// random numbers.
func (d *defaults) read(s *scratch, t *model.Table, c *model.Column) (read columnDefault) {
	insert, err := prepareDefault(s.c, t, c)
	if err != nil {
		return columnDefault{err: err}
	}
	s.askedClock, s.drew = false, false
	read.value, read.err = evaluate(insert)
	read.clock = s.askedClock
	if read.clock && read.err == nil {
		read.form = s.writtenForm(func() (sqlite.Value, error) { return evaluate(insert) })
	}
	if !s.drew {
		insert.Close()
		return read
	}
	d.inserts = append(d.inserts, insert)
	read.draw = func(seed uint64) (sqlite.Value, error) {
		s.chance = chance.New(seed)
		return evaluate(insert)
	}
	return read
}

func (d *defaults) close() {
	for _, insert := range d.inserts {
		insert.Close()
	}
}

// prepareDefault creates a table whose only column has the default, because only SQLite understands
// every default: an expression, which has no parentheses in the schema, or a word, which is a
// string only there.
func prepareDefault(c *sqlite.Conn, t *model.Table, column *model.Column) (*sqlite.Stmt, error) {
	name := "temp." + quote("default of "+t.Name+"."+column.Name)
	declared := ""
	if column.Type != "" { // SQLite stores what the type makes of the default
		declared = quote(column.Type)
	}
	err := c.Exec(fmt.Sprintf("CREATE TABLE %s(x %s DEFAULT (%s))", name, declared, column.Default))
	if err != nil {
		err = c.Exec(fmt.Sprintf("CREATE TABLE %s(x %s DEFAULT %s)", name, declared,
			column.Default))
	}
	if err != nil {
		return nil, err
	}
	return c.PrepareOne(fmt.Sprintf("INSERT INTO %s DEFAULT VALUES RETURNING x", name))
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
