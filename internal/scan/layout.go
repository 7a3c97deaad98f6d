package scan

import (
	"strconv"

	"github.com/seedkit/seedkit/internal/sqlite"
)

// layout tells where a SELECT finds its columns in the records of a table.
type layout struct {
	root    uint32
	columns []column
	fields  []int // the column for every field of a record, or unread
	rowids  []int // the columns that hold the rowid
	reals   []int // the columns in which a stored integer is a real
}

type column struct {
	hasDefault bool
	missing    Value // the value in a record without this field
}

const unread = -1

// newLayout reads the layout from the program that SQLite compiles for the query
// (https://sqlite.org/opcode.html). Nothing else tells which b-tree a SELECT without ORDER BY
// reads. newLayout accepts only the plainest program, which walks through a table in the order of
// its rowids and copies columns. For any other program it returns nil.
func newLayout(program []instruction) *layout {
	const before, after = 3, 5
	if len(program) < before+after {
		return nil
	}
	end := len(program) - after
	for i, opcode := range map[int]string{
		0: "Init", 1: "OpenRead", 2: "Rewind",
		end: "ResultRow", end + 1: "Next", end + 2: "Halt", end + 3: "Transaction", end + 4: "Goto",
	} {
		if program[i].opcode != opcode {
			return nil
		}
	}
	open, rewind, row, next := program[1], program[2], program[end], program[end+1]
	_, err := strconv.ParseUint(open.p4, 10, 16) // an index has "k(…)" here
	if err != nil || open.p3 != 0 || rewind.p1 != open.p1 || next.p1 != open.p1 ||
		next.p2 != before {
		return nil
	}
	l := &layout{root: uint32(open.p2), columns: make([]column, row.p2)}
	for _, in := range program[before:end] {
		if !l.copies(in, open.p1, row.p1) {
			return nil
		}
	}
	return l
}

// copies records what an instruction puts into a column of the result. first is the register of the
// first column. copies returns false for an instruction that does anything else.
func (l *layout) copies(in instruction, cursor, first int) bool {
	at := map[string]int{"Column": in.p3, "Rowid": in.p2, "RealAffinity": in.p1}[in.opcode] - first
	if at < 0 || at >= len(l.columns) || in.p5 != 0 {
		return false
	}
	switch in.opcode {
	case "Column":
		l.columns[at].hasDefault = in.hasP4
		return in.p1 == cursor && l.reads(in.p2, at)
	case "Rowid":
		l.rowids = append(l.rowids, at)
		return in.p1 == cursor
	case "RealAffinity":
		l.reals = append(l.reals, at)
		return true
	}
	return false
}

// reads records that a field goes to a column. It returns false if the field already goes to
// another column.
func (l *layout) reads(field, column int) bool {
	for len(l.fields) <= field {
		l.fields = append(l.fields, unread)
	}
	if l.fields[field] != unread {
		return false
	}
	l.fields[field] = column
	return true
}

// instruction is one instruction of a program.
type instruction struct {
	opcode         string
	p1, p2, p3, p5 int
	p4             string
	hasP4          bool
}

func explain(c *sqlite.Conn, query string) ([]instruction, error) {
	var program []instruction
	for row, err := range c.Query("EXPLAIN " + query) {
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
