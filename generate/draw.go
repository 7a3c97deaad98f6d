package generate

import (
	"fmt"
	"time"

	"github.com/seedkit/seedkit/internal/chance"
	"github.com/seedkit/seedkit/internal/model"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/timeform"
)

// drawer generates the cells of rows.
type drawer struct {
	model     *model.Model
	plot      *plot // for references
	defaults  *defaults
	parents   *parents // for references that fixtures leave open
	matches   *matches // for unique keys with a limited number of values
	now       time.Time
	times     *times
	meanings  meanings
	counts    *counts
	siblings  *siblings
	passwords *passwords
	mistakes  *mistakes                    // for warnings
	trace     *trace                       // of the cells' origins; nil if nobody asks
	hashes    map[*model.Column]uint64     // the hashes of the columns' names
	keys      map[*model.ForeignKey]uint64 // the hashes of the names of a key's columns

	inserted map[*model.Table]bool // the tables whose rows are inserted
	// ahead tells that rows before the row are not inserted yet. The row must not use them then.
	ahead bool

	whole   []sqlite.Value // the values of the last whole row
	inUse   []*row         // the rows whose cells are being generated, the last one innermost
	drawing cellOf         // the cell that is being generated
	stream  chance.Stream  // the stream of that cell
	fakes   []*Fake        // for functions that ask for cells, which call other functions
	calls   int            // the number of functions that are running
}

func newDrawer(d drawer) *drawer {
	d.hashes, d.keys = map[*model.Column]uint64{}, map[*model.ForeignKey]uint64{}
	for _, t := range d.model.Tables {
		for _, c := range t.Columns {
			d.hashes[c] = chance.Hash(c.Name)
		}
		for _, fk := range t.References() {
			d.keys[fk] = chance.Hash(t.ColumnNames(fk.Columns)...)
		}
	}
	d.meanings, d.siblings = readMeanings(d.model), newSiblings()
	d.inserted = map[*model.Table]bool{}
	d.matches = newMatches(&d)
	return &d
}

// abort ends the generation of a row. msg describes the mistake in the row r, which is that row or
// one that it depends on. Without msg, the mistake is known already.
type abort struct {
	r   *row
	msg string
	at  position // the place of the value in the file of the fixture, if that is known
	// alone reports whether other rows of the same declaration may be right.
	alone bool
	// circular says that the value of a cell depends on itself.
	circular bool
}

func (r *row) abort(format string, args ...any) {
	panic(abort{r: r, msg: fmt.Sprintf(format, args...)})
}

// values generates all cells of a row. If it cannot, it returns the reason. The values are valid
// until the next call.
func (d *drawer) values(r *row) (values []sqlite.Value, reason *abort) {
	defer d.using(r)()
	defer func() {
		switch p := recover().(type) {
		case nil:
		case abort:
			if !d.ahead {
				d.plot.refuse(r)
				d.plot.refuse(p.r)
			}
			reason = &p
		default:
			panic(p)
		}
	}()
	d.whole = d.whole[:0]
	for i := range r.table.Columns {
		d.whole = append(d.whole, d.cell(r, i))
	}
	d.checkOrder(r, d.whole)
	return d.whole, nil
}

// cellOf names a cell. The zero cellOf is none.
type cellOf struct {
	row    *row
	column int
}

// cell returns a cell's value. The first call generates the value.
func (d *drawer) cell(r *row, i int) sqlite.Value {
	c := r.cell(i)
	if d.drawing.row == r {
		r.cells[d.drawing.column].uses |= columnBit(i)
	}
	switch {
	case r.refused:
		r.abort("")
	case c.state&known != 0:
		return c.value
	case c.state&waits != 0:
		return d.hurry(r, i)
	case c.state&busy != 0:
		msg := fmt.Sprintf("the value of column %q depends on itself", r.table.Columns[i].Name)
		panic(abort{r: r, msg: msg, circular: true})
	}
	c.state |= busy
	outer := d.drawing
	d.drawing = cellOf{r, i}
	defer func() { c.state &^= busy; d.drawing = outer }()
	v, random := d.generate(r, r.table.Columns[i])
	c.value = v
	c.state |= known
	if random {
		c.state |= drawn
	}
	return v
}

// tryCell returns a cell's value. ok is false if that value depends on a cell that is being
// generated.
func (d *drawer) tryCell(r *row, i int) (v sqlite.Value, ok bool) {
	inUse := d.inUse
	defer func() {
		switch p := recover().(type) {
		case nil:
		case abort:
			if !p.circular {
				panic(p)
			}
			d.inUse, ok = inUse, false
		default:
			panic(p)
		}
	}()
	return d.cell(r, i), true
}

// hurry generates a value that waits for another one, because a function that generates the other
// asks for it.
func (d *drawer) hurry(r *row, i int) sqlite.Value {
	c, column := r.cell(i), r.table.Columns[i]
	outer := d.drawing
	d.drawing = cellOf{r, i}
	defer func() { d.drawing = outer }()
	c.state &^= waits
	c.value = d.draw(r, column, func(f *Fake) any { return guessPlain(f, column) })
	c.state |= known | drawn
	return c.value
}

// using records that cells of a row are generated until the returned function is called.
func (d *drawer) using(r *row) (end func()) {
	before := len(d.inUse)
	d.inUse = append(d.inUse, r)
	return func() { d.inUse = d.inUse[:before] }
}

// same returns the copy of a row that all others must use. If cells of a copy are being generated,
// that is the copy. Before the row is inserted, it is the copy that plot holds.
func (d *drawer) same(r *row) *row {
	for _, other := range d.inUse {
		if other.is(r) {
			return other
		}
	}
	if r.adopted || d.inserted[r.table] {
		return r
	}
	d.needs(r.table)
	return d.plot.hold(r)
}

