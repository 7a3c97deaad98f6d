package generate

import (
	"fmt"
	"time"

	"github.com/brianvoe/gofakeit/v6"

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
	hashes    map[*model.Column]uint64     // the hashes of the columns' names
	keys      map[*model.ForeignKey]uint64 // the hashes of the names of a key's columns

	stream chance.Stream   // the stream of the cell that is being generated
	words  *gofakeit.Faker // uses stream
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
	d.words, d.matches = gofakeit.NewCustom(&d.stream), newMatches(&d)
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
}

func (r *row) abort(format string, args ...any) {
	panic(abort{r: r, msg: fmt.Sprintf(format, args...)})
}

// values generates all cells of a row. If it cannot, it returns the reason.
func (d *drawer) values(r *row) (values []sqlite.Value, reason *abort) {
	defer func() {
		switch p := recover().(type) {
		case nil:
		case abort:
			r.refused, p.r.refused = true, true
			reason = &p
		default:
			panic(p)
		}
	}()
	values = make([]sqlite.Value, len(r.table.Columns))
	for i := range values {
		values[i] = d.cell(r, i)
	}
	d.checkOrder(r, values)
	return values, nil
}

// cell returns a cell's value. The first call generates the value.
func (d *drawer) cell(r *row, i int) sqlite.Value {
	c := r.cell(i)
	switch {
	case r.refused:
		r.abort("")
	case c.state&known != 0:
		return c.value
	case c.state&waits != 0:
		return d.hurry(r, i)
	case c.state&busy != 0:
		r.abort("the value of column %q depends on itself", r.table.Columns[i].Name)
	}
	c.state |= busy
	defer func() { c.state &^= busy }()
	v, random := d.generate(r, r.table.Columns[i])
	c.value = v
	c.state |= known
	if random {
		c.state |= drawn
	}
	return v
}

// hurry generates a value that waits for another one, because a function that generates the other
// asks for it.
func (d *drawer) hurry(r *row, i int) sqlite.Value {
	c, column := r.cell(i), r.table.Columns[i]
	c.state &^= waits
	c.value = d.draw(r, column, func(f *Fake) any { return guessPlain(f, column) })
	c.state |= known | drawn
	return c.value
}

// lend returns the value of a cell for use in another row.
func (d *drawer) lend(r *row, i int) sqlite.Value {
	v := d.cell(r, i)
	r.cells[i].state |= lent
	return v
}

// generate returns a cell's value, and whether the value is random.
func (d *drawer) generate(r *row, c *model.Column) (v sqlite.Value, random bool) {
	switch s := &r.template.sources[c.Index]; s.kind {
	case given:
		return s.value, false
	case lazy:
		return d.draw(r, c, s.draw), true
	case referred:
		return d.lend(d.plot.find(s.ref), s.column), false
	case inherited:
		return d.lend(r.parent, s.column), false
	}
	contested := r.template.contest[c.Index] != nil
	switch {
	case c.Default != "" && !contested && !r.varied(c) && !d.ignoresDefault(r, c):
		return d.defaultValue(r, c)
	case c.Key != nil:
		return d.pickParent(r, c)
	case contested:
		return d.matches.drawChoice(r, c), true
	case c.ID && c.Kind == sqlite.Integer:
		return d.integerID(r, c), true
	case c.ID && c.Kind == sqlite.Text && d.meanings.makers[c] == nil:
		return sqlite.String(d.textID(r, c)), true
	case c.ID && c.Kind == sqlite.Blob:
		return sqlite.Bytes(d.blobID(r, c)), true
	}
	return d.draw(r, c, func(f *Fake) any { return guess(f, c) }), true
}

// ignoresDefault reports whether a default is a stand-in: it is no time in a column that always has
// one, or the position of each of several rows.
func (d *drawer) ignoresDefault(r *row, c *model.Column) bool {
	if d.meanings.counts[c] && r.template.isSeveral() {
		_, isConstant := d.defaults.byColumn[c].constant()
		return isConstant
	}
	return d.times.byColumn[c].noDefault
}

// varied reports whether a column gets another value than its default: if a unique key demands
// different values, and in every second attempt after SQLite has refused the default.
func (r *row) varied(c *model.Column) bool {
	return r.template.distinct[c.Index] || (c.Unique || c.Varied) && r.attempt%2 == 1
}

// streamSeed is the hash of a cell and the start of its random stream.
func (d *drawer) streamSeed(r *row, c *model.Column) uint64 {
	return chance.Join(r.hash, d.hashes[c], r.attempt)
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
			d.mistakes.warn(r.template, r.path, c.Name, warning)
		}
	}
	if err != nil {
		r.abort("column %q: %v", c.Name, err)
	}
	return v
}

func (d *drawer) call(r *row, c *model.Column, fn func(*Fake) any) any {
	defer func() {
		switch p := recover().(type) {
		case nil:
		case abort:
			panic(p)
		default:
			r.abort("column %q: the function panicked at %s: %v", c.Name, panicSite(), p)
		}
	}()
	return fn(&Fake{drawer: d, row: r, stream: &d.stream, words: d.words})
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
