package generate

import (
	"fmt"
	"slices"
	"strings"

	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/sqlite"
)

// attempts is how many values are tried for a row that SQLite refuses.
const attempts = 64

// insertAll adopts and inserts the rows, parents first, in one transaction.
func (e *engine) insertAll() error {
	if err := e.c.ExecScript("BEGIN; PRAGMA defer_foreign_keys = ON"); err != nil {
		return err
	}
	defer e.c.Rollback()
	tables, _ := schema.ParentsFirst(e.schema.Tables)
	for _, t := range tables {
		if err := e.adoptRows(t); err != nil {
			return err
		}
	}
	for _, t := range tables {
		if err := e.insertRows(t); err != nil {
			return err
		}
	}
	if err := e.mistakes(); err != nil {
		return err
	}
	if err := e.checkForeignKeys(); err != nil {
		return err
	}
	return e.c.Exec("COMMIT")
}

func (e *engine) insertRows(t *schema.Table) error {
	rows := e.byTable[t.Name]
	if len(rows) == 0 {
		return nil
	}
	columns := t.Stored()
	var names []string
	for _, c := range columns {
		names = append(names, quote(c))
	}
	insert, err := e.c.PrepareOne(fmt.Sprintf("INSERT INTO %s (%s) VALUES (?%s)",
		quote(t.Name), strings.Join(names, ", "), strings.Repeat(", ?", len(columns)-1)))
	if err != nil {
		return fmt.Errorf("insert into %s: %w", t.Name, err)
	}
	defer insert.Close()
	for _, r := range rows {
		if r.adopted {
			continue
		}
		if err := e.insert(insert, r); err != nil {
			return err
		}
	}
	return nil
}

// insert lets SQLite judge the row. Where a constraint refuses what chance
// made, chance has another go; what the fixture gives is a mistake.
func (e *engine) insert(insert *sqlite.Stmt, r *row) error {
	for {
		values, err := e.values(r)
		if err != nil {
			e.errs = append(e.errs, err)
			return nil
		}
		if err := insert.BindValues(values); err != nil {
			return err
		}
		_, err = insert.Step()
		switch {
		case err == nil:
			return nil
		case !sqlite.Is(err, sqlite.Constraint):
			return fmt.Errorf("insert %s: %w", r.path, err)
		case r.attempt == attempts || !e.redraw(r, err):
			e.errs = append(e.errs, e.refused(r, err))
			return nil
		}
	}
}

// redraw forgets what chance made of the row, but for its key unless that is
// to blame. It reports false if the constraint names only cells that were
// given.
func (e *engine) redraw(r *row, err error) bool {
	blamed := sqlite.ConstraintColumns(err)
	if len(blamed) > 0 && !slices.ContainsFunc(blamed, func(c string) bool { return r.drawn[c] }) {
		return false
	}
	if len(r.drawn) == 0 {
		return false
	}
	r.attempt++
	keep := map[string]sqlite.Value{}
	for _, c := range r.table.PrimaryKey {
		if !slices.Contains(blamed, c) {
			keep[c] = r.cells[c]
		}
	}
	r.cells = keep
	return true
}

func (e *engine) refused(r *row, err error) error {
	out := &FixtureError{File: r.at.file, Line: r.at.line, Path: r.path, Msg: err.Error(), Err: err}
	if r.attempt == attempts {
		out.Msg = fmt.Sprintf("%v, after %d attempts", err, attempts)
	}
	return out
}

// checkForeignKeys finds references to rows that are not there, which COMMIT
// would refuse without a word on where they are.
func (e *engine) checkForeignKeys() error {
	const violations = `SELECT "table", parent, count(*) FROM pragma_foreign_key_check GROUP BY 1, 2 ORDER BY 1, 2`
	for row, err := range e.c.Query(violations) {
		if err != nil {
			return fmt.Errorf("check foreign keys: %w", err)
		}
		return fmt.Errorf("%d rows of table %s refer to rows of table %s that are not there", row.Int64(2), row.Text(0), row.Text(1))
	}
	return nil
}
