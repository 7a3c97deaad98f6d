package generate

import (
	"fmt"
	"runtime"
)

// Set is a named group of fixtures that is generated as a whole.
type Set struct {
	Name string
	Doc  string // one line, for people who choose among sets
	// Sample marks rows that are for trying the app out. A database that
	// holds some is marked, so that it does not reach production by mistake.
	Sample bool
	// Needs names the sets whose rows this one refers to. They are generated
	// with it.
	Needs []string
	Fill  func(s *Fixtures)
}

// Row gives values to columns, by the database's own names. An absent column
// is generated, nil is NULL. Values may be
//
//   - bool, any int, float64, string, []byte: stored as they are,
//   - time.Time: stored in the format of the database's datetimes,
//   - [Ref]: the referenced row's key,
//   - func(*Fake) any: called when the cell is generated; returns one of the others.
type Row map[string]any

// Ref refers to a fixture by its table and name, whether it was added before
// or is added later, in this set or in another one.
type Ref struct {
	table, name string
	at          position
}

// Fixtures collects the rows that sets declare. Declaring checks nothing: all
// mistakes are reported together when the rows are generated.
type Fixtures struct {
	roots []*declaration
}

// Add declares one row, known as name among the fixtures of its table. A row
// that the schema's migrations insert, with the same values in some unique
// key, is adopted: it stays as it is and the name refers to it.
func (s *Fixtures) Add(table, name string, row Row, parts ...Part) Ref {
	at := caller()
	s.roots = append(s.roots, &declaration{table: table, name: name, row: row, parts: parts, at: at, min: 1, max: 1})
	return Ref{table: table, name: name, at: at}
}

// Many declares n rows, known as name#1 to name#n. To ask for more rows leaves
// those that were there as they are.
func (s *Fixtures) Many(table, name string, n int, row Row, parts ...Part) {
	s.roots = append(s.roots, &declaration{table: table, name: name, row: row, parts: parts, at: caller(), min: n, max: n, numbered: true})
}

// Ref refers to the row of the given name.
func (s *Fixtures) Ref(table, name string) Ref {
	return Ref{table: table, name: name, at: caller()}
}

// Part is something that belongs to a row: [Has], [Some] or [Link].
type Part interface {
	expand(e *engine, parent *row)
}

// Has declares a row of another table that refers to the row it is part of;
// the column is found by its foreign key.
func Has(table string, row Row, parts ...Part) Part {
	return &declaration{table: table, row: row, parts: parts, at: caller(), min: 1, max: 1}
}

// Some declares min to max such rows, as many as chance wants.
func Some(table string, min, max int, row Row, parts ...Part) Part {
	return &declaration{table: table, row: row, parts: parts, at: caller(), min: min, max: max, numbered: true}
}

// Link declares a row in the table that joins the row's table with that of
// each reference; the table is found by its two foreign keys.
func Link(refs ...Ref) Part { return &link{refs: refs, at: caller()} }

// declaration is what a call of Add, Many, Has or Some says.
type declaration struct {
	table, name string
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
