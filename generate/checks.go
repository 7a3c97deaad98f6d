package generate

import (
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/seedkit/seedkit/internal/chance"
	"github.com/seedkit/seedkit/internal/model"
	"github.com/seedkit/seedkit/internal/sqlite"
)

// guessByCheck generates a value that the column's constraints seem to demand. Only SQLite can tell
// whether the value satisfies them, so every attempt guesses in another way.
func guessByCheck(f *Fake, c *model.Column) (value any, ok bool) {
	if f.row.varies(c) && f.drawer.leavesNull(f.row, c, f.drawer.hashes[c]) {
		f.as("a constraint refused another value", theCheck)
		return nil, true
	}
	if len(c.Choices) > 0 {
		f.asChoice(c)
		return Pick(f, c.Choices), true
	}
	if f.row.tries(c)%4 > 0 { // every fourth attempt is a plain guess again
		if value, ok = guessHint(f, c); ok {
			return value, true
		}
	}
	return guessInOrder(f, c)
}

// varies reports whether another attempt tries both NULL and other values for a column.
func (r *row) varies(c *model.Column) bool {
	return r.tries(c) > 0 && c.Varied && !c.NotNull && !c.Primary
}

// leavesNull decides whether an attempt tries NULL: for one value in four, in two and in three out
// of four, in turn.
func (d *drawer) leavesNull(r *row, c *model.Column, hash uint64) bool {
	tries := r.tries(c)
	return chance.Join(r.hash, hash, tries, 1)%4 <= tries%3
}

// guessHint generates a value from the literals in the column's constraints: one of the texts or
// numbers, or a number between or near them.
func guessHint(f *Fake, c *model.Column) (value any, ok bool) {
	numeric := c.Kind == sqlite.Integer || c.Kind == sqlite.Real
	switch {
	case len(c.Texts) > 0 && (!numeric || len(c.Numbers) == 0):
		f.as("a text of the constraint", theCheck)
		return Pick(f, c.Texts), true
	case len(c.Numbers) == 0:
		return nil, false
	}
	f.as("a number near those of the constraint", theCheck)
	const around, steps = 100, 1000
	least, greatest := slices.Min(c.Numbers), slices.Max(c.Numbers)
	if least == greatest {
		least, greatest = least-around, greatest+around
	}
	number := least + (greatest-least)*float64(f.Int(0, steps))/steps
	if f.Int(0, 1) == 0 {
		number = Pick(f, c.Numbers)
	}
	if c.Kind != sqlite.Real {
		return int64(math.Round(number)), true
	}
	return number, true
}

// guessInOrder generates a time or a number above or below those of other columns. A column is
// guessed from those below it, and from those above it whose values the fixture gives.
func guessInOrder(f *Fake, c *model.Column) (value any, ok bool) {
	least, most := math.Inf(-1), math.Inf(1)
	for _, o := range c.Orders {
		omitted := f.row.template.sources[o.Other].kind == absent
		if !o.Above && omitted {
			continue
		}
		number, ok := f.number(c, o.Other)
		switch {
		case !ok:
		case o.Above:
			least = max(least, number)
		default:
			most = min(most, number)
		}
	}
	if own := f.row.cells[c.Index]; own.state&known != 0 {
		return own.value, true // a function asked for the value
	}
	span := 1000.0
	if c.Datetime {
		span = float64((30 * 24 * time.Hour).Milliseconds())
	}
	switch {
	case math.IsInf(least, -1) && math.IsInf(most, 1) || least > most:
		return nil, false
	case math.IsInf(least, -1):
		least = most - span
	case math.IsInf(most, 1):
		most = least + span
	}
	f.as("a value above or below that of another column", theCheck)
	return inside(f, c, least, most), true
}

// inside generates a value between two others, in milliseconds for times.
func inside(f *Fake, c *model.Column, least, most float64) any {
	const steps = 1 << 20
	number := least + (most-least)*float64(f.Int(1, steps-1))/steps
	switch {
	case c.Datetime:
		second := 1000 * math.Round(number/1000)
		if least < second && second < most {
			number = second
		}
		return time.UnixMilli(int64(number)).UTC()
	case c.Kind == sqlite.Real:
		return number
	}
	return int64(math.Ceil(number))
}

// number returns the value of another column as a number: for a time, the milliseconds. ok is false
// for other values, and if the other value depends on that of column c.
func (f *Fake) number(c *model.Column, other int) (n float64, ok bool) {
	if c.Kind == sqlite.Text && !c.Datetime || f.row.cell(other).state&busy != 0 {
		return 0, false
	}
	own := &f.row.cells[c.Index]
	own.state |= waits
	v := f.drawer.cell(f.row, other)
	own.state &^= waits
	f.row.cells[other].state |= asked
	if c.Datetime {
		at, ok := f.drawer.times.read(f.row.table.Columns[other], v)
		return float64(at.UnixMilli()), ok
	}
	return v.Float64() + float64(v.Int64()), v.Kind() == sqlite.Integer || v.Kind() == sqlite.Real
}

// guessJSON generates a JSON value of the given type.
func guessJSON(f *Fake, kind string) string {
	switch kind {
	case "array":
		return "[]"
	case "text":
		return `"` + sample(f.stream, commonNouns) + `"`
	case "integer":
		return fmt.Sprint(f.Int(0, 1000))
	case "real":
		return fmt.Sprint(f.Int(0, 1000)) + ".5"
	case "true", "false", "null":
		return kind
	}
	return "{}"
}
