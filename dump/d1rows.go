package dump

import (
	"fmt"

	"github.com/seedkit/seedkit/internal/migration"
	"github.com/seedkit/seedkit/internal/portable"
	"github.com/seedkit/seedkit/internal/scan"
	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/seed"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/sqltext"
)

func (w *d1Dumper) rows(t table, described *schema.Table) error {
	query, err := w.rowQuery(t.name)
	if err != nil {
		return err
	}
	s, err := w.conn.PrepareOne(query)
	if err != nil {
		return err
	}
	defer s.Close()
	var columns []string
	for i := range s.Columns() {
		columns = append(columns, s.ColumnName(i))
	}
	return w.rowsOf(described, columns, string(w.insertHead(t.name, s)), query)
}

// rowsOf writes the rows of a table that a query returns.
func (w *d1Dumper) rowsOf(t *schema.Table, columns []string, head, query string) error {
	pieces := portable.Pieces{
		Table: t, Columns: columns, Head: head, Tail: ");\n", Most: w.most, Literal: appendForD1,
	}
	var text scan.Buffer
	for row, err := range w.scanner.Rows(scan.Query{Table: t.Name, SQL: query}) {
		if err != nil {
			return err
		}
		text.Bytes = append(text.Bytes[:0], pieces.Head...)
		for i := range row {
			if i > 0 {
				text.Bytes = append(text.Bytes, ", "...)
			}
			portable.Format(&text, &row[i])
		}
		text.Bytes = append(text.Bytes, pieces.Tail...)
		if err := w.row(&pieces, row, text.Bytes); err != nil {
			return err
		}
		w.progress.Rows++
	}
	return nil
}

// row writes a row. Its INSERT is text. If Wrangler would cut a part of text, row writes the values
// in another form. If text is too long, row writes the row in pieces.
func (w *d1Dumper) row(pieces *portable.Pieces, row []scan.Value, text []byte) error {
	collides := migration.D1.Collides(text)
	if len(text)-len("\n") <= w.most && !collides {
		return w.out.append(text)
	}
	values := make([]sqlite.Value, len(row))
	for i := range row {
		values[i] = row[i].Copy()
	}
	if collides {
		text = append(text[:0], pieces.Head...)
		for i, v := range values {
			if i > 0 {
				text = append(text, ", "...)
			}
			text = appendForD1(text, v)
		}
		text = append(text, pieces.Tail...)
	}
	if len(text)-len("\n") <= w.most {
		return w.statement(text)
	}
	statements, err := pieces.Statements(values, make([][]byte, len(row)))
	if err != nil {
		return &TooLongError{Bytes: len(text) - len("\n"), Max: w.most, Err: err}
	}
	for statement := range statements {
		if err := w.statement(statement); err != nil {
			return err
		}
	}
	return nil
}

// appendForD1 appends a literal without the text that Wrangler would cut.
func appendForD1(dst []byte, v sqlite.Value) []byte {
	start := len(dst)
	dst = portable.Append(dst, v)
	if v.Kind() == sqlite.Text && migration.D1.Collides(dst[start:]) {
		return portable.AppendCast(dst[:start], v.Data())
	}
	return dst
}

// raiseCounter writes statements that raise the counter of an AUTOINCREMENT table to its value, if
// the rows do not raise it that far.
func (w *d1Dumper) raiseCounter(t *schema.Table) error {
	counter, err := seed.Counter(w.conn, t)
	if err != nil || counter == 0 || w.opts.NoSys {
		return err
	}
	highest, err := w.conn.Int64("SELECT coalesce(max(rowid), 0) FROM " +
		sqltext.QuoteIdent(t.Name))
	if err != nil || highest >= counter {
		return err
	}
	for _, statement := range seed.Raises(t.Name, counter) {
		if err := w.statement(statement); err != nil {
			return err
		}
	}
	return nil
}

// TooLongError reports a statement that is too long for D1.
type TooLongError struct {
	Bytes, Max int
	Err        error // why a row cannot be inserted in pieces, or nil
}

func (e *TooLongError) Error() string {
	text := fmt.Sprintf("a statement takes %d bytes, and D1 takes %d", e.Bytes, e.Max)
	if e.Err != nil {
		text += ": " + e.Err.Error()
	}
	return text
}

// Unwrap returns why a row cannot be inserted in pieces.
func (e *TooLongError) Unwrap() error { return e.Err }
