package generate

import (
	"math"
	"slices"

	"github.com/seedkit/seedkit/internal/model"
	"github.com/seedkit/seedkit/internal/sqlite"
)

// guessHint generates a value from the literals in the column's constraints: one of the texts or
// numbers, or a number between or near them. Only SQLite can tell whether the value satisfies the
// constraints, so generate uses guessHint only for rows that SQLite has refused.
func guessHint(f *Fake, c *model.Column) (value any, ok bool) {
	switch {
	case c.Kind == sqlite.Text && len(c.Texts) > 0:
		return Pick(f, c.Texts), true
	case c.Kind != sqlite.Integer && c.Kind != sqlite.Real || len(c.Numbers) == 0:
		return nil, false
	}
	const around, steps = 100, 1000
	least, greatest := slices.Min(c.Numbers), slices.Max(c.Numbers)
	if least == greatest {
		least, greatest = least-around, greatest+around
	}
	number := least + (greatest-least)*float64(f.Int(0, steps))/steps
	if f.Int(0, 1) == 0 {
		number = Pick(f, c.Numbers)
	}
	if c.Kind == sqlite.Integer {
		return int64(math.Round(number)), true
	}
	return number, true
}
