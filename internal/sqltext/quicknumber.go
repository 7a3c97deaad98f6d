package sqltext

import (
	"encoding/binary"
	"math"
	"math/bits"
)

// quickestDigits is how many digits fit into 64 bits, and so into what
// parseReal makes a real of, whichever they are.
const quickestDigits = 19

// quickNumber sets value to the number at sql[i], behind its sign, and returns
// the offset behind it; 0 if that is no plain integer, and no real without an
// exponent, of so few digits.
func quickNumber(value *Value, sql []byte, i int, negative bool) int {
	d, end := quickDigits(0, sql, i)
	digits, fraction, hasPoint := end-i, 0, at(sql, end) == '.'
	if hasPoint {
		i = end + 1
		d, end = quickDigits(d, sql, i)
		fraction = end - i
	}
	switch {
	case digits == 0, digits+fraction > quickestDigits, !endsWord(at(sql, end)):
		return 0
	case hasPoint:
		value.Type, value.Real = Real, signed(fromDecimal(d, -fraction), negative)
		return end
	case d > math.MaxInt64:
		return 0
	}
	value.Type, value.Int = Integer, int64(d)
	if negative {
		value.Int = -value.Int
	}
	return end
}

// quickDigits puts the decimal digits at sql[i] behind those of d, and returns
// the offset behind them. It reads eight bytes at a time, and does not branch
// on how many of them are digits, which a processor could not foresee.
func quickDigits(d uint64, sql []byte, i int) (uint64, int) {
	for {
		x := eightBytes(sql, i) ^ '0'*each
		n := bits.TrailingZeros64((x+(0x7f-9)*each|x)&high) / 8 // bytes before the first above 9
		d = d*tenTo[n&15] + eightDigits(x<<(64-8*n))
		if i += n; n < 8 {
			return d, i
		}
	}
}

var tenTo = [20]uint64{1, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19}

// eightDigits is the number whose digits are the bytes of x, the first of them
// the lowest. It adds them up in pairs, and the pairs in pairs.
func eightDigits(x uint64) uint64 {
	const lanes = 0x000000ff000000ff
	x = x*10 + x>>8
	return (x&lanes*(1e6<<32|100) + x>>16&lanes*(1e4<<32|1)) >> 32 & math.MaxUint32
}

// eightBytes is what stands at sql[i], its first byte the lowest, and NUL
// where there is nothing more.
func eightBytes(sql []byte, i int) uint64 {
	if i+8 <= len(sql) {
		return binary.LittleEndian.Uint64(sql[i:])
	}
	var last [8]byte
	copy(last[:], sql[i:])
	return binary.LittleEndian.Uint64(last[:])
}
