package sqltext

import "bytes"

// mostValues is the largest number of values that ReadAhead holds before it has seen the end of the
// statement.
const mostValues = 1 << 16

// ReadAhead reads the rows of statements that begin like the one last given to [Insert.Parse],
// without splitting the text first. ahead is the result of [Splitter.Ahead], or any text at whose
// start a statement may begin. ReadAhead takes the statements that begin with the same
// [Insert.Head] and consist of rows of literals. It calls row for every row, in order, with the
// offset of the row's statement, and returns the length of the taken statements for
// [Splitter.Skip]. The values are those that [Insert.Rows] would yield.
//
// ReadAhead stops before a statement that does not end within ahead, and before a comment, another
// head, a Tail or an error. If Rows has found a Tail after the statement given to Parse, ReadAhead
// takes nothing. So n may be 0. Then the caller must split and parse the next statement.
//
// An error is the error of row, and n is the length of the statements before the statement of that
// row. Values, and their bytes, are valid until row returns.
func (in *Insert) ReadAhead(
	ahead []byte, row func(at int, values []Value) error,
) (n int, err error) {
	if len(in.head) == 0 || len(in.Tail) > 0 {
		return 0, nil
	}
	for {
		start := skipSpace(ahead, n)
		if !bytes.HasPrefix(ahead[start:], in.head) {
			return n, nil
		}
		width, end := in.quick.rows(ahead, start+len(in.head), len(in.Columns))
		if end == 0 {
			return n, nil
		}
		for rest := in.quick.values; len(rest) > 0; rest = rest[width:] {
			if err := row(start, rest[:width:width]); err != nil {
				return n, err
			}
		}
		n = end
	}
}

// rows sets r.values to the values of all rows of the statement whose head ends at sql[i]. Every
// row must have width values, or, if width is 0, as many as the first. rows returns that number and
// the offset after the semicolon, or 0 if it gives up.
func (r *quickReader) rows(sql []byte, i, width int) (int, int) {
	for r.reset(); len(r.values) < mostValues; {
		if i = skipSpace(sql, i); at(sql, i) != '(' {
			return 0, 0
		}
		before := len(r.values)
		if i = r.row(sql, i+1); i == 0 {
			return 0, 0
		}
		if width == 0 {
			width = len(r.values)
		}
		if len(r.values)-before != width {
			return 0, 0
		}
		i = skipSpace(sql, i)
		switch at(sql, i) {
		case ';':
			return width, i + 1
		case ',':
			i++
		default:
			return 0, 0
		}
	}
	return 0, 0
}
