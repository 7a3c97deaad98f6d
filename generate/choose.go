package generate

import "slices"

// Maybe returns a function that returns value with probability p, from 0 to 1, and NULL otherwise.
// If value is a func(*Fake) any, the result of a call takes its place.
func Maybe(p float64, value any) func(*Fake) any {
	return func(f *Fake) any { return f.Maybe(p, value) }
}

// Maybe returns value with probability p, from 0 to 1, and nil otherwise. If value is a
// func(*Fake) any, the result of a call takes its place.
func (f *Fake) Maybe(p float64, value any) any {
	if !(0 <= p && p <= 1) {
		f.row.abort("Maybe(%v, …): a probability is from 0 to 1", p)
	}
	const fraction = 1 << 53 // the numbers below are exact as float64
	if float64(f.stream.Uint64()%fraction) >= p*fraction {
		return nil
	}
	if generate, ok := value.(func(*Fake) any); ok {
		return generate(f)
	}
	return value
}

// PickWeighted returns one of the values, each as often as its weight tells: with the weights 3 and
// 1, three times the first value for one time the second. A weight of 0 excludes a value.
func PickWeighted[T any](f *Fake, values []T, weights []int) T {
	sum := 0
	for _, w := range weights {
		if w < 0 || sum+w < sum {
			f.row.abort("PickWeighted: %d cannot be a weight", w)
		}
		sum += w
	}
	if len(values) != len(weights) || sum == 0 {
		f.row.abort("PickWeighted: %d values and %d weights with the sum %d", len(values),
			len(weights), sum)
	}
	n := f.Int(0, sum-1)
	i := 0
	for ; n >= weights[i]; i++ {
		n -= weights[i]
	}
	return values[i]
}

// PickSome returns n of the values in random order, none of them twice. Equal values count as
// several.
func PickSome[T any](f *Fake, n int, values []T) []T {
	if n < 0 || n > len(values) {
		f.row.abort("PickSome: there are %d values, not %d", len(values), n)
	}
	left := slices.Clone(values)
	for i := range n {
		j := f.Int(i, len(left)-1)
		left[i], left[j] = left[j], left[i]
	}
	return left[:n]
}

// PickSome returns n of the values in random order. See the function [PickSome].
func (f *Fake) PickSome(n int, values ...any) []any { return PickSome(f, n, values) }

// Nth returns the first of the values for the row name#1, the second for name#2, and so on. After
// the last value comes the first. See [Fake.Number].
func Nth[T any](f *Fake, values []T) T {
	if len(values) == 0 {
		f.row.abort("Nth: there are no values")
	}
	return values[(f.Number()-1)%len(values)]
}

// Nth returns the value for the number of the row. See the function [Nth].
func (f *Fake) Nth(values ...any) any { return Nth(f, values) }

// Sequence returns a function that returns first for the row name#1, first+step for name#2, and so
// on. See [Fake.Number].
func Sequence(first, step int) func(*Fake) any {
	return func(f *Fake) any { return f.Sequence(first, step) }
}

// Sequence returns first for the row name#1, first+step for name#2, and so on.
func (f *Fake) Sequence(first, step int) int { return first + (f.Number()-1)*step }
