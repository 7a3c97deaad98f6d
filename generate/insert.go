package generate

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/sqltext"
)

// attempts is how many values are tried for a row that SQLite refuses.
const attempts = 64

// insertAll adopts and inserts the rows, parents first, in one transaction.
func (e *engine) insertAll(ctx context.Context) error {
	if err := e.c.AllowQuotedStrings(true); err != nil { // triggers may hold some
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

// insertRows inserts the rows of a table. OR ABORT overrules what the schema
// says to do on a conflict, which might be to replace another row.
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

// insertRow inserts a row that is not there and was not refused.
func (e *engine) insertRow(insert *sqlite.Stmt, r *row) error {
	r.refused = r.refused || r.template.refused
	if r.adopted || r.refused {
		return nil
	}
	if err := e.insert(insert, r); err != nil {
		return err
	}
	if !r.table.referred && len(r.template.parts) == 0 {
		r.cells = nil // nobody asks for them; if somebody does, they come out the same
	}
	return nil
}

// insert lets SQLite judge the row. Where a constraint refuses what chance
// made, chance has another go; what the fixture gives is a mistake.
func (e *engine) insert(insert *sqlite.Stmt, r *row) error {
	for {
		values, ok := e.values(r)
		if !ok {
			return nil
		}
		if err := insert.BindValues(values); err != nil {
			return err
		}
		e.sql.chance.state = join(r.hash, r.attempt)
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

// redraw forgets what chance made of the cells that are to blame, or of all
// of them if nobody says which. It reports false if that leaves nothing to
// change.
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

// keeps reports whether another attempt leaves a cell alone if it is not to
// blame: its primary key, by which a row is known, and if others are to blame
// all guesses that nothing in the row depends on.
func (r *row) keeps(i int, othersBlamed bool) bool {
	c := r.table.columns[i]
	guessed := r.template.sources[i].kind == absent && r.cells[i].state&asked == 0
	return guessed && (othersBlamed && !c.datetime || c.key == nil && slices.Contains(r.table.PrimaryKey, c.Name))
}

// together forgets all columns that a reference was chosen for, or none.
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

// refuse notes why SQLite does not take a row. Its template's other rows are
// not tried: they would be refused for the same reason, one by one.
func (e *engine) refuse(r *row, err error) {
	r.refused, r.template.refused = true, true
	m := &FixtureError{File: r.template.at.file, Line: r.template.at.line, Path: r.path, Msg: err.Error(), Err: err}
	if r.attempt == attempts {
		m.Msg += fmt.Sprintf(", after %d attempts", attempts)
	}
	e.note(m)
}
