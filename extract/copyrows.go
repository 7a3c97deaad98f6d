package extract

import (
	"encoding/binary"

	"github.com/seedkit/seedkit/internal/sqltext"
)

// rowCopier turns the rows of an INSERT's text into INSERTs of their own,
// without decoding values where their text will do. It gives up where SQLite
// would have to be asked.
type rowCopier struct {
	literals sqltext.LiteralReader
	last     []byte // the key of the last row that is sure to be taken
}

// copyRows appends an INSERT for each of the rows that sql starts with. It
// returns the length of the rows and of the semicolon behind them, or 0 and
// dst as it was if it gives up.
func (c *rowCopier) copyRows(dst, sql []byte, t *target) ([]byte, int) {
	before, rows := len(dst), t.rows
	c.last = append(c.last[:0], t.key.last...)
	for i := 0; ; {
		if i = skipSpace(sql, i); i == len(sql) || sql[i] != '(' {
			break
		}
		dst = append(dst, t.head...)
		if dst, i = c.copyRow(dst, sql, i+1, t); i == 0 {
			break
		}
		dst = append(dst, ");\n"...)
		t.rows++
		if i = skipSpace(sql, i); i == len(sql) {
			break
		}
		if sql[i] == ';' {
			return dst, i + 1
		}
		if sql[i] != ',' {
			break
		}
		i++
	}
	t.rows, t.key.last = rows, append(t.key.last[:0], c.last...)
	return dst[:before], 0
}

// copyRow appends the values of the row that starts behind the parenthesis
// before sql[i]. It returns the offset behind the row, or 0.
func (c *rowCopier) copyRow(dst, sql []byte, i int, t *target) ([]byte, int) {
	last := len(t.columns) - 1
	for k := range t.columns {
		if k > 0 {
			dst = append(dst, ", "...)
		}
		i = skipSpace(sql, i)
		start := len(dst)
		if n := verbatimLen(sql[i:], &t.columns[k]); n > 0 {
			dst = append(dst, sql[i:i+n]...)
			i += n
		} else if dst, i = c.decodeValue(dst, sql, i, &t.columns[k]); i == 0 {
			return dst, 0
		}
		if part := t.columns[k].key; part >= 0 {
			t.key.parts[part] = dst[start:]
		}
		i = skipSpace(sql, i)
		if i == len(sql) || sql[i] != ',' && k < last || sql[i] != ')' && k == last {
			return dst, 0
		}
		i++
	}
	if !t.key.advance() {
		return dst, 0
	}
	return dst, i
}

// verbatimLen is the length of the literal that sql starts with, if the column
// stores what it says and SQLite would print it the same; else 0.
func verbatimLen(sql []byte, column *column) int {
	if len(sql) == 0 {
		return 0
	}
	switch first := sql[0]; {
	case first == '\'':
		if n := sqltext.PortableStringLen(sql); n > 0 && column.takes.has(sqltext.Text) && column.affinity.keepsText(sql[1:n-1]) {
			return n
		}
	case '0' <= first && first <= '9' || first == '-':
		if column.takes.has(sqltext.Integer) && (column.affinity == numericAffinity || column.affinity == noAffinity) {
			return integerLen(sql)
		}
	case first == 'N' && column.takes.has(sqltext.Null):
		if n := len("NULL"); len(sql) > n && string(sql[:n]) == "NULL" && isBehindValue(sql[n]) {
			return n
		}
	}
	return 0
}

// decodeValue appends what the column stores for the literal at sql[i], and
// returns the offset of what follows it, or 0.
func (c *rowCopier) decodeValue(dst, sql []byte, i int, column *column) ([]byte, int) {
	value, n, err := c.literals.Read(sql[i:])
	if err != nil || !column.takes.has(value.Type) {
		return dst, 0
	}
	dst, ok := column.affinity.appendStored(dst, value)
	if !ok {
		return dst, 0
	}
	return dst, i + n
}

// integerLen is the length of the integer that sql starts with, if it is
// written as SQLite prints it and fits into 64 bits without a doubt; else 0.
func integerLen(sql []byte) int {
	const most = 18 // digits
	i := 0
	if sql[0] == '-' {
		i = 1
	}
	first := i
	for len(sql)-i >= 8 && areDigits(binary.LittleEndian.Uint64(sql[i:i+8])) {
		i += 8
	}
	for i < len(sql) && '0' <= sql[i] && sql[i] <= '9' {
		i++
	}
	digits := i - first
	switch {
	case digits == 0, digits > most, i == len(sql), !isBehindValue(sql[i]):
		return 0
	case sql[first] == '0' && i > 1:
		return 0
	}
	return i
}

// areDigits reports whether each of eight bytes is a digit.
func areDigits(bytes uint64) bool {
	const (
		each  = 0x0101010101010101
		upper = 0xf0 * each
		zeros = '0' * each
	)
	return bytes&upper == zeros && (bytes+6*each)&upper == zeros
}

func isBehindValue(c byte) bool { return c == ',' || c == ')' || c == ' ' }

func skipSpace(sql []byte, i int) int {
	for i < len(sql) && (sql[i] == ' ' || sql[i] == '\n' || sql[i] == '\r' || sql[i] == '\t') {
		i++
	}
	return i
}
