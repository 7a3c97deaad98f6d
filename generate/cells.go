package generate

import (
	"github.com/seedkit/seedkit/internal/chance"
	"github.com/seedkit/seedkit/internal/sqlite"
)

// values generates all cells of a row. It records mistakes in the row, or in a row on which it
// depends, and returns ok as false if there are any.
func (e *engine) values(r *row) (values []sqlite.Value, ok bool) {
	defer func() {
		switch p := recover().(type) {
		case nil:
		case abort:
			r.refused, p.r.refused, p.r.template.refused = true, true, true
			if p.msg != "" {
				e.mistake(p.r.template.at, p.r.path, "%s", p.msg)
			}
		default:
			panic(p)
		}
	}()
	values = make([]sqlite.Value, len(r.table.columns))
	for i := range values {
		values[i] = e.cell(r, i)
	}
	return values, true
}

// cell returns a cell's value. The first call generates the value.
func (e *engine) cell(r *row, i int) sqlite.Value {
	c := r.cell(i)
	switch {
	case c.state&known != 0:
		return c.value
	case r.refused:
		e.abort(r, "")
	case c.state&busy != 0:
		e.abort(r, "the value of column %q depends on itself", r.table.columns[i].Name)
	}
	c.state |= busy
	defer func() { c.state &^= busy }()
	v, random := e.generate(r, r.table.columns[i])
	c.value = v
	c.state |= known
	if random {
		c.state |= drawn
	}
	return v
}

// cell returns the cell of column i, with what is known so far.
func (r *row) cell(i int) *cell {
	if r.cells == nil {
		r.cells = make([]cell, len(r.table.columns))
	}
	return &r.cells[i]
}

// lend returns the value of a cell for use in another row.
func (e *engine) lend(r *row, i int) sqlite.Value {
	v := e.cell(r, i)
	r.cells[i].state |= lent
	return v
}

// generate returns a cell's value, and whether the value is random.
func (e *engine) generate(r *row, c *column) (v sqlite.Value, random bool) {
	switch s := &r.template.sources[c.index]; s.kind {
	case given:
		return s.value, false
	case lazy:
		return e.draw(r, c, s.draw), true
	case referred:
		return e.lend(s.row, s.column), false
	case inherited:
		return e.lend(r.parent, s.column), false
	}
	switch {
	case c.def != nil:
		return e.defaultValue(r, c)
	case c.key != nil:
		return e.pickParent(r, c)
	case c.id && c.kind == sqlite.Integer:
		return integerID(r, c), true
	case c.id && c.kind == sqlite.Text:
		return sqlite.String(textID(r, c)), true
	case c.id && c.kind == sqlite.Blob:
		return sqlite.Bytes(uuidBytes(idTime(r, c))), true
	}
	return e.draw(r, c, func(f *Fake) any { return guess(f, c) }), true
}

// streamSeed is the hash of a cell and the start of its random stream.
func (r *row) streamSeed(c *column) uint64 { return chance.Join(r.hash, c.hash, r.attempt) }

// draw calls fn with the random stream of the cell. Functions can ask for other cells, so draw
// restores the stream that was in use.
func (e *engine) draw(r *row, c *column, fn func(*Fake) any) sqlite.Value {
	outer := e.stream
	defer func() { e.stream = outer }()
	e.stream = chance.New(r.streamSeed(c))
	value := e.call(r, c, fn)
	if ref, ok := value.(Ref); ok {
		return e.refer(r, c, ref)
	}
	v, err := e.encode(value)
	if err != nil {
		e.abort(r, "column %q: %v", c.Name, err)
	}
	return v
}

func (e *engine) call(r *row, c *column, fn func(*Fake) any) any {
	defer func() {
		switch p := recover().(type) {
		case nil:
		case abort:
			panic(p)
		default:
			e.abort(r, "column %q: the function panicked at %s: %v", c.Name, panicSite(), p)
		}
	}()
	return fn(&Fake{engine: e, row: r, stream: &e.stream, words: e.words})
}

// refer returns the value with which a column refers to a row that a function chose.
func (e *engine) refer(r *row, c *column, ref Ref) sqlite.Value {
	column, err := e.referredColumn(r.table, c, ref)
	if err != nil {
		e.abort(r, "column %q refers to %s, %v", c.Name, ref.path(), err)
	}
	to := e.find(ref)
	if to == nil {
		e.abort(r, "column %q refers to %s, which no fixture declares%s", c.Name, ref.path(),
			e.nearName(ref))
	}
	return e.lend(to, column)
}
