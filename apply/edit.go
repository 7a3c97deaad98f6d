package apply

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/sqltext"
)

// Edit changes or deletes one row of the target. [Options.Edits] has edits.
//
// A value is nil, a bool, an int, an int64, a float64, a string or a []byte. nil is NULL.
type Edit struct {
	Table string
	// Where has values of the row, by column. They tell the row from all others of the table,
	// before and after the edit. Texts are compared byte by byte. A row whose values are no longer
	// these is not edited.
	Where map[string]any
	// Set has the new values, by column. Nil deletes the row.
	Set map[string]any
}

// PlannedEdit is an edit for people to read. Values are written as in [Differing].
type PlannedEdit struct {
	Table   string   `json:"table"`
	Row     string   `json:"row"`     // `id = 7`
	Deletes bool     `json:"deletes"` // Changes is empty
	Changes []Change `json:"changes"`
}

// Change is a column of a row with its value before and after an edit.
type Change struct {
	Column string `json:"column"`
	From   string `json:"from"`
	To     string `json:"to"`
	// Hidden says that the column may hold a secret, by its name: From and To are empty.
	Hidden bool `json:"hidden,omitempty"`
}

// String says what the edit does: `update Role with id = 7: name from "user" to "member"`.
func (e PlannedEdit) String() string {
	if e.Deletes {
		return fmt.Sprintf("delete %s with %s", e.Table, e.Row)
	}
	changes := make([]string, len(e.Changes))
	for i, c := range e.Changes {
		changes[i] = fmt.Sprintf("%s from %s to %s", c.Column, c.From, c.To)
		if c.Hidden {
			changes[i] = c.Column + " (hidden)"
		}
	}
	return fmt.Sprintf("update %s with %s: %s", e.Table, e.Row, strings.Join(changes, ", "))
}

// EditError reports an edit that cannot be made as it is meant. Nothing was changed.
type EditError struct {
	Edit PlannedEdit // without Changes
	Err  error       // [ErrNoRow], [ErrSeveralRows], [ErrReachesFurther], or SQLite's
}

func (e *EditError) Error() string {
	verb := "update"
	if e.Edit.Deletes {
		verb = "delete"
	}
	return fmt.Sprintf("%s %s with %s: %v", verb, e.Edit.Table, e.Edit.Row, e.Err)
}

// Unwrap returns the cause.
func (e *EditError) Unwrap() error { return e.Err }

// The causes of an [EditError].
var (
	// ErrNoRow reports that the target does not have the row, or that the row has changed.
	ErrNoRow = errors.New("there is no such row")
	// ErrSeveralRows reports that the target has more than one such row.
	ErrSeveralRows = errors.New("there is more than one such row")
	// ErrReachesFurther reports an edit that foreign keys would pass on to other rows.
	ErrReachesFurther = errors.New("foreign keys would change other rows with it")
	errNotEdited      = errors.New("the target does not have it as edited")
)

// preparedEdit is an [Edit] with the names of the target's columns.
type preparedEdit struct {
	table   *schema.Table
	where   columnValues
	set     columnValues // of an update
	deletes bool
}

// columnValues has columns in alphabetical order, and their values.
type columnValues struct {
	columns []string
	values  []sqlite.Value
}

// prepareEdit looks up the table and the columns of an edit.
func prepareEdit(e Edit, there *schema.Schema) (p preparedEdit, err error) {
	problem := &SchemaError{}
	if p.table = there.Table(e.Table); p.table == nil {
		problem.addf("the target has no table %s", e.Table)
		return p, problem
	}
	p.deletes = e.Set == nil
	if p.where, err = prepareValues(e.Where, p.table, problem); err == nil {
		p.set, err = prepareValues(e.Set, p.table, problem)
	}
	switch {
	case err != nil:
		return p, fmt.Errorf("edit %s: %w", p.table.Name, err)
	case len(problem.Problems) > 0:
		return p, problem
	case len(p.where.columns) == 0, !p.deletes && len(p.set.columns) == 0:
		return p, fmt.Errorf("edit %s: Where and Set need a column", p.table.Name)
	}
	return p, nil
}

func prepareValues(
	given map[string]any, t *schema.Table, problem *SchemaError,
) (out columnValues, err error) {
	for _, name := range slices.Sorted(maps.Keys(given)) {
		column, ok := t.Column(name)
		if !ok {
			problem.addf("the target's table %s has no column %s", t.Name, name)
			continue
		}
		v, err := sqlite.ValueOf(given[name])
		if err != nil {
			return out, fmt.Errorf("column %s: %w", column.Name, err)
		}
		out.columns, out.values = append(out.columns, column.Name), append(out.values, v)
	}
	return out, nil
}

// is returns the condition that a row has exactly the values, whatever the collations of the
// columns. IS finds NULL, too.
func (v columnValues) is() string {
	conditions := make([]string, len(v.columns))
	for i, name := range v.columns {
		conditions[i] = sqltext.QuoteIdent(name) + " IS ? COLLATE BINARY"
	}
	return strings.Join(conditions, " AND ")
}

// over returns the values of a row that had those of before and then got v.
func (v columnValues) over(before columnValues) columnValues {
	out := columnValues{slices.Clone(v.columns), slices.Clone(v.values)}
	for i, name := range before.columns {
		if !slices.Contains(v.columns, name) {
			out.columns = append(out.columns, name)
			out.values = append(out.values, before.values[i])
		}
	}
	return out
}

// sql returns the statement that edits the row. Its parameters are those of [preparedEdit.args]. OR
// ABORT keeps a conflict clause of the target's schema from replacing other rows.
func (p preparedEdit) sql() string {
	table := sqltext.QuoteIdent(p.table.Name)
	if p.deletes {
		return fmt.Sprintf("DELETE FROM %s WHERE %s", table, p.where.is())
	}
	set := make([]string, len(p.set.columns))
	for i, name := range p.set.columns {
		set[i] = sqltext.QuoteIdent(name) + " = ?"
	}
	return fmt.Sprintf("UPDATE OR ABORT %s SET %s WHERE %s",
		table, strings.Join(set, ", "), p.where.is())
}

func (p preparedEdit) args() []any {
	return sqlite.Args(slices.Concat(p.set.values, p.where.values))
}

// planned describes the edit. was has the old values of the columns that are set. It does not matter
// if the edit deletes the row.
func (p preparedEdit) planned(was []sqlite.Value) PlannedEdit {
	out := PlannedEdit{
		Table: p.table.Name, Deletes: p.deletes,
		Row: assignments(p.where.columns, keyTexts(p.where.columns, p.where.values)),
	}
	if p.deletes {
		return out
	}
	for i, v := range was {
		change := Change{Column: p.set.columns[i], Hidden: schema.IsSecret(p.set.columns[i])}
		if !change.Hidden {
			change.From, change.To = pairText(v, p.set.values[i])
		}
		out.Changes = append(out.Changes, change)
	}
	return out
}

func (p preparedEdit) failed(err error) error {
	return &EditError{Edit: p.planned(nil), Err: err}
}
