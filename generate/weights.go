package generate

import (
	"math"
	"strconv"

	"github.com/seedkit/seedkit/internal/expression"
)

// weights returns the weights of the values of $pick, or nil if none has a weight.
func (b *binder) weights(e *expression.Expression, g *generator) (weights []int) {
	sum, given := 0, false
	for _, arg := range e.Args {
		weight, err := 1, error(nil)
		if arg.Weight != "" {
			given = true
			weight, err = strconv.Atoi(arg.Weight)
		}
		switch {
		case arg.Weight != "" && g.name != "pick":
			b.fail(arg.Offset, "only a value of $pick has a weight: a text with a star and a "+
				"number needs quotes")
		case err != nil || weight < 0 || sum+weight > math.MaxInt32:
			b.fail(arg.Offset, "a weight is a whole number such as 3, not %s", arg.Weight)
		default:
			sum += weight
		}
		weights = append(weights, weight)
	}
	switch {
	case !given:
		return nil
	case sum == 0 && !b.failed:
		b.fail(e.Offset, "one of the weights of $pick must be greater than 0")
	}
	return weights
}
