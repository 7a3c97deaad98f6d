package generate

import (
	"fmt"
	"iter"
	"maps"
	"slices"
)

// Row maps columns to values. The keys are the names in the database. A column without a key gets a
// generated value. nil is NULL. A value may be
//
//   - of any type whose kind is bool, an integer, a float or string, and []byte: the database
//     stores it unchanged, with 1 for true and 0 for false,
//   - time.Time: the database stores it in its format for timestamps,
//   - [Ref]: the key of the row that it names,
//   - a map, a slice or an array: the database stores it as JSON,
//   - func(*Fake) any: generate calls it for every row; it returns one of the other types. generate
//     may call it again for the same row, and from another goroutine, but makes one call at a time.
type Row map[string]any

// Ref refers to a fixture by its table and name. The fixture may be added before or after the
// reference, in the same or in another set. A Ref of [Fixtures.Existing] refers to a row of the
// schema's scripts.
type Ref struct {
	table, name string

	// Of Existing:
	there         bool
	column, value string // the only value that Existing gives, as files write it, else ""
}

func (r Ref) path() string {
	if r.there {
		return r.table + r.name
	}
	return r.table + "/" + r.name
}

// MarshalJSON returns an error, because a Ref within a map or a slice does not become a key.
func (r Ref) MarshalJSON() ([]byte, error) {
	return nil, fmt.Errorf("%s within a map or a slice does not become a key", r.path())
}

// Fixtures collects the rows that sets declare. A declaration is not checked at once: generate
// reports all mistakes together. Callers may use a Row or a Part in several declarations.
type Fixtures struct {
	roots    []*declaration
	existing []*existing
	// Of files of fixtures:
	wrong  []*FixtureError // mistakes that show without a schema
	unread bool            // there are rows that could not be read
}

// Add declares one row, which has the given name among the fixtures of its table. If the schema's
// migrations insert a row with the same values in a unique key, Add adopts that row: it stays
// unchanged, and the name refers to it.
func (s *Fixtures) Add(table, name string, row Row, parts ...Part) Ref {
	s.roots = append(s.roots, &declaration{
		table: table, name: name, row: maps.Clone(row), parts: slices.Clone(parts), at: caller(),
		min: 1, max: 1,
	})
	return s.Ref(table, name)
}

// Many declares n rows with the names name#1 to name#n. A larger n does not change the rows that a
// smaller n declares.
func (s *Fixtures) Many(table, name string, n int, row Row, parts ...Part) {
	s.roots = append(s.roots, &declaration{
		table: table, name: name, row: maps.Clone(row), parts: slices.Clone(parts), at: caller(),
		min: n, max: n, numbered: true,
	})
}

// Ref refers to the row with the given name.
func (s *Fixtures) Ref(table, name string) Ref {
	return Ref{table: table, name: name}
}

// Part belongs to a row. [Has], [Some] and [Link] return parts.
//
// Parts have no names. Among the parts of one row with the same table, the first has the name of
// the table, the second is Table(2), and so on. Therefore a new last part, or more rows of a part,
// do not change the other parts.
type Part interface {
	// compile checks the part against the schema. See [declaration.compile].
	compile(c *compiler, parent *template) []*template
}

// Has declares a row of another table that refers to the row that it is part of. Its foreign key
// determines the column. If several foreign keys fit, Has uses the one that the row leaves open.
func Has(table string, row Row, parts ...Part) Part {
	return &declaration{
		table: table, row: maps.Clone(row), parts: slices.Clone(parts), at: caller(), min: 1,
		max: 1,
	}
}

// Some declares min to max such rows. The number is random.
func Some(table string, min, max int, row Row, parts ...Part) Part {
	return &declaration{
		table: table, row: maps.Clone(row), parts: slices.Clone(parts), at: caller(), min: min,
		max: max, numbered: true,
	}
}

// Link declares, for every reference, a row in the table that joins the row's table with the table
// of the reference. The two foreign keys of that table determine it. If both refer to the same
// table, the first key refers to the row. The joining table has no other column that a row must
// give, except for timestamps and the columns of [Links.With].
func Link(refs ...Ref) Links { return Links{&link{refs: slices.Clone(refs), at: caller()}} }

// Links is the result of [Link].
type Links struct{ *link }

// With gives the rows of the joining table further columns.
func (l Links) With(row Row) Part {
	return &link{refs: l.refs, row: maps.Clone(row), at: l.at}
}

// declaration is one call of Add, Many, Has or Some.
type declaration struct {
	table, name string // a part has no name
	row         Row
	parts       []Part
	min, max    int
	numbered    bool // several rows, so every path ends in #n
	at          position
	spare       bool // see template

	// Of a declaration in a file:
	tableAt position // of the table's name; at stands for it where it is no place
	unnamed bool     // the values of a unique key are the name; without such values, it is name

	// Of the rows of a CSV file, which are made when they are needed:
	rows   iter.Seq[*declaration] // nil for any other declaration
	count  int                    // the number of rows
	before int                    // the number of rows without names that are before them
}

// each calls do for the declaration, or for each of the rows of a CSV file.
func (d *declaration) each(do func(*declaration)) {
	if d.rows == nil {
		do(d)
		return
	}
	n := d.before
	for row := range d.rows {
		n++
		row.name = numberedName(d.name, n)
		do(row)
	}
}

// numberedName returns the name of the n-th row of a table that has no name of its own.
func numberedName(set string, n int) string { return fmt.Sprintf("%s#%d", set, n) }

type link struct {
	refs    []Ref
	row     Row // further columns of the joining rows
	at      position
	orThere bool // see source
}
