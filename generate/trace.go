package generate

import (
	"github.com/seedkit/seedkit/internal/model"
	"github.com/seedkit/seedkit/internal/sqlite"
)

// way is the kind of a cell's source.
type way uint8

const (
	byFixture   way = iota // a value of the fixture
	byFunction             // a function of the fixture
	byReference            // a cell of the row that a Ref names
	byPart                 // a cell of the row that contains this one as a part
	byDefault              // the column's default
	byKey                  // a row that a reference chooses
	byContest              // one of a few values, for which rows compete
	byIntegerID            // an integer that identifies the row
	byTextID
	byBlobID
	byGuess // a value for the column's name and type
)

// way says how a cell gets its value in the row's present attempt.
func (d *drawer) way(r *row, c *model.Column) way {
	switch r.template.sources[c.Index].kind {
	case given:
		return byFixture
	case lazy:
		return byFunction
	case referred:
		return byReference
	case inherited:
		return byPart
	}
	contested := r.template.contest[c.Index] != nil
	named := d.meanings.byColumn[c].make != nil && !d.meanings.byColumn[c].isID
	switch {
	case c.Default != "" && !contested && !r.varied(c) && !d.ignoresDefault(r, c):
		return byDefault
	case c.Key != nil:
		return byKey
	case contested:
		return byContest
	case c.ID && c.Kind == sqlite.Integer:
		return byIntegerID
	case c.ID && c.Kind == sqlite.Text && !named:
		return byTextID
	case c.ID && c.Kind == sqlite.Blob:
		return byBlobID
	}
	return byGuess
}

// trace records how the cells of rows got their values, and counts that for the rows that are
// inserted. A nil trace records nothing.
type trace struct {
	cells   map[*row][]traced // of rows that are not inserted yet
	origins map[*model.Column]*origins
	rows    map[*model.Table]int64
	untried bool // the rows are examples of tables that get no rows
}

// traced is what is known of a cell.
type traced struct {
	way  way
	rule rule
}

// rule says what a guess is, and what told.
type rule struct {
	what  string
	basis basis
}

// basis is what a guess follows.
type basis uint8

const (
	noBasis  basis = iota // nothing tells more than the kind of the column
	theName               // the column's name
	theType               // the column's type
	theCheck              // a CHECK, or the condition of a partial index
	theRows               // rows of the column, in the baseline or in a database to be like
)

func newTrace() *trace {
	return &trace{
		cells: map[*row][]traced{}, origins: map[*model.Column]*origins{},
		rows: map[*model.Table]int64{},
	}
}

// cell returns the record of a cell.
func (t *trace) cell(r *row, c *model.Column) *traced {
	if t.cells[r] == nil {
		t.cells[r] = make([]traced, len(r.table.Columns))
	}
	return &t.cells[r][c.Index]
}

// draws records that a cell gets its value in a way.
func (t *trace) draws(r *row, c *model.Column, w way) {
	if t != nil {
		*t.cell(r, c) = traced{way: w}
	}
}

// follows records the rule by which a cell got its value.
func (t *trace) follows(r *row, c *model.Column, by rule) {
	if t != nil && by != (rule{}) {
		t.cell(r, c).rule = by
	}
}

// forget forgets what is known of the cells of a row.
func (t *trace) forget(r *row) {
	if t != nil {
		delete(t.cells, r)
	}
}

// inserted counts the cells of a row that SQLite has accepted.
func (t *trace) inserted(d *drawer, r *row, values []sqlite.Value) {
	if t == nil {
		return
	}
	rows := int64(1)
	if t.untried {
		rows = 0
	}
	t.rows[r.table] += rows
	for i, c := range r.table.Columns {
		o := d.origin(r, c, *t.cell(r, c), values[i])
		o.Rows = rows
		if t.origins[c] == nil {
			t.origins[c] = &origins{}
		}
		t.origins[c].add(o, d.place(r, c))
	}
	delete(t.cells, r)
}

// reset forgets the rows that were inserted.
func (t *trace) reset() {
	if t != nil {
		clear(t.cells)
		clear(t.origins)
		clear(t.rows)
	}
}
