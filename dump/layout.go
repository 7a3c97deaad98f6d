package dump

import (
	"strconv"

	"github.com/seedkit/seedkit/internal/sqlite"
)

// layout says where a SELECT finds its columns in the records of a table.
type layout struct {
	root    uint32
	columns []column
	fields  int // of a record that are read
}

type column struct {
	field      int  // of the record, or rowid
	isReal     bool // an integer in the record stands for a real
	hasDefault bool
	missing    []byte // the literal for a record that has no such field
}

const rowid = -1

// layoutOf reads a query's layout from the program that SQLite has compiled
// for it (https://sqlite.org/opcode.html), since nothing else says which b-tree
// a SELECT without ORDER BY reads. It reports false for any program but the
// plainest: one that goes through a table in the order of its rowids, and
// copies columns.
func layoutOf(program []instruction) (layout, bool) {
	const before, after = 3, 5
	if len(program) < before+after {
		return layout{}, false
	}
	end := len(program) - after
	for i, opcode := range map[int]string{
		0: "Init", 1: "OpenRead", 2: "Rewind",
		end: "ResultRow", end + 1: "Next", end + 2: "Halt", end + 3: "Transaction", end + 4: "Goto",
	} {
		if program[i].opcode != opcode {
			return layout{}, false
		}
	}
	open, rewind, row, next := program[1], program[2], program[end], program[end+1]
	_, err := strconv.ParseUint(open.p4, 10, 16) // of an index that is "k(…)"
	if err != nil || open.p3 != 0 || rewind.p1 != open.p1 || next.p1 != open.p1 || next.p2 != before {
		return layout{}, false
	}
	l := layout{root: uint32(open.p2), columns: make([]column, row.p2)}
	for _, in := range program[before:end] {
		if !l.copies(in, open.p1, row.p1) {
			return layout{}, false
		}
	}
	return l, true
}

// copies notes what an instruction puts into a column of the result, the first
// of which is a register. It reports false for one that does anything else.
func (l *layout) copies(in instruction, cursor, first int) bool {
	register := map[string]int{"Column": in.p3, "Rowid": in.p2, "RealAffinity": in.p1}[in.opcode] - first
	if register < 0 || register >= len(l.columns) || in.p5 != 0 {
		return false
	}
	switch c := &l.columns[register]; in.opcode {
	case "Column":
		*c = column{field: in.p2, hasDefault: in.hasP4, missing: []byte("NULL")}
		l.fields = max(l.fields, in.p2+1)
		return in.p1 == cursor
	case "Rowid":
		*c = column{field: rowid}
		return in.p1 == cursor
	case "RealAffinity":
		c.isReal = true
		return true
	}
	return false
}

// instruction is one of a program's.
type instruction struct {
	opcode         string
	p1, p2, p3, p5 int
	p4             string
	hasP4          bool
}

func (d *dumper) program(query string) ([]instruction, error) {
	var program []instruction
	for row, err := range d.conn.Query("EXPLAIN " + query) {
		if err != nil {
			return nil, err
		}
		number := func(i int) int { return int(row.Int64(i)) }
		program = append(program, instruction{
			opcode: row.Text(1),
			p1:     number(2), p2: number(3), p3: number(4), p5: number(6),
			p4: row.Text(5), hasP4: row.Kind(5) != sqlite.Null,
		})
	}
	return program, nil
}
