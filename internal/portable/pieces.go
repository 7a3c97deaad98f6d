package portable

import (
	"errors"
	"fmt"
	"iter"
	"slices"
	"unicode/utf8"

	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/sqltext"
)

// Pieces writes a row that is too long for one INSERT of the permitted length. It writes an INSERT
// with the first part of each long value. For every other part it writes an UPDATE of the row,
// which it finds by its key.
//
//	INSERT INTO "note" ("id", "text") VALUES (1, 'It was a ');
//	UPDATE "note" SET "text" = "text" || 'dark night' WHERE "id" = 1;
type Pieces struct {
	Table *schema.Table
	// Columns names the column of each value in a row, in order.
	Columns []string
	// Head is the INSERT before the first value. Tail is the INSERT after the last value, with the
	// semicolon and the line end.
	Head, Tail string
	// Most is the greatest length of a statement in bytes, without its line end.
	Most int
	// Literal appends a value as SQL. Nil means [Append].
	Literal func(dst []byte, v sqlite.Value) []byte
}

// longRow is a row that is being cut into pieces.
type longRow struct {
	*Pieces
	values []sqlite.Value
	cells  [][]byte // The values as SQL; only the first part of a value that is cut.
	rest   []string // The value without that first part; empty if it is not cut.
	where  string
}

// Statements returns the statements that insert a row, each with its line end, or an error that
// says why the row cannot be cut. A cell that is not nil is the SQL of its value, and that value is
// not cut.
func (p *Pieces) Statements(values []sqlite.Value, cells [][]byte) (iter.Seq[[]byte], error) {
	row := &longRow{Pieces: p, values: values, cells: slices.Clone(cells),
		rest: make([]string, len(values))}
	at, ok := schema.Positions(p.Columns, p.Table.Key())
	if !ok || len(at) == 0 || slices.ContainsFunc(sqlite.Pick(values, at), sqlite.Value.IsNull) {
		return nil, errors.New("there is no key by which an UPDATE could add to the row")
	}
	for i := range values {
		if cells[i] == nil {
			row.cells[i] = p.literal(nil, values[i])
		}
	}
	row.where = row.whereKey(at)
	var cut []int
	for i := range values {
		if cells[i] == nil && !slices.Contains(at, i) && p.canCut(i, values[i]) {
			cut = append(cut, i)
		}
	}
	return row.fit(cut)
}

func (p *Pieces) literal(dst []byte, v sqlite.Value) []byte {
	if p.Literal == nil {
		return Append(dst, v)
	}
	return p.Literal(dst, v)
}

// canCut reports whether the column keeps each part of the value as it is. A column for numbers
// would turn a part of digits into a number.
func (p *Pieces) canCut(i int, v sqlite.Value) bool {
	column, ok := p.Table.Column(p.Columns[i])
	if !ok {
		return false
	}
	switch v.Kind() {
	case sqlite.Blob:
		return true
	case sqlite.Text:
		a := schema.AffinityOf(column.Type)
		return a == schema.TextAffinity || a == schema.NoAffinity || startsLikeNoNumber(v.Data())
	}
	return false
}

// startsLikeNoNumber reports whether text begins with a byte that neither begins a number nor
// precedes one.
func startsLikeNoNumber(text string) bool {
	const starts = "0123456789+-. \t\n\v\f\r\x00"
	return text != "" && !slices.Contains([]byte(starts), text[0])
}

// whereKey returns the condition that only this row meets. It compares text with the key's
// collating sequences.
func (r *longRow) whereKey(at []int) string {
	var collations []string
	for _, u := range r.Table.Uniques {
		if slices.Equal(u.Columns, r.Table.Key()) {
			collations = u.Collations
			break
		}
	}
	var where []byte
	for n, i := range at {
		if n > 0 {
			where = append(where, " AND "...)
		}
		where = fmt.Appendf(where, "%s = %s", sqltext.QuoteIdent(r.Columns[i]), r.cells[i])
		if r.values[i].Kind() == sqlite.Text && n < len(collations) {
			where = fmt.Appendf(where, " COLLATE %s", sqltext.Ident(collations[n]))
		}
	}
	return string(where)
}

