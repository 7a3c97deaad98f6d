package sqltext

import (
	"encoding/binary"
	"math"
	"math/bits"
)

// quickestDigits is a number of digits that always fits into 64 bits, and so into the integer from
// which parseReal computes a real.
const quickestDigits = 19

// quickNumber sets value to the number at sql[i], after its sign, and returns the offset after the
// number. It returns 0 unless the number is a plain integer or a real without an exponent, with at
// most quickestDigits digits.
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

// quickDigits appends the decimal digits at sql[i] to those of d, and returns the offset after
// them. It reads eight bytes at a time and does not branch on the number of digits among them,
// because a processor cannot predict that number.
func quickDigits(d uint64, sql []byte, i int) (uint64, int) {
	for {
		x := eightBytes(sql, i) ^ '0'*each
		// the bytes before the first byte above 9
		n := bits.TrailingZeros64((x+(0x7f-9)*each|x)&high) / 8
		d = d*tenTo[n&15] + eightDigits(x<<(64-8*n))
		if i += n; n < 8 {
			return d, i
		}
	}
}

var tenTo = [20]uint64{
	1, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17,
	1e18, 1e19,
}

// eightDigits is the number whose digits are the bytes of x, with the first digit in the lowest
// byte. It adds the digits up in pairs, and then the pairs.
func eightDigits(x uint64) uint64 {
	const lanes = 0x000000ff000000ff
	x = x*10 + x>>8
	return (x&lanes*(1e6<<32|100) + x>>16&lanes*(1e4<<32|1)) >> 32 & math.MaxUint32
}

// eightBytes returns the eight bytes at sql[i], the first in the lowest byte, with NUL after the
// end of sql.
func eightBytes(sql []byte, i int) uint64 {
	if i+8 <= len(sql) {
		return binary.LittleEndian.Uint64(sql[i:])
	}
	var last [8]byte
	copy(last[:], sql[i:])
	return binary.LittleEndian.Uint64(last[:])
}
