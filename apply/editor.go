package apply

import (
	"fmt"
	"iter"

	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/sqltext"
)

// editor makes edits through one connection, in the plan and in the transaction alike.
type editor struct {
	c          *sqlite.Conn
	statements map[string]*sqlite.Stmt // by their text
}

func newEditor(c *sqlite.Conn) *editor {
	return &editor{c: c, statements: map[string]*sqlite.Stmt{}}
}

func (e *editor) close() {
	for _, s := range e.statements {
		s.Close()
	}
}

func (e *editor) statement(sql string) (s *sqlite.Stmt, err error) {
	if s = e.statements[sql]; s == nil {
		if s, err = e.c.PrepareOne(sql); err == nil {
			e.statements[sql] = s
		}
	}
	return s, err
}

// edits yields the options' edits.
func (r *run) edits() iter.Seq2[preparedEdit, error] {
	return func(yield func(preparedEdit, error) bool) {
		if r.opts.Edits == nil {
			return
		}
		for edit, err := range r.opts.Edits {
			var p preparedEdit
			if err == nil {
				p, err = prepareEdit(edit, r.there)
			}
			if !yield(p, err) || err != nil {
				return
			}
		}
	}
}

// edit makes all edits, and tells of each.
func (r *run) edit(done func(p preparedEdit, was []sqlite.Value)) error {
	e := newEditor(r.dst)
	defer e.close()
	for p, err := range r.edits() {
		if err != nil {
			return err
		}
		was, err := e.make(p)
		if err != nil {
			if ctx := r.dst.Context(); ctx.Err() != nil {
				return ctx.Err()
			}
			return p.failed(err)
		}
		done(p, was)
	}
	return nil
}

// make makes an edit, and returns the old values of the columns that it sets, or all values of the
// row that it deletes.
func (e *editor) make(p preparedEdit) (was []sqlite.Value, err error) {
	if was, err = e.find(p); err != nil {
		return nil, err
	}
	fires := len(editTriggers(p)) > 0
	if fires {
		if err := e.tryWithoutTriggers(p); err != nil {
			return nil, err
		}
	}
	changed, err := e.run(p)
	if err == nil && changed != 1 && !fires {
		err = ErrReachesFurther
	}
	return was, err
}

// find wants exactly one row, and returns the values of the columns that the edit sets, or all
// values of the row that it deletes.
func (e *editor) find(p preparedEdit) (was []sqlite.Value, err error) {
	columns := sqltext.QuoteIdents(p.set.columns)
	if p.deletes {
		columns = sqltext.QuoteIdents(p.table.Stored())
	}
	query, err := e.statement(fmt.Sprintf("SELECT %s FROM %s WHERE %s LIMIT 2",
		columns, sqltext.QuoteIdent(p.table.Name), p.where.is()))
	if err != nil {
		return nil, err
	}
	rows := 0
	for row, err := range query.Rows(sqlite.Args(p.where.values)...) {
		if err != nil {
			return nil, err
		}
		rows++
		was = row.Values()
	}
	switch rows {
	case 0:
		return nil, ErrNoRow
	case 1:
		return was, nil
	}
	return nil, ErrSeveralRows
}

// tryWithoutTriggers makes the edit and undoes it. Without triggers, every other row that changes
// is one to which a foreign key passes the edit on.
func (e *editor) tryWithoutTriggers(p preparedEdit) error {
	if err := e.c.Exec("SAVEPOINT seedkit_edit"); err != nil {
		return err
	}
	err := e.c.EnableTriggers(false)
	var changed int64
	if err == nil {
		changed, err = e.run(p)
	}
	if on := e.c.EnableTriggers(true); err == nil {
		err = on
	}
	if err == nil && changed != 1 {
		err = ErrReachesFurther
	}
	if err != nil {
		return err // the caller rolls everything back
	}
	return e.c.ExecScript("ROLLBACK TO seedkit_edit; RELEASE seedkit_edit")
}

// run runs the statement of an edit, and returns how many rows changed in all tables.
func (e *editor) run(p preparedEdit) (changed int64, err error) {
	statement, err := e.statement(p.sql())
	if err != nil {
		return 0, err
	}
	before := e.c.TotalChanges()
	if err := statement.Exec(p.args()...); err != nil {
		return 0, err
	}
	return e.c.TotalChanges() - before, nil
}

// checkEdits looks for each edited row as it must be now.
func (r *run) checkEdits() error {
	e := newEditor(r.dst)
	defer e.close()
	for p, err := range r.edits() {
		if err != nil {
			return err
		}
		if err := e.check(p); err != nil {
			return p.failed(err)
		}
	}
	return nil
}

func (e *editor) check(p preparedEdit) error {
	row, want := p.where, int64(0)
	if !p.deletes {
		row, want = p.set.over(p.where), 1
	}
	sql := fmt.Sprintf("SELECT count(*) FROM (SELECT 1 FROM %s WHERE %s LIMIT 2)",
		sqltext.QuoteIdent(p.table.Name), row.is())
	query, err := e.statement(sql)
	if err != nil {
		return err
	}
	for found, err := range query.Rows(sqlite.Args(row.values)...) {
		if err != nil {
			return err
		}
		if found.Int64(0) != want {
			return errNotEdited
		}
	}
	return nil
}

// editTriggers returns the triggers that an edit fires.
func editTriggers(p preparedEdit) []Trigger {
	event := "UPDATE"
	if p.deletes {
		event = "DELETE"
	}
	return triggersOn(p.table, event)
}

// triggersOn returns the triggers that fire on an event of a table.
func triggersOn(t *schema.Table, event string) []Trigger {
	var out []Trigger
	for _, trigger := range t.Triggers {
		if trigger.Event == event {
			out = append(out, Trigger{Table: t.Name, Name: trigger.Name})
		}
	}
	return out
}

// edited writes an edit down.
func (p *planner) edited(e preparedEdit, was []sqlite.Value) {
	t := p.plan.table(e.table.Name)
	if e.deletes {
		t.Deleted++
	} else {
		t.Updated++
	}
	p.plan.Edits = appendListed(p.plan.Edits, e.planned(was))
	p.plan.addTriggers(editTriggers(e))
}
