package sqltext

import "math/bits"

// PortableRealLen is the length of the real at the start of sql if [AppendPortableReal] would write
// the real the same, so that a copy suffices, and if that is cheap to see. Otherwise it is 0. It is
// also 0 if sql ends with the real, because the next byte might be another digit.
func PortableRealLen(sql []byte) int {
	first := 0
	if at(sql, 0) == '-' {
		first = 1
	}
	d, point := quickDigits(0, sql, first)
	if point == first || at(sql, point) != '.' {
		return 0
	}
	d, end := quickDigits(d, sql, point+1)
	digits, fraction := end-first-1, end-point-1
	switch {
	case fraction == 0, digits > quickestDigits, !endsWord(at(sql, end)):
		return 0
	case sql[first] == '0' && point > first+1, sql[end-1] == '0' && fraction > 1:
		return 0
	case d == 0 && first > 0: // some columns turn -0.0 into 0.0
		return 0
	case isPrintedShort(sql[first:end], fraction), isPrinted(d, fraction):
		return end
	}
	return 0
}

// isPrintedShort reports whether SQLite prints a real as it is written because the real has few
// digits. The limits are strict because SQLite prints some reals in 17 digits if their first digit
// is high.
func isPrintedShort(real []byte, fraction int) bool {
	const most, mostFirst = len("1234567890.123"), '7'
	if len(real) > most || real[0] > mostFirst {
		return false
	}
	if real[0] != '0' {
		return true
	}
	second := real[len("0.")]
	return second <= mostFirst && (second > '0' || fraction == 1)
}

// isPrinted reports whether SQLite prints the real d × 10^-fraction in the digits of d, which must
// not be 0. It returns false for the digits that [fewest] would examine further.
func isPrinted(d uint64, fraction int) bool {
	n := decimalLen(d)
	missing := realDigits - n
	if missing < 0 || n-fraction < -3 {
		return false
	}
	printed, p := toDecimal(fromDecimal(d, -fraction))
	if p >= 0 {
		return false
	}
	unit := 1
	if printed >= tenTo[18] {
		unit = 2
	}
	rest := printed % tenTo[unit]
	printed /= tenTo[unit]
	if last := printed / 10 % 1000; last == 0 || last%100 == 99 {
		return false
	}
	if 2*rest >= tenTo[unit] {
		printed++
	}
	return printed == d*tenTo[missing] && p+unit == -fraction-missing
}

// decimalLen is the number of decimal digits of d, which has at most 19.
func decimalLen(d uint64) int {
	n := bits.Len64(d) * 1233 >> 12
	if d >= tenTo[n] {
		n++
	}
	return n
}
