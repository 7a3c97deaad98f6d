package extract

import (
	"errors"

	"github.com/seedkit/seedkit/internal/portable"
	"github.com/seedkit/seedkit/internal/sqlite"
)

// add writes a row, in pieces if the row is too long for an INSERT. row is the row's SQL without
// its parentheses.
func (r *run) add(i *inserts, row []byte, values []sqlite.Value) error {
	err := i.add(row, values)
	tooLong, ok := errors.AsType[*TooLongError](err)
	if !ok {
		return err
	}
	if r.opts.OnConflict == Skip {
		tooLong.Err = errors.New("in pieces, it would be added to the row that is there, where one is")
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
