package generate

import (
	"fmt"
	"maps"
	"runtime"
	"slices"
)

// Row gives values to columns, by the database's own names. An absent column
// is generated, nil is NULL. Values may be
//
//   - of any type whose kind is bool, an integer, a float or string, and
//     []byte: stored as they are, true and false as 1 and 0,
//   - time.Time: stored in the format of the database's datetimes,
//   - [Ref]: the referenced row's key,
//   - func(*Fake) any: called when the cell is generated; returns one of the others.
type Row map[string]any

// Ref refers to a fixture by its table and name, whether it was added before
// or is added later, in this set or in another one.
type Ref struct{ table, name string }

// Fixtures collects the rows that sets declare. Declaring checks nothing: all
// mistakes are reported together when the rows are generated. A Row, and a
// Part, may be used again for other declarations.
type Fixtures struct {
	roots []*declaration
}

// Add declares one row, known as name among the fixtures of its table. A row
// that the schema's migrations insert, with the same values in some unique
// key, is adopted: it stays as it is and the name refers to it.
func (s *Fixtures) Add(table, name string, row Row, parts ...Part) Ref {
	s.roots = append(s.roots, &declaration{table: table, name: name, row: maps.Clone(row), parts: slices.Clone(parts), at: caller(), min: 1, max: 1})
	return s.Ref(table, name)
}

// Many declares n rows, known as name#1 to name#n. To ask for more rows leaves
// those that were there as they are.
func (s *Fixtures) Many(table, name string, n int, row Row, parts ...Part) {
	s.roots = append(s.roots, &declaration{
		table: table, name: name, row: maps.Clone(row), parts: slices.Clone(parts), at: caller(), min: n, max: n, numbered: true,
	})
}

// Ref refers to the row of the given name.
func (s *Fixtures) Ref(table, name string) Ref {
	return Ref{table: table, name: name}
}

// Part is something that belongs to a row: [Has], [Some] or [Link].
//
// Parts have no names. Of the parts of one row with the same table, the first
// is known by the table's name alone and the second as Table(2), so that to
// add one behind them, or rows to one of them, leaves the others as they are.
type Part interface {
	// templates checks the part against the schema; see [engine.template].
	templates(e *engine, parent *template) []*template
}

// Has declares a row of another table that refers to the row it is part of.
// The column is found by its foreign key; where several would do, the one
// that the row leaves out.
func Has(table string, row Row, parts ...Part) Part {
	return &declaration{table: table, row: maps.Clone(row), parts: slices.Clone(parts), at: caller(), min: 1, max: 1}
}

// Some declares min to max such rows, as many as chance wants.
func Some(table string, min, max int, row Row, parts ...Part) Part {
	return &declaration{table: table, row: maps.Clone(row), parts: slices.Clone(parts), at: caller(), min: min, max: max, numbered: true}
}

// Link declares a row in the table that joins the row's table with that of
// each reference; the table is found by its two foreign keys. Where both are
// the same table, the first key is the row's.
func Link(refs ...Ref) Part { return &link{refs: slices.Clone(refs), at: caller()} }

// declaration is what a call of Add, Many, Has or Some says.
type declaration struct {
	table, name string // a part has no name
	row         Row
	parts       []Part
	min, max    int
	numbered    bool // several rows: each path ends in #n
	at          position
}

type link struct {
	refs []Ref
	at   position
}

// position is a place in the fixtures' source.
type position struct {
	file string
	line int
}

func (p position) String() string { return fmt.Sprintf("%s:%d", p.file, p.line) }

// caller returns where the function that called it was called.
func caller() position {
	_, file, line, _ := runtime.Caller(2)
	return position{file, line}
}