// lend returns the value of a cell for use in another row.
func (d *drawer) lend(r *row, i int) sqlite.Value {
	r = d.same(r)
	d.inUse = append(d.inUse, r)
	v := d.cell(r, i)
	d.inUse = d.inUse[:len(d.inUse)-1]
	r.cells[i].state |= lent
	if d.inserted[r.table] {
		d.trace.forget(r)
	}
	return v
}

// needs ends the generation of a row that is drawn ahead if it needs rows that are not inserted.
func (d *drawer) needs(t *model.Table) {
	if d.ahead && !d.inserted[t] {
		panic(abort{})
	}
}

// generate returns a cell's value, and whether the value is random.
func (d *drawer) generate(r *row, c *model.Column) (v sqlite.Value, random bool) {
	s, way := &r.template.sources[c.Index], d.way(r, c)
	d.trace.draws(r, c, way)
	switch way {
	case byFixture:
		return s.value, false
	case byFunction:
		return d.draw(r, c, s.draw), true
	case byReference:
		return d.lend(d.plot.find(*s.ref), s.column), false
	case byPart:
		return d.lend(r.parent, s.column), false
	case byDefault:
		return d.defaultValue(r, c)
	case byKey:
		return d.pickParent(r, c)
	case byContest:
		return d.matches.drawChoice(r, c), true
	case byIntegerID:
		return d.integerID(r, c), true
	case byTextID:
		return sqlite.String(d.textID(r, c)), true
	case byBlobID:
		return sqlite.Bytes(d.blobID(r, c)), true
	}
	return d.draw(r, c, func(f *Fake) any { return guess(f, c) }), true
}

// ignoresDefault reports whether a default is a stand-in: it is no time in a column that always has
// one, or for each of several rows the position or an empty value.
func (d *drawer) ignoresDefault(r *row, c *model.Column) bool {
	if r.template.isSeveral() {
		v, isConstant := d.defaults.byColumn[c].constant()
		if isConstant && (d.meanings.counts[c] || d.meanings.byColumn[c].isUsual && isEmpty(v)) {
			return true
		}
	}
	return d.times.byColumn[c].noDefault
}

// varied reports whether a column gets another value than its default: if a unique key demands
// different values, and in every second attempt after SQLite has refused the default.
func (r *row) varied(c *model.Column) bool {
	return r.template.distinct[c.Index] || (c.Unique || c.Varied) && r.tries(c)%2 == 1
}

// streamSeed is the hash of a cell and the start of its random stream.
func (d *drawer) streamSeed(r *row, c *model.Column) uint64 {
	return chance.Join(r.hash, d.hashes[c], r.tries(c))
}

// draw calls fn with the random stream of the cell. Functions can ask for other cells, so draw
// restores the stream that was in use.
func (d *drawer) draw(r *row, c *model.Column, fn func(*Fake) any) sqlite.Value {
	outer := d.stream
	defer func() {
		d.stream = outer
		switch p := recover().(type) {
		case nil:
		case abort:
			if p.r == r {
				p.at = p.at.or(r.template.sources[c.Index].at)
			}
			panic(p)
		default:
			panic(p)
		}
	}()
	d.stream = chance.New(d.streamSeed(r, c))
	value := d.call(r, c, fn)
	if ref, ok := value.(Ref); ok {
		return d.refer(r, c, ref)
	}
	v, err := encode(value, d.times.form(c))
	if _, isTime := value.(time.Time); err == nil && !isTime && r.template.gives(c) {
		var warning string
		if v, warning, err = d.times.suit(c, v); warning != "" {
			d.mistakes.warn(r.template, r.path(), c.Name, warning)
		}
	}
	if err != nil {
		r.abort("column %q: %v", c.Name, err)
	}
	return v
}

func (d *drawer) call(r *row, c *model.Column, fn func(*Fake) any) any {
	f := d.fake(r)
	d.calls++
	defer func() {
		d.calls--
		switch p := recover().(type) {
		case nil:
		case abort:
			panic(p)
		default:
			r.abort("column %q: the function panicked at %s: %v", c.Name,
				panicSite().from(d.mistakes.sourceDir), p)
		}
	}()
	value := fn(f)
	d.trace.follows(r, c, f.rule)
	return value
}

// fake returns the Fake for a function that begins. No function that is running has it.
func (d *drawer) fake(r *row) *Fake {
	if d.calls == len(d.fakes) {
		d.fakes = append(d.fakes, &Fake{drawer: d, stream: &d.stream})
	}
	f := d.fakes[d.calls]
	f.row, f.rule = r, rule{}
	return f
}

// refer returns the value with which a column refers to a row that a function chose.
func (d *drawer) refer(r *row, c *model.Column, ref Ref) sqlite.Value {
	ref, column, err := target(d.model, r.table, c.Index, ref)
	if err != nil {
		r.abort("column %q refers to %s, %v", c.Name, ref.path(), err)
	}
	to := d.plot.find(ref)
	if to == nil {
		r.abort("column %q refers to %s, which no fixture declares%s", c.Name, ref.path(),
			d.plot.nearName(ref))
	}
	return d.lend(to, column)
}

// defaultValue returns a column's default for a row, and whether another attempt may change it.
func (d *drawer) defaultValue(r *row, c *model.Column) (v sqlite.Value, random bool) {
	def := d.defaults.byColumn[c]
	v, err := def.value, def.err
	switch {
	case err == nil && def.form != (timeform.Form{}):
		return d.clockDefault(r, c, def)
	case err == nil && def.draw != nil:
		v, err = def.draw(d.streamSeed(r, c))
	}
	if err != nil {
		r.abort("the default of column %q: %v", c.Name, err)
	}
	return v, def.draw != nil || c.Unique || c.Varied
}
