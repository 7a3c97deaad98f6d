package transcribe

import (
	"errors"

	"github.com/seedkit/seedkit/internal/sqltext"
)

// copyRows copies the rows at the beginning of sql, each into an INSERT of one row. It returns the
// length of the rows and of the semicolon after them. If copying needs SQLite, copyRows returns 0
// and has copied nothing.
func (t *Transcript) copyRows(sql []byte) int {
	into := t.current
	start, rows := len(t.buf), into.rows
	t.written = false
	t.last = append(t.last[:0], into.key.last...)
	for i := 0; t.err == nil; i++ {
		if i = skipSpace(sql, i); i == len(sql) || sql[i] != '(' {
			break
		}
		t.buf = append(t.buf, into.head...)
		if i = t.copyRow(sql, i+1); i == 0 {
			break
		}
		t.buf = append(t.buf, ");\n"...)
		into.rows++
		t.writeFull()
		if i = skipSpace(sql, i); i == len(sql) {
			break
		}
		if sql[i] == ';' {
			return i + 1
		}
		if sql[i] != ',' {
			break
		}
	}
	if t.written { // the statement is long, and its first rows are written already
		t.err = errors.Join(t.err, ErrCannot)
		return 0
	}
	t.buf = t.buf[:start]
	into.rows, into.key.last = rows, append(into.key.last[:0], t.last...)
	return 0
}

// copyRow copies the values of one row. i is the offset after the row's opening parenthesis.
// copyRow returns the offset after the row, or 0 if copying needs SQLite.
func (t *Transcript) copyRow(sql []byte, i int) int {
	into, end := t.current, byte(',')
	dst := t.buf
	for k := range into.columns {
		column := &into.columns[k]
		if k > 0 {
			dst = append(dst, ", "...)
		}
		if k == len(into.columns)-1 {
			end = ')'
		}
		i = skipSpace(sql, i)
		start := len(dst)
		if n := verbatimLen(sql[i:], column); n > 0 {
			dst = appendShort(dst, sql[i:], n)
			i += n
		} else if dst, i = t.decodeValue(dst, sql, i, column); i == 0 {
			return 0
		}
		if column.key >= 0 {
			into.key.parts[column.key] = dst[start:]
		}
		if i = skipSpace(sql, i); i == len(sql) || sql[i] != end {
			return 0
		}
		i++
	}
	if !into.key.advance() {
		return 0
	}
	t.buf = dst
	return i
}

// decodeValue appends the literal of the value that the column stores for the literal at sql[i]. It
// returns the offset after the literal at sql[i], or 0.
func (t *Transcript) decodeValue(dst, sql []byte, i int, column *column) ([]byte, int) {
	if column.takes.has(sqltext.Text) && column.stores.allText() {
		var n int
		if dst, n = sqltext.AppendPortableLines(dst, sql[i:]); n > 0 {
			return dst, i + n
		}
	}
	value, n, err := t.literals.Read(sql[i:])
	if err != nil || !column.takes.has(value.Type) {
		return dst, 0
	}
	dst, ok := column.stores.append(dst, value)
	if !ok {
		return dst, 0
	}
	return dst, i + n
}

// appendShort appends the first n bytes of text. Most values are short, and a copy of a constant
// number of bytes needs no call.
func appendShort(dst, text []byte, n int) []byte {
	const few = 16
	if end := len(dst); n <= few && cap(dst)-end >= few && len(text) >= few {
		copy(dst[end:end+few], text[:few])
		return dst[:end+n]
	}
	return append(dst, text[:n]...)
}

func skipSpace(sql []byte, i int) int {
	for i < len(sql) && (sql[i] == ' ' || sql[i] == '\n' || sql[i] == '\r' || sql[i] == '\t') {
		i++
	}
	return i
}
