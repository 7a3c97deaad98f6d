package extract

import (
	"bytes"

	"github.com/seedkit/seedkit/internal/sqltext"
)

// rowCopier turns the rows of an INSERT's text into INSERTs of their own,
// without decoding values where their text will do. It gives up where SQLite
// would have to be asked.
type rowCopier struct {
	inserts  gathered
	literals sqltext.LiteralReader
	last     []byte // the key of the last row that is sure to be taken
	full     func() // empties inserts between the rows of a statement, when they are full; nil to gather all
}

// copyInserts copies the INSERTs with that head that text starts with, until
// it has gathered most bytes, and returns their length.
func (c *rowCopier) copyInserts(text, head []byte, t *target, p *progress, most int) int {
	taken := 0
	for len(c.inserts.buf) <= most {
		i := skipSpace(text, taken)
		if !bytes.HasPrefix(text[i:], head) {
			break
		}
		i += len(head)
		n := c.copyRows(text[i:], t, p)
		if n == 0 {
			break
		}
		taken = i + n
	}
	return taken
}

// copyRows makes an INSERT of each of the rows that sql starts with. It
// returns the length of the rows and of the semicolon behind them, or 0, and
// has gathered nothing, if it gives up.
func (c *rowCopier) copyRows(sql []byte, t *target, p *progress) int {
	before, long, rows := len(c.inserts.buf), len(c.inserts.long), p.rows
	c.last = append(c.last[:0], p.key.last...)
	dst := c.inserts.buf
	for i := 0; ; {
		if i = skipSpace(sql, i); i == len(sql) || sql[i] != '(' {
			break
		}
		dst = append(dst, t.head...)
		if dst, i = c.copyRow(dst, sql, i+1, t, p); i == 0 {
			break
		}
		dst = append(dst, ");\n"...)
		p.rows++
		if i = skipSpace(sql, i); i == len(sql) {
			break
		}
		if sql[i] == ';' {
			c.inserts.buf = dst
			return i + 1
		}
		if sql[i] != ',' {
			break
		}
		i++
		if c.full != nil && len(dst) > worthWriting {
			c.inserts.buf = dst
			c.full()
			dst = c.inserts.buf
		}
	}
	c.inserts.buf, c.inserts.long = dst[:before], c.inserts.long[:long]
	p.rows, p.key.last = rows, append(p.key.last[:0], c.last...)
	return 0
}

// copyLong is copyRows for a statement that is long: what is made of it is not
// to be in memory at once. It looks first whether it will have to give up. It
// begins with nothing gathered.
func (c *rowCopier) copyLong(sql []byte, t *target, write func()) int {
	defer func() { c.full = nil }()
	var trial progress
	trial.begin(t)
	trial.key.last = append(trial.key.last, t.key.last...)
	c.full = c.inserts.reset
	n := c.copyRows(sql, t, &trial)
	c.inserts.reset()
	if n != len(sql) {
		return 0
	}
	c.full = write
	return c.copyRows(sql, t, &t.progress)
}

// copyRow appends the values of the row that starts behind the parenthesis
// before sql[i]. It returns the offset behind the row, or 0.
func (c *rowCopier) copyRow(dst, sql []byte, i int, t *target, p *progress) ([]byte, int) {
	end := byte(',')
	for k := range t.columns {
		column := &t.columns[k]
		if k > 0 {
			dst = append(dst, ", "...)
		}
		if k == len(t.columns)-1 {
			end = ')'
		}
		i = skipSpace(sql, i)
		start := len(dst)
		if n := verbatimLen(sql[i:], column); 0 < n && n <= longLen {
			dst = appendShort(dst, sql[i:], n)
			i += n
		} else if n := c.addLong(len(dst), sql[i:], n, column); n > 0 {
			i += n
		} else if dst, i = c.decodeValue(dst, sql, i, column); i == 0 {
			return dst, 0
		}
		if column.key >= 0 {
			p.key.parts[column.key] = dst[start:]
		}
		if i = skipSpace(sql, i); i == len(sql) || sql[i] != end {
			return dst, 0
		}
		i++
	}
	if !p.key.advance() {
		return dst, 0
	}
	return dst, i
}

// addLong adds the value that sql starts with, if that is long, and no part of
// a key. It is verbatim if its verbatim length is not 0.
func (c *rowCopier) addLong(at int, sql []byte, verbatim int, column *column) int {
	switch {
	case len(sql) <= longLen, column.key >= 0:
		return 0
	case verbatim > 0:
		c.inserts.addLong(at, bytes.NewReader(sql[:verbatim]))
		return verbatim
	case !column.takes.has(sqltext.Text) || !column.affinity.keepsAllText():
		return 0
	}
	text, n := sqltext.LongTextOf(sql, longLen)
	if n > 0 {
		c.inserts.addLong(at, text)
	}
	return n
}

// decodeValue appends what the column stores for the literal at sql[i], and
// returns the offset of what follows it, or 0.
func (c *rowCopier) decodeValue(dst, sql []byte, i int, column *column) ([]byte, int) {
	if column.takes.has(sqltext.Text) && column.affinity.keepsAllText() {
		var n int
		if dst, n = sqltext.AppendPortableLines(dst, sql[i:]); n > 0 {
			return dst, i + n
		}
	}
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

// appendShort appends the first n bytes of text, which are few as a rule: to
// copy a constant number takes no call.
func appendShort(dst, text []byte, n int) []byte {
	const few = 16
	if end := len(dst); n <= few && cap(dst)-end >= few && len(text) >= few {
		copy(dst[end:end+few], text[:few])
		return dst[:end+n]
	}
	return append(dst, text[:n]...)
}

func skipSpace(sql []byte, i int) int {
	for i < len(sql) && sql[i] <= ' ' && (sql[i] == ' ' || sql[i] == '\n' || sql[i] == '\r' || sql[i] == '\t') {
		i++
	}
	return i
}
