package generate

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/seedkit/seedkit/internal/chance"
	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/sqltext"
)

// attempts is the number of times that a row with new values is tried after SQLite refused it.
const attempts = 64

// insertAll adopts and inserts the rows, parents first, in one transaction.
func (e *engine) insertAll(ctx context.Context) error {
	if err := e.c.AllowQuotedStrings(true); err != nil { // triggers may use them
		return err
	}
	if err := e.c.ExecScript("BEGIN; PRAGMA defer_foreign_keys = ON"); err != nil {
		return err
	}
	defer e.c.Rollback()
	ordered, _ := schema.ParentsFirst(e.schema.Tables)
	e.progress.begin(e.tables)
	for _, t := range ordered {
		if err := e.adoptRows(e.byName[t.Name]); err != nil {
			return err
		}
	}
	for _, t := range ordered {
		if err := e.insertRows(ctx, e.byName[t.Name]); err != nil {
			return err
		}
	}
	if err := e.checkForeignKeys(); err != nil {
		return err
	}
	if err := errors.Join(e.errs...); err != nil {
		return err
	}
	return e.c.Exec("COMMIT")
}

// insertRows inserts the rows of a table. OR ABORT overrides the conflict action of the schema,
// which might replace another row.
func (e *engine) insertRows(ctx context.Context, t *table) error {
	if len(t.rows) == 0 {
		return nil
	}
	insert, err := e.c.PrepareOne(fmt.Sprintf("INSERT OR ABORT INTO %s (%s) VALUES (?%s)",
		quote(t.Name), sqltext.QuoteIdents(t.Stored()), strings.Repeat(", ?", len(t.columns)-1)))
	if err != nil {
		return fmt.Errorf("insert into %s: %w", t.Name, err)
	}
	defer insert.Close()
	for _, r := range t.rows {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := e.insertRow(insert, r); err != nil {
			return err
		}
		e.progress.row()
	}
	return nil
}

// insertRow inserts a row unless the database has it already or the row was refused.
func (e *engine) insertRow(insert *sqlite.Stmt, r *row) error {
	r.refused = r.refused || r.template.refused
	if r.adopted || r.refused {
		return nil
	}
	if err := e.insert(insert, r); err != nil {
		return err
	}
	if !r.table.referred && len(r.template.parts) == 0 {
		r.cells = nil // if a cell is needed again, it is generated again with the same value
	}
	return nil
}

// insert lets SQLite check the row. If a constraint refuses random values, insert generates them
// again. If it refuses values of the fixture, the fixture is wrong.
func (e *engine) insert(insert *sqlite.Stmt, r *row) error {
	for {
		values, ok := e.values(r)
		if !ok {
			return nil
		}
		if err := insert.BindValues(values); err != nil {
			return err
		}
		e.sql.chance = chance.New(chance.Join(r.hash, r.attempt))
		_, err := insert.Step()
		switch {
		case err == nil && e.c.Changes() == 0:
			e.refuse(r, errors.New("a trigger left the row out"))
			return nil
		case err == nil:
			return nil
		case !sqlite.Is(err, sqlite.Constraint):
			return fmt.Errorf("insert %s: %w", r.path, err)
		case !e.c.InTransaction(): // a trigger rolled it back
			e.refuse(r, err)
			return errors.Join(e.errs...)
		case r.attempt == attempts || !e.redraw(r, err):
			e.refuse(r, err)
			return nil
		}
	}
}

// redraw discards the random values of the cells that broke a constraint, and of the other cells
// unless [row.keeps] keeps them. It returns false if that leaves nothing to change.
func (e *engine) redraw(r *row, err error) bool {
	blamed := r.table.blamed(err)
	forget := make([]bool, len(r.cells))
	changes := false
	for i := range r.cells {
		free := r.cells[i].state&(drawn|lent) == drawn
		forget[i] = free && (slices.Contains(blamed, i) || !r.keeps(i, len(blamed) > 0))
		changes = changes || forget[i] && (len(blamed) == 0 || slices.Contains(blamed, i))
	}
	if !changes {
		return false
	}
	for _, fk := range r.table.keys {
		fk.together(r, forget)
	}
	r.attempt++
	for i, f := range forget {
		if f {
			r.cells[i] = cell{}
		}
	}
	return true
}

// keeps reports whether another attempt keeps a cell that did not break a constraint. It keeps the
// primary key, which identifies the row. If other cells broke the constraint, it also keeps every
// guess, except a timestamp, that no other cell of the row depends on.
func (r *row) keeps(i int, othersBlamed bool) bool {
	c := r.table.columns[i]
	guessed := r.template.sources[i].kind == absent && r.cells[i].state&asked == 0
	return guessed &&
		(othersBlamed && !c.datetime || c.key == nil && slices.Contains(r.table.PrimaryKey, c.Name))
}

// together discards either all columns that one reference determines, or none.
func (fk *foreignKey) together(r *row, forget []bool) {
	var chosen []int
	for _, i := range fk.columns {
		if r.table.columns[i].key == fk && r.cells[i].state&drawn != 0 {
			chosen = append(chosen, i)
		}
	}
	any := slices.ContainsFunc(chosen, func(i int) bool { return forget[i] })
	lost := slices.ContainsFunc(chosen, func(i int) bool { return r.cells[i].state&lent != 0 })
	for _, i := range chosen {
		forget[i] = any && !lost
	}
}

// refuse records why SQLite refuses a row. generate does not try the other rows of its template,
// because SQLite would refuse each of them for the same reason.
func (e *engine) refuse(r *row, err error) {
	r.refused, r.template.refused = true, true
	m := &FixtureError{
		File: r.template.at.file, Line: r.template.at.line, Path: r.path, Msg: err.Error(),
		Err: err,
	}
	if r.attempt == attempts {
		m.Msg += fmt.Sprintf(", after %d attempts", attempts)
	}
	e.note(m)
}
