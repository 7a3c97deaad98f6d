package sqltext

import (
	"bytes"
	"encoding/hex"
)

// quickReader reads rows in the form in which dumps write them. It returns what a parser would
// return, or it gives up. Then a parser must read the row or report its error.
type quickReader struct {
	values   []Value
	scratch  []byte        // the bytes of values that are not a view into the text
	literals LiteralReader // for literals that are rare in dumps
}

func (r *quickReader) reset() { r.values, r.scratch = r.values[:0], r.scratch[:0] }

// kept returns the bytes appended to r.scratch since its length was before.
func (r *quickReader) kept(before int) []byte {
	return r.scratch[before:len(r.scratch):len(r.scratch)]
}

// row appends the values of the row whose opening parenthesis is before sql[i] to r.values, and
// returns the offset after the row. It returns 0 if it gives up.
func (r *quickReader) row(sql []byte, i int) int {
	for {
		r.values = append(r.values, Value{})
		value := &r.values[len(r.values)-1]
		start := skipSpace(sql, i)
		if i = r.common(value, sql, start); i == 0 {
			if i = r.seldom(value, sql, start); i == 0 {
				return 0
			}
		}
		i = skipSpace(sql, i)
		switch at(sql, i) {
		case ')':
			return i + 1
		case ',':
			i++
		default:
			return 0
		}
	}
}

// seldom sets value to any literal at sql[i], and returns the offset of the token after it. It
// returns 0 if it gives up.
func (r *quickReader) seldom(value *Value, sql []byte, i int) int {
	literal, n, err := r.literals.Read(sql[i:])
	if err != nil {
		return 0
	}
	if literal.Bytes != nil {
		before := len(r.scratch)
		if before+len(literal.Bytes) > len(sql)+maxGrowth {
			return 0
		}
		r.scratch = append(r.scratch, literal.Bytes...)
		literal.Bytes = r.kept(before)
	}
	*value = literal
	return i + n
}

// common sets value, which must be NULL, to the literal at sql[i] if the literal is of a kind that
// is common in dumps. It returns the offset after the literal, or 0 if it gives up. Returning the
// value would cost as much as reading a short one.
func (r *quickReader) common(value *Value, sql []byte, i int) int {
	switch at(sql, i) {
	case '\'':
		return r.text(value, sql, i+1)
	case '0', '1', '2', '3', '4', '5', '6', '7', '8', '9':
		return quickNumber(value, sql, i, false)
	case '-':
		return quickNumber(value, sql, i+1, true)
	case 'N':
		if end := i + len("NULL"); startsWith(sql, i, "NULL") && endsWord(at(sql, end)) {
			return end
		}
	case 'x':
		if startsWith(sql, i, "x'") {
			return r.blob(value, sql, i+len("x'"))
		}
	case 'u':
		if startsWith(sql, i, "unistr('") {
			return r.unistr(value, sql, i+len("unistr('"))
		}
	}
	return 0
}

// text reads the string whose opening quote is before sql[i].
func (r *quickReader) text(value *Value, sql []byte, i int) int {
	before := len(r.scratch)
	for {
		n := bytes.IndexByte(sql[i:], '\'')
		if n < 0 {
			return 0
		}
		end := i + n + 1
		if at(sql, end) == '\'' {
			r.scratch = append(r.scratch, sql[i:end]...)
			i = end + 1
			continue
		}
		value.Type, value.Bytes = Text, sql[i:end-1:end-1]
		if len(r.scratch) > before {
			r.scratch = append(r.scratch, value.Bytes...)
			value.Bytes = r.kept(before)
		}
		return end
	}
}

// unistr reads the call whose string has its opening quote before sql[i].
func (r *quickReader) unistr(value *Value, sql []byte, i int) int {
	end := r.text(value, sql, i)
	if end == 0 || at(sql, end) != ')' {
		return 0
	}
	before := len(r.scratch)
	var valid bool
	r.scratch, valid = appendUnescaped(r.scratch, value.Bytes)
	if !valid {
		return 0
	}
	value.Bytes = r.kept(before)
	return end + 1
}

// blob reads the blob whose opening quote is before sql[i].
func (r *quickReader) blob(value *Value, sql []byte, i int) int {
	n := bytes.IndexByte(sql[i:], '\'')
	if n < 0 {
		return 0
	}
	before := len(r.scratch)
	var err error
	r.scratch, err = hex.AppendDecode(r.scratch, sql[i:i+n])
	if err != nil {
		return 0
	}
	value.Type, value.Bytes = Blob, r.kept(before)
	return i + n + 1
}

func startsWith(sql []byte, i int, prefix string) bool {
	end := i + len(prefix)
	return end <= len(sql) && string(sql[i:end]) == prefix
}

// endsWord reports whether c may follow a word or a number and does not extend it.
func endsWord(c byte) bool { return c == ',' || c == ')' || c == ' ' }

// skipSpace returns the offset of the first byte that is not a blank or a line end.
func skipSpace(sql []byte, i int) int {
	for i < len(sql) && (sql[i] == ' ' || sql[i] == '\n' || sql[i] == '\r' || sql[i] == '\t') {
		i++
	}
	return i
}
