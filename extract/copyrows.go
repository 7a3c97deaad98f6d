package extract

import (
	"strconv"

	"github.com/seedkit/seedkit/internal/sqltext"
)

// rowCopier turns the rows of an INSERT's text into INSERTs of their own,
// without decoding values where their text will do. It gives up where SQLite
// would have to be asked.
type rowCopier struct{ literals sqltext.LiteralReader }

// copyRows appends an INSERT for each of the rows that sql starts with. It
// returns the length of the rows and of the semicolon behind them, or 0 and
// dst as it was if it gives up.
func (c *rowCopier) copyRows(dst, sql []byte, t *target) ([]byte, int) {
	before, state := len(dst), t.state
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
	t.state = state
	return dst[:before], 0
}

// copyRow appends the values of the row that starts behind the parenthesis
// before sql[i]. It returns the offset behind its last one, or 0.
func (c *rowCopier) copyRow(dst, sql []byte, i int, t *target) ([]byte, int) {
	for k := range t.columns {
		if k > 0 {
			dst = append(dst, ", "...)
		}
		i = skipSpace(sql, i)
		start := len(dst)
		if dst, i = c.copyValue(dst, sql, i, &t.columns[k]); i == 0 {
			return dst, 0
		}
		if k == t.rowid && !t.advance(dst[start:]) {
			return dst, 0
		}
		i = skipSpace(sql, i)
		end := byte(',')
		if k == len(t.columns)-1 {
			end = ')'
		}
		if i == len(sql) || sql[i] != end {
			return dst, 0
		}
		i++
	}
	return dst, i
}

// copyValue appends what the column stores for the literal at sql[i], and
// returns the offset behind it, or 0.
func (c *rowCopier) copyValue(dst, sql []byte, i int, column *column) ([]byte, int) {
	if i == len(sql) {
		return dst, 0
	}
	switch first := sql[i]; {
	case first == '\'':
		n := sqltext.PortableStringLen(sql[i:])
		if n > 0 && column.affinity.keepsText(sql[i+1:i+n-1]) {
			return append(dst, sql[i:i+n]...), i + n
		}
	case '0' <= first && first <= '9' || first == '-':
		n := integerLen(sql[i:])
		if n > 0 && (column.affinity == numericAffinity || column.affinity == noAffinity) {
			return append(dst, sql[i:i+n]...), i + n
		}
	case first == 'N' && !column.notNull:
		if rest := sql[i:]; len(rest) > len("NULL") && string(rest[:len("NULL")]) == "NULL" && isBehindValue(rest[len("NULL")]) {
			return append(dst, "NULL"...), i + len("NULL")
		}
	}
	return c.decodeValue(dst, sql, i, column)
}

func (c *rowCopier) decodeValue(dst, sql []byte, i int, column *column) ([]byte, int) {
	value, n, err := c.literals.Read(sql[i:])
	if err != nil || value.Type == sqltext.Null && column.notNull {
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

func isBehindValue(c byte) bool { return c == ',' || c == ')' || c == ' ' }

// advance takes a rowid, and reports whether it is an integer above those
// before it: then rows come in the order in which a table keeps them.
func (t *target) advance(literal []byte) bool {
	id, err := strconv.ParseInt(string(literal), 10, 64)
	if err != nil || t.hasRows && id <= t.last {
		return false
	}
	t.last, t.hasRows = id, true
	return true
}

func skipSpace(sql []byte, i int) int {
	for i < len(sql) && (sql[i] == ' ' || sql[i] == '\n' || sql[i] == '\r' || sql[i] == '\t') {
		i++
	}
	return i
}
