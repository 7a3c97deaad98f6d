package extract

import (
	"errors"
	"fmt"
	"slices"

	"github.com/seedkit/seedkit/internal/portable"
	"github.com/seedkit/seedkit/internal/scan"
	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/sqltext"
)

// inserts writes the INSERTs of one table.
type inserts struct {
	out      output
	table    *schema.Table
	head     []byte // The beginning of an INSERT, up to VALUES.
	tail     []byte // The ON CONFLICT clause and the semicolon.
	most     int    // The greatest number of rows in an INSERT.
	maxBytes int    // The greatest length of an INSERT; 0 for any length.
	pending  []byte // An INSERT without its tail.
	rows     int    // The number of rows in pending.
}

func newInserts(out output, t *schema.Table, opts Options) (*inserts, error) {
	clause, err := conflictClause(t, opts.OnConflict)
	if err != nil {
		return nil, err
	}
	head := fmt.Appendf(nil, "INSERT INTO %s (%s) VALUES",
		sqltext.QuoteIdent(t.Name), sqltext.QuoteIdents(t.Stored()))
	return &inserts{
		out:      out,
		table:    t,
		head:     head,
		tail:     []byte(clause + ";\n"),
		most:     max(opts.RowsPerInsert, 1),
		maxBytes: opts.MaxStatementBytes,
	}, nil
}

// addRow writes a row. If the row is too long for an INSERT, addRow writes it in pieces. row is the
// row's SQL without its parentheses.
func (r *run) addRow(i *inserts, row []byte, values []sqlite.Value) error {
	err := i.add(row, values)
	tooLong, ok := errors.AsType[*TooLongError](err)
	if !ok {
		return err
	}
	if r.opts.OnConflict == Skip {
		tooLong.Err = errors.New(
			"in pieces, it would be added to the row that is there, where one is")
		return tooLong
	}
	cells := make([][]byte, len(values))
	for n := range values {
		to, err := r.referred(i.table, values, n)
		if err == nil && to != nil {
			cells[n], err = r.appendCell(nil, i.table, values, n)
		}
		if err != nil {
			return err
		}
	}
	pieces := portable.Pieces{
		Table: i.table, Columns: i.table.Stored(), Most: i.maxBytes, Literal: r.appendSafely,
		Head: string(i.head) + " (", Tail: ")" + string(i.tail),
	}
	statements, err := pieces.Statements(values, cells)
	if err != nil {
		tooLong.Err = err
		return tooLong
	}
	for statement := range statements {
		if err := i.out.Statement(statement); err != nil {
			return err
		}
	}
	return nil
}

// add writes a row, or returns a [*TooLongError]. row is the row's SQL without its parentheses. If
// rows share an INSERT, each row has its own line.
func (i *inserts) add(row []byte, values []sqlite.Value) error {
	const parentheses = 2
	if i.rows == i.most || i.rows > 0 && i.tooLong(len(i.pending)+len(",\n")+len(row)+parentheses) {
		if err := i.flush(); err != nil {
			return err
		}
	}
	separator := ",\n"
	if i.rows == 0 {
		i.pending = append(i.pending[:0], i.head...)
		separator = "\n"
		if i.most == 1 {
			separator = " "
		}
	}
	i.pending = append(i.pending, separator...)
	i.pending = append(append(append(i.pending, '('), row...), ')')
	i.rows++
	if i.rows == 1 && i.tooLong(len(i.pending)) {
		i.rows = 0
		return &TooLongError{
			Table: i.table.Name, Key: keyOf(i.table, i.table.Key(), values),
			Bytes: i.length(len(i.pending)), Max: i.maxBytes,
		}
	}
	return nil
}

// format appends an INSERT of one row.
func (i *inserts) format(text *scan.Buffer, row []scan.Value) {
	text.Bytes = append(append(text.Bytes, i.head...), " ("...)
	for n := range row {
		if n > 0 {
			text.Bytes = append(text.Bytes, ", "...)
		}
		portable.Format(text, &row[n])
	}
	text.Bytes = append(append(text.Bytes, ')'), i.tail...)
}

// length returns the length of the statement whose pending part has n bytes.
func (i *inserts) length(n int) int { return n + len(i.tail) - len("\n") }

func (i *inserts) tooLong(n int) bool { return i.maxBytes > 0 && i.length(n) > i.maxBytes }

func (i *inserts) flush() error {
	if i.rows == 0 {
		return nil
	}
	i.rows = 0
	i.pending = append(i.pending, i.tail...)
	return i.out.Statement(i.pending)
}

// TooLongError reports a row that does not fit into an INSERT of the permitted length and cannot be
// inserted in pieces.
type TooLongError struct {
	Table string
	Key   string // Such as "id = 7"; empty for a table without a key.
	Bytes int    // The length of the INSERT.
	Max   int    // The permitted length.
	Err   error  // Says why the row cannot be cut; may be nil.
}

func (e *TooLongError) Error() string {
	row := "a row"
	if e.Key != "" {
		row = "the row with " + e.Key
	}
	text := fmt.Sprintf("table %s: %s takes an INSERT of %d bytes, and %d are allowed",
		e.Table, row, e.Bytes, e.Max)
	if e.Err != nil {
		text += ": " + e.Err.Error()
	}
	return text
}

// Unwrap returns the reason why the row cannot be cut.
func (e *TooLongError) Unwrap() error { return e.Err }

// keyOf returns the text of a row's key in messages, with the key's columns in the table's order.
func keyOf(t *schema.Table, key []string, row []sqlite.Value) string {
	var columns []string
	var values []sqlite.Value
	for i, column := range t.Stored() {
		if slices.Contains(key, column) {
			columns, values = append(columns, column), append(values, row[i])
		}
	}
	return keyText(columns, values)
}
