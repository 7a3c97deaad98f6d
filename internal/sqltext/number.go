package sqltext

import (
	"bytes"
	"math"
)

// parseNumber reads a [TokNumber] and the sign before it like SQLite. An integer that does not fit
// into 64 bits is a real, unless it is hexadecimal. parseNumber returns the text of an error, or an
// empty string.
func parseNumber(token []byte, negative bool) (Value, string) {
	if i, ok := parseInteger(token, negative); ok {
		return Value{Type: Integer, Int: i}, ""
	}
	token, ok := withoutSeparators(token)
	switch {
	case !ok:
		return Value{}, "a digit separator that is not between two digits"
	case len(token) > 1 && token[1]|0x20 == 'x':
		return parseHex(token[2:], negative)
	}
	if i, ok := parseInteger(token, negative); ok {
		return Value{Type: Integer, Int: i}, ""
	}
	return Value{Type: Real, Real: signed(parseReal(token), negative)}, ""
}

func signed(f float64, negative bool) float64 {
	if negative {
		return -f
	}
	return f
}

// withoutSeparators removes the underscores. Each underscore must be between two digits.
func withoutSeparators(token []byte) ([]byte, bool) {
	if bytes.IndexByte(token, '_') < 0 {
		return token, true
	}
	digit := isDigit
	if token[0] == '0' && token[1]|0x20 == 'x' {
		digit = isHex
	}
	plain := make([]byte, 0, len(token))
	for i, c := range token {
		if c != '_' {
			plain = append(plain, c)
		} else if !digit(at(token, i-1)) || !digit(at(token, i+1)) {
			return nil, false
		}
	}
	return plain, true
}

func parseHex(digits []byte, negative bool) (Value, string) {
	digits = bytes.TrimLeft(digits, "0")
	var u uint64
	for _, c := range digits {
		u = u<<4 | uint64(hexDigit[c])
	}
	i := int64(u)
	if len(digits) > 16 || negative && i == math.MinInt64 {
		return Value{}, "a hexadecimal number of more than 64 bits"
	}
	if negative {
		i = -i
	}
	return Value{Type: Integer, Int: i}, ""
}

// parseInteger reports whether the token consists of decimal digits and fits, with the sign, into
// 64 bits.
func parseInteger(token []byte, negative bool) (int64, bool) {
	if len(token) > 19 {
		token = bytes.TrimLeft(token, "0")
	}
	var u uint64
	for _, c := range token {
		if !isDigit(c) {
			return 0, false
		}
		u = u*10 + uint64(c-'0')
	}
	switch {
	case len(token) > 19:
		return 0, false
	case negative:
		return -int64(u), u <= 1<<63
	}
	return int64(u), u < 1<<63
}

// parseReal reads a decimal number without a sign. It is sqlite3AtoF of SQLite's util.c, which uses
// only the first 19 or so digits.
func parseReal(token []byte) float64 {
	const full = (math.MaxUint64 - 9) / 10
	var d uint64
	p, i, fraction := 0, 0, 0
	for ; i < len(token); i++ {
		c := token[i]
		if c == '.' {
			fraction = 1
			continue
		}
		if !isDigit(c) {
			break
		}
		if d < full {
			d = d*10 + uint64(c-'0')
			p -= fraction
		} else {
			p += 1 - fraction
		}
	}
	return fromDecimal(d, p+exponent(token[i:]))
}

// exponent reads e-5. An empty token is 0. A huge exponent is cut to 10000.
func exponent(token []byte) int {
	if len(token) == 0 {
		return 0
	}
	negative := token[1] == '-'
	e := 0
	for _, c := range bytes.TrimLeft(token[1:], "+-") {
		if e >= 10000 {
			e = 10000
			break
		}
		e = e*10 + int(c-'0')
	}
	if negative {
		return -e
	}
	return e
}
