package generate

import (
	"context"
	"slices"

	"github.com/seedkit/seedkit/internal/model"
	"github.com/seedkit/seedkit/internal/sqlite"
)

// Explanation says where the values of every column come from. It is what a run of Write with the
// same options has done: the rows of each origin are counted after SQLite has accepted them.
type Explanation struct {
	Tables []TableExplanation `json:"tables"` // the app's, in the order of the schema
}

// TableExplanation is about the columns of one table. If no fixture and no Rows ask for rows of
// the table, the origins are those of a row that Rows would make, and their numbers of rows are 0.
type TableExplanation struct {
	Table    string              `json:"table"`
	Rows     int64               `json:"rows"`          // inserted for fixtures and Rows
	Baseline int64               `json:"baseline"`      // inserted by the schema's scripts
	Others   int64               `json:"others"`        // inserted by triggers
	Why      string              `json:"why,omitempty"` // why Rows could make no row; or empty
	Columns  []ColumnExplanation `json:"columns"`       // in the order of the table
}

// ColumnExplanation says where the values of one column come from.
type ColumnExplanation struct {
	Column  string   `json:"column"`
	Origins []Origin `json:"origins"` // in the order in which rows show them
	// Form is the form in which the column stores times, and FormWhy is what told. They are empty
	// for a column without times.
	Form    Datetime `json:"form,omitempty"`
	FormWhy string   `json:"form_why,omitempty"`
	// Triggers have statements that change the column, after the rows are inserted.
	Triggers []string `json:"triggers"`
}

// Explain returns what Write would report, and the origins of all values. It writes no file. The
// errors are those of Write.
func Explain(ctx context.Context, opts Options) (Explanation, error) {
	r, err := opts.newRun(ctx)
	if err != nil {
		return Explanation{}, err
	}
	e := &explainer{trace: newTrace()}
	_, err = r.do(ctx, e, func(*sqlite.Conn) error { return nil })
	return e.explanation, err
}

// explainer makes an explanation of a run. A nil explainer makes none.
type explainer struct {
	trace       *trace
	explanation Explanation
	why         map[*model.Table]string // why no example of a row can be made
}

// tracer returns the trace of the run.
func (e *explainer) tracer() *trace {
	if e == nil {
		return nil
	}
	return e.trace
}

// chosen returns the tables whose rows in the baseline count. An example may refer to any of them.
func (e *explainer) chosen(m *model.Model, templates []*template) map[*model.Table]bool {
	tables := chosen(templates)
	if e != nil {
		for _, t := range m.Tables {
			tables[t] = true
		}
	}
	return tables
}

// explain explains the tables after the rows are inserted.
func (e *explainer) explain(ctx context.Context, w *writer, c *compiler, r Report) error {
	if e == nil {
		return nil
	}
	triggers, err := readAssignments(w.scratch.c)
	if err != nil {
		return err
	}
	if err := e.tryExamples(ctx, w, c); err != nil {
		return err
	}
	for _, counted := range r.Tables {
		t := w.model.Table(counted.Table)
		table := TableExplanation{
			Table: t.Name, Rows: e.trace.rows[t], Baseline: counted.Baseline, Why: e.why[t],
		}
		table.Others = counted.Rows - table.Rows - table.Baseline
		for _, column := range t.Schema.Columns {
			if column.Generated {
				table.Columns = append(table.Columns, generatedColumn(column.Name, table.Rows))
				continue
			}
			i, _ := t.Find(column.Name)
			explained := e.column(w.drawer.times, t.Columns[i])
			for _, set := range triggers {
				if w.model.Table(set.table) == t && t.Columns[i] == columnOf(t, set.column) &&
					!slices.Contains(explained.Triggers, set.trigger) {
					explained.Triggers = append(explained.Triggers, set.trigger)
				}
			}
			table.Columns = append(table.Columns, explained)
		}
		e.explanation.Tables = append(e.explanation.Tables, table)
	}
	return nil
}

func generatedColumn(name string, rows int64) ColumnExplanation {
	return ColumnExplanation{Column: name, Origins: []Origin{{
		Kind: "generated", What: "what SQLite computes", Why: "a generated column", Rows: rows,
	}}}
}

func (e *explainer) column(ts *times, c *model.Column) ColumnExplanation {
	out := ColumnExplanation{Column: c.Name, Origins: e.trace.origins[c].list()}
	if at := ts.of(c); at != nil {
		out.Form, out.FormWhy = Datetime(at.form.Name()), at.why
	}
	return out
}

// tryExamples inserts one row into every table into which none is inserted, and takes them back, so
// that the explanation says what such rows would get.
func (e *explainer) tryExamples(ctx context.Context, w *writer, c *compiler) error {
	own := &mistakes{}
	w.mistakes, w.drawer.mistakes, c.mistakes, w.plot.mistakes = own, own, own, own
	e.trace.untried, e.why = true, map[*model.Table]string{}
	clear(w.drawer.inserted)
	examples := map[*model.Table]*row{}
	for _, t := range w.model.Tables {
		if e.trace.rows[t] > 0 || isRecord(t) {
			continue
		}
		d := &declaration{table: t.Name, name: "an example", min: 1, max: 1}
		for _, template := range d.compile(c, nil) {
			w.plot.add(template)
		}
		if r := w.plot.at(t.Name+"/an example", nil); r != nil {
			examples[t] = w.plot.hold(r)
		}
	}
	clear(w.drawer.parents.rings)
	if err := w.scratch.c.ExecScript("BEGIN; PRAGMA defer_foreign_keys = ON"); err != nil {
		return err
	}
	defer w.scratch.c.Rollback()
	for _, t := range w.model.ParentsFirst() {
		r := examples[t]
		if r == nil {
			continue
		}
		if err := w.insertRows(ctx, t); err != nil && err != errAgain {
			return err
		}
		if r.refused {
			e.why[t] = w.why[r.template]
			e.trace.tried(w.drawer, r)
		}
	}
	return nil
}

// tried records the cells of a row that cannot be inserted, as far as they can be drawn.
func (t *trace) tried(d *drawer, r *row) {
	r.refused = false
	for i, c := range r.table.Columns {
		d.matches.early(r, true, func() { d.cell(r, i) })
		if r.cell(i).state&known != 0 {
			o := d.origin(r, c, *t.cell(r, c), r.cell(i).value)
			t.origins[c] = &origins{}
			t.origins[c].add(o, d.place(r, c))
		}
	}
}