// leastRoom is the fewest bytes of SQL that a part must have. Every letter fits, in whatever form
// it is written.
const leastRoom = 40

// fit cuts the longest values, as few as possible, so that the INSERT fits. The first parts share
// the space that is left.
func (r *longRow) fit(cut []int) (iter.Seq[[]byte], error) {
	slices.SortStableFunc(cut, func(a, b int) int { return len(r.cells[b]) - len(r.cells[a]) })
	room := r.Most - r.insertLen()
	for n, i := range cut {
		if head, tail := r.update(i); r.Most-len(head)-len(tail) < leastRoom {
			return nil, fmt.Errorf("the key of table %s leaves no room in an UPDATE", r.Table.Name)
		}
		room += len(r.cells[i])
		if part := room / (n + 1); part >= leastRoom {
			r.cutAll(cut[:n+1], part)
			return r.statements(cut[:n+1]), nil
		}
	}
	if len(cut) == 0 {
		return nil, errors.New("the long value cannot be cut: it is part of the key, " +
			"or its column might take a part of it for a number")
	}
	return nil, errors.New("the rest of the row leaves no room for a part of the long value")
}

func (r *longRow) insertLen() int {
	n := len(r.Head) + len(r.Tail) - len("\n")
	for i, cell := range r.cells {
		if i > 0 {
			n += len(", ")
		}
		n += len(cell)
	}
	return n
}

// cutAll cuts each of the values after a first part of at most that many bytes of SQL.
func (r *longRow) cutAll(cut []int, most int) {
	for _, i := range cut {
		data := r.values[i].Data()
		first, n := r.part(i, data, most)
		r.cells[i], r.rest[i] = first, data[n:]
	}
}

// part returns the SQL of a prefix of data, and the prefix's length. The SQL has at most that many
// bytes, and the prefix is as long as that permits. Text is cut between letters: otherwise every
// part would be in hexadecimal digits.
func (r *longRow) part(i int, data string, most int) ([]byte, int) {
	for n := min(len(data), most); ; {
		part := sqlite.Bytes([]byte(data[:n]))
		if r.values[i].Kind() == sqlite.Text {
			n = letterEnd(data, n)
			part = sqlite.String(data[:n])
		}
		sql := r.literal(nil, part)
		if len(sql) <= most {
			return sql, n
		}
		n = min(n-1, n*most/len(sql))
	}
}

// letterEnd returns the greatest offset up to n at which a letter ends. It returns n if there is
// none nearby: such text is not UTF-8.
func letterEnd(text string, n int) int {
	for end := n; end > 0 && end > n-utf8.UTFMax; end-- {
		if end == len(text) || utf8.RuneStart(text[end]) {
			return end
		}
	}
	return n
}

// update returns the SQL before and after a part in the UPDATE that adds the part to a value.
func (r *longRow) update(i int) (head, tail string) {
	table, column := sqltext.QuoteIdent(r.Table.Name), sqltext.QuoteIdent(r.Columns[i])
	head = fmt.Sprintf("UPDATE %s SET %s = %s || ", table, column, column)
	tail = fmt.Sprintf(" WHERE %s;\n", r.where)
	if r.values[i].Kind() == sqlite.Blob {
		head = fmt.Sprintf("UPDATE %s SET %s = CAST(%s || ", table, column, column)
		tail = " AS BLOB)" + tail
	}
	return head, tail
}

func (r *longRow) statements(cut []int) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		insert := []byte(r.Head)
		for i, cell := range r.cells {
			if i > 0 {
				insert = append(insert, ", "...)
			}
			insert = append(insert, cell...)
		}
		if !yield(append(insert, r.Tail...)) {
			return
		}
		for _, i := range cut {
			head, tail := r.update(i)
			for rest := r.rest[i]; rest != ""; {
				sql, n := r.part(i, rest, r.Most-len(head)-len(tail)+len("\n"))
				if !yield(slices.Concat([]byte(head), sql, []byte(tail))) {
					return
				}
				rest = rest[n:]
			}
		}
	}
}
