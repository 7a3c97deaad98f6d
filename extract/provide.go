package extract

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/sqltext"
)

// provide inserts the given rows into the proof's database. Triggers do not fire, and nothing
// checks the references of these rows, because the proof assumes that the rows exist.
func (r *run) provide(c *sqlite.Conn) (err error) {
	if r.given == nil {
		return nil
	}
	const unchecked = "PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON"
	if err := c.ExecScript(unchecked); err != nil {
		return err
	}
	if err := c.EnableTriggers(false); err != nil {
		return err
	}
	defer func() {
		err = errors.Join(err, c.EnableTriggers(true),
			c.Exec("PRAGMA ignore_check_constraints = OFF"))
	}()
	there, err := schema.Read(c)
	if err != nil {
		return err
	}
	for _, n := range r.given.needs {
		if t := there.Table(n.parent.Name); t != nil {
			if err := r.provideRows(c, n, t); err != nil {
				return err
			}
		}
	}
	return nil
}

// provideRows inserts the needed rows of one parent that do not exist. It inserts a stub for a row
// that the seed lacks.
func (r *run) provideRows(c *sqlite.Conn, n *need, t *schema.Table) error {
	columns := n.parent.Stored()
	whole, err := r.seed.Conn.PrepareOne(byKey(n.parent.Name, columns, n.columns))
	if err != nil {
		return err
	}
	defer whole.Close()
	exists, err := c.PrepareOne(byKey(t.Name, n.columns, n.columns))
	if err != nil {
		return &ProofError{Table: t.Name, Msg: err.Error(), Err: err}
	}
	defer exists.Close()
	for key, err := range r.given.scratch.Query("SELECT * FROM " + n.keys) {
		if err != nil {
			return err
		}
		key := key.Values()
		if found, err := firstRow(exists, key); found != nil || err != nil {
			if err != nil {
				return err
			}
			continue
		}
		row, err := firstRow(whole, key)
		if err != nil {
			return err
		}
		names := columns
		if row == nil {
			r.given.stubs++
			names, row = stub(t, n.columns, key, r.given.stubs)
		}
		if err := insertGiven(c, t, names, row); err != nil {
			msg := fmt.Sprintf("its row with %s, which is left out, cannot be there: %v",
				keyText(n.columns, key), err)
			return &ProofError{Table: t.Name, Msg: msg, Err: err}
		}
	}
	return nil
}

// stub returns the columns and the values of a row if only its key is known. Every other column
// that must have a value gets the stub's number, which no other stub has.
func stub(
	t *schema.Table, key []string, values []sqlite.Value, number int,
) (columns []string, row []sqlite.Value) {
	columns, row = slices.Clone(key), slices.Clone(values)
	for _, column := range t.Columns {
		mustHave := column.NotNull && column.Default == "" && !column.Generated
		if mustHave && !slices.Contains(key, column.Name) {
			columns, row = append(columns, column.Name), append(row, sqlite.Int(int64(number)))
		}
	}
	return columns, row
}

// insertGiven inserts the values of a row that belong to columns of the table.
func insertGiven(c *sqlite.Conn, t *schema.Table, columns []string, row []sqlite.Value) error {
	var names []string
	var values []sqlite.Value
	for i, name := range columns {
		if column, ok := t.Column(name); ok && !column.Generated {
			names, values = append(names, name), append(values, row[i])
		}
	}
	return c.Exec(fmt.Sprintf("INSERT INTO %s (%s) VALUES (?%s)", sqltext.QuoteIdent(t.Name),
		sqltext.QuoteIdents(names), strings.Repeat(", ?", len(names)-1)), sqlite.Args(values)...)
}
