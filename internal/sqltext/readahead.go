package sqltext

import "bytes"

// mostValues is how many values of a statement ReadAhead holds on to until it
// has seen where the statement ends.
const mostValues = 1 << 16

// ReadAhead reads the rows of statements like the one last given to
// [Insert.Parse] without splitting the text first. Of ahead, which is what
// [Splitter.Ahead] returns or any text at whose start a statement may begin,
// it takes the statements that begin with the same [Insert.Head] and are made
// of rows of literals alone. It calls row for each of the rows, in order, with
// the offset of its statement, and returns the length of the statements taken,
// for [Splitter.Skip]. The values are those that [Insert.Rows] would give.
//
// It stops in front of a statement that does not end within ahead, and
// wherever there is more to be said: a comment before the statement, another
// head, a Tail, an error. If Rows has found a Tail behind the statement given
// to Parse, it does not begin. So n may be 0; the next statement is then to be
// split and parsed.
//
// An error is that of row, and n the length of the statements before the one
// that the row belongs to. Values, and their bytes, are good until row
// returns.
func (in *Insert) ReadAhead(ahead []byte, row func(at int, values []Value) error) (n int, err error) {
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

// rows sets r.values to those of all rows of the statement whose head ends at
// sql[i], each of width values, or all of the same number if width is 0. It
// returns that number, and the offset behind the semicolon; 0 if it gives up.
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
