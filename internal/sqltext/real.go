package sqltext

import (
	"bytes"
	"math"
	"math/bits"
	"strconv"
)

// AppendReal appends f as SQLite 3.53 casts it to text and as .dump prints it: in 17 significant
// digits, or in fewer if SQLite finds that fewer yield f. The text always has a decimal point. It
// has an exponent from 1.0e+17 upward and below 0.0001. Negative zero is 0.0, as in SQLite. The
// infinities, whose text in SQLite is not a literal, are 9.0e+999 and -9.0e+999. NaN is NULL,
// because SQLite stores NaN as NULL.
func AppendReal(dst []byte, f float64) []byte {
	switch {
	case f == 0:
		return append(dst, "0.0"...)
	case math.IsNaN(f):
		return append(dst, "NULL"...)
	case f < 0:
		return AppendReal(append(dst, '-'), -f)
	case math.IsInf(f, 1):
		return append(dst, "9.0e+999"...)
	}
	var buf [24]byte
	digits, point := significant(&buf, f)
	if point < -3 || point > realDigits {
		return appendExponent(dst, digits, point-1)
	}
	return appendFixed(dst, digits, point)
}

// appendFixed writes 0.digits × 10^point without an exponent.
func appendFixed(dst, digits []byte, point int) []byte {
	if point <= 0 {
		dst = append(dst, "0.000"[:2-point]...)
		return append(dst, digits...)
	}
	whole := min(point, len(digits))
	dst = append(dst, digits[:whole]...)
	for range point - whole {
		dst = append(dst, '0')
	}
	dst = append(dst, '.')
	if whole == len(digits) {
		return append(dst, '0')
	}
	return append(dst, digits[whole:]...)
}

// appendExponent writes d.igits × 10^exponent, with at least two digits in the exponent.
func appendExponent(dst, digits []byte, exponent int) []byte {
	dst = appendFixed(dst, digits, 1)
	sign := byte('+')
	if exponent < 0 {
		sign, exponent = '-', -exponent
	}
	dst = append(dst, 'e', sign)
	if exponent < 10 {
		dst = append(dst, '0')
	}
	return strconv.AppendInt(dst, int64(exponent), 10)
}

// realDigits is the number of significant digits that SQLite prints of a real.
const realDigits = 17

// significant returns the digits of f, which must be finite and above zero, so that f is 0.digits ×
// 10^point. It is sqlite3FpDecode of SQLite's util.c for 17 digits. The digits are in buf.
func significant(buf *[24]byte, f float64) (digits []byte, point int) {
	d, p := toDecimal(f)
	digits = strconv.AppendUint(buf[1:1], d, 10)
	point = p + len(digits)
	if len(digits) > realDigits {
		keep := fewest(digits, p, f)
		up := digits[keep] >= '5'
		digits = digits[:keep]
		if up && roundUp(digits) {
			buf[0] = '1'
			digits = buf[:1]
			point++
		}
	}
	return bytes.TrimRight(digits, "0"), point
}

// fewest is the number of digits to keep. That is one digit more than needed if rounding the last
// digit away yields f again. Like SQLite, fewest tries only digits that end in nines or zeros.
func fewest(digits []byte, p int, f float64) int {
	n, last := 0, uint64(0)
	switch {
	case digits[14] == '9' && digits[15] == '9':
		for n = 14; n > 0 && digits[n-1] == '9'; n-- {
		}
		last = 1
	case p >= 0 || digits[13] == '0' && digits[14] == '0' && digits[15] == '0':
		for n = 13; digits[n-1] == '0'; n-- {
		}
	default:
		return realDigits
	}
	if fromDecimal(decimal(digits[:n])+last, p+len(digits)-n) != f {
		return realDigits
	}
	return n + 1
}

// roundUp adds one to the last digit. It reports whether all digits were nines, which are zeros
// now.
func roundUp(digits []byte) bool {
	for i := len(digits) - 1; i >= 0; i-- {
		if digits[i] != '9' {
			digits[i]++
			return false
		}
		digits[i] = '0'
	}
	return true
}

func decimal(digits []byte) uint64 {
	var u uint64
	for _, c := range digits {
		u = u*10 + uint64(c-'0')
	}
	return u
}

// toDecimal returns f as d × 10^p, where d has at least 18 digits.
func toDecimal(f float64) (d uint64, p int) {
	m := math.Float64bits(f)
	e := int(m >> 52)
	m &= 1<<52 - 1
	if e == 0 {
		zeros := bits.LeadingZeros64(m)
		m <<= zeros
		e = -1074 - zeros
	} else {
		m = m<<11 | 1<<63
		e -= 1086
	}
	p = realDigits - log10Pow2(e+63)
	power, _ := powerOfTen(p)
	h, _ := bits.Mul64(m, power)
	h >>= -(e + log2Pow10(p) + 2)
	return (h + h<<1&2) >> 1, -p
}

// fromDecimal returns the double nearest to d × 10^p. It is sqlite3Fp10Convert2 of SQLite's util.c.
func fromDecimal(d uint64, p int) float64 {
	if d == 0 || p < minPow10 {
		return 0
	}
	if p > maxPow10 {
		return math.Inf(1)
	}
	width := 64 - bits.LeadingZeros64(d)
	log2 := log2Pow10(p)
	e := 53 - width - log2
	if e >= 1130 {
		return 0
	}
	e = min(e, 1074)
	shift := -(e - (64 - width) + log2 + 3)

	high, low := powerOfTen(p)
	if low != 0 {
		high++
		low = ^low
	}
	x := d << (64 - width)
	hi, lo := bits.Mul64(x, high)
	sticky := uint64(1)
	if hi&(1<<shift-1) == 0 {
		correction, _ := bits.Mul64(x, uint64(low)<<32)
		mid1, mid2 := uint32(lo>>32), uint32(correction>>32)
		if mid1-mid2 <= 1 {
			sticky = 0
		}
		if mid1 < mid2 {
			hi--
		}
	}
	u := hi>>shift | sticky
	if u >= 1<<55-2 {
		u = u>>1 | u&1
		e--
	}
	if e <= -972 {
		return math.Inf(1)
	}
	m := (u + 1 + u>>2&1) >> 2
	if m&(1<<52) != 0 {
		m = m&^(1<<52) | uint64(1075-e)<<52
	}
	return math.Float64frombits(m)
}
