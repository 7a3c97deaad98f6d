package sqltext

import (
	"bytes"
	"encoding/hex"
)

// quickReader reads rows that are written as dumps write them. It gives what a
// parser would give, or gives up, and leaves it to a parser to read on or to
// say what is wrong.
type quickReader struct {
	values   []Value
	scratch  []byte        // the bytes of values that are no view into the text
	literals LiteralReader // of those that dumps seldom write
}

func (r *quickReader) reset() { r.values, r.scratch = r.values[:0], r.scratch[:0] }

// kept is what was appended to r.scratch since its length was before.
func (r *quickReader) kept(before int) []byte {
	return r.scratch[before:len(r.scratch):len(r.scratch)]
}

// row appends to r.values those of the row that begins behind the parenthesis
// before sql[i], and returns the offset behind the row; 0 if it gives up.
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

// seldom sets value to any literal at sql[i], and returns the offset of the
// token behind it; 0 if it gives up.
func (r *quickReader) seldom(value *Value, sql []byte, i int) int {
	literal, n, err := r.literals.Read(sql[i:])
	if err != nil {
		return 0
	}
	if literal.Bytes != nil {
		before := len(r.scratch)
		r.scratch = append(r.scratch, literal.Bytes...)
		literal.Bytes = r.kept(before)
	}
	*value = literal
	return i + n
}

// common sets value, which is NULL, to the literal at sql[i] if it is of a
// kind that dumps are full of, and returns the offset behind it; 0 if it gives
// up. To return the value would cost as much as to read a short one.
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

// text reads the string that begins behind the quote before sql[i].
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

// unistr reads the call whose string begins behind the quote before sql[i].
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

// blob reads the one that begins behind the quote before sql[i].
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

// endsWord reports whether c is a byte that may follow a word or a number, and
// that makes neither of them longer.
func endsWord(c byte) bool { return c == ',' || c == ')' || c == ' ' }

// skipSpace returns the offset of what follows blanks and line ends.
func skipSpace(sql []byte, i int) int {
	for i < len(sql) && (sql[i] == ' ' || sql[i] == '\n' || sql[i] == '\r' || sql[i] == '\t') {
		i++
	}
	return i
}
