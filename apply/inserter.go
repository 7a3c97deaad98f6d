package apply

import (
	"fmt"
	"slices"
	"strings"

	"github.com/seedkit/seedkit/internal/rowdiff"
	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/sqltext"
)

// inserter inserts rows into a table of the target. It compares what the target stores with the row
// if the target may change a value, or leave the row out.
type inserter struct {
	place     tablePlace
	columns   []schema.Column // the target's columns for the values of a row
	kept      []storageClasses
	returning *sqlite.Stmt // returns what it has stored
	// plain returns nothing. SQLite need not be able to undo it alone, which takes half of the time
	// of returning. It is nil if triggers fire, or if the target's text is not UTF-8.
	plain *sqlite.Stmt
	// many inserts as many rows as most says. It is nil unless one statement may insert many rows.
	many   *sqlite.Stmt
	most   int
	c      *sqlite.Conn
	values sqlite.Batch
}

// newInserter prepares to insert rows into a table. many allows one statement to insert many rows.
func newInserter(c *sqlite.Conn, t tablePlace, many bool) (in *inserter, err error) {
	in = &inserter{place: t, c: c}
	for _, name := range t.seed.Stored() {
		column, _ := t.there.Column(name)
		in.columns = append(in.columns, column)
		in.kept = append(in.kept, keptBy(column, t.there))
	}
	if in.returning, err = c.PrepareOne(insertSQL(t) + returningSQL(t)); err != nil {
		return nil, err
	}
	encoding, err := c.Value("PRAGMA encoding")
	if err == nil && encoding.Data() == "UTF-8" && len(insertTriggers(t.there)) == 0 {
		if in.plain, err = c.PrepareOne(insertSQL(t)); err == nil && many {
			err = in.prepareMany()
		}
	}
	if err != nil {
		in.close()
		return nil, err
	}
	return in, nil
}

// prepareMany prepares the statement for many rows, unless a default could tell how many rows a
// statement inserts.
func (in *inserter) prepareMany() (err error) {
	const parameters = 300 // of a statement; with more a row costs as much
	stored := in.place.seed.Stored()
	in.most = parameters / len(stored)
	if _, complete := schema.Positions(stored, in.place.there.Stored()); !complete || in.most < 2 {
		return nil
	}
	in.many, err = in.c.PrepareOne(insertManySQL(in.place, in.most))
	return err
}

func (in *inserter) close() {
	in.returning.Close()
	in.plain.Close()
	in.many.Close()
	in.values.Free()
}

// insert inserts a row. It does not compare values that the seed leaves to the target's defaults.
func (in *inserter) insert(row rowdiff.Row) error {
	if in.plain == nil || !in.keeps(row.Values) {
		return in.insertAndCompare(row)
	}
	if err := in.plain.BindValues(row.Values); err != nil {
		return err
	}
	for {
		if more, err := in.plain.Step(); !more {
			return err
		}
	}
}

// keeps reports whether the columns certainly store the values unchanged.
func (in *inserter) keeps(row []sqlite.Value) bool {
	for i, v := range row {
		if v.Kind() == sqlite.Text && !in.kept[i].has(sqlite.Text) {
			if mayBeNumber(v.View()) {
				return false
			}
			continue
		}
		if !in.kept[i].has(v.Kind()) || v.Kind() == sqlite.Real && v.Float64() == 0 {
			return false
		}
	}
	return true
}

// mayBeNumber reports whether a text has only characters of numbers up to its end or to a zero
// byte, so that a column with a numeric affinity may store a number in its place
// (https://sqlite.org/datatype3.html#affinity). A time of day has others.
func mayBeNumber(text []byte) bool {
	for _, c := range text {
		if c == 0 {
			return true
		}
		if !strings.ContainsRune("0123456789+-.eE \t\n\v\f\r", rune(c)) {
			return false
		}
	}
	return true
}

// storageClasses is a set of storage classes, as bits.
type storageClasses uint

func (c storageClasses) has(kind sqlite.Kind) bool { return c&(1<<kind) != 0 }

// keptBy returns the storage classes whose values a column of the target stores unchanged. The real
// number -0.0 is an exception: SQLite stores it as 0.
func keptBy(c schema.Column, t *schema.Table) (kept storageClasses) {
	add := func(kind sqlite.Kind, affinities ...schema.Affinity) {
		if slices.Contains(affinities, schema.AffinityOf(c.Type)) {
			kept |= 1 << kind
		}
	}
	kept |= 1 << sqlite.Blob
	if c.Name != t.RowidAlias {
		kept |= 1 << sqlite.Null
	}
	add(sqlite.Integer, schema.NoAffinity, schema.NumericAffinity, schema.IntegerAffinity)
	add(sqlite.Real, schema.NoAffinity, schema.RealAffinity)
	add(sqlite.Text, schema.NoAffinity, schema.TextAffinity)
	return kept
}

func (in *inserter) insertAndCompare(row rowdiff.Row) error {
	returned := false
	var differs error
	for stored, err := range in.returning.Rows(sqlite.Args(row.Values)...) {
		if err != nil {
			return err
		}
		returned = true
		for i, v := range row.Values {
			unsaid := row.Unsaid != nil && row.Unsaid[i]
			if got := stored.Value(i); got != v && !unsaid && differs == nil {
				column := in.place.seed.Stored()[i]
				shown := keyTexts([]string{column, column}, []sqlite.Value{v, got})
				differs = &StoredError{Column: column, Seed: shown[0], Target: shown[1]}
			}
		}
	}
	if !returned {
		return errNotThere
	}
	return differs
}

// StoredError reports a column of the target that stores another value than the seed's, because of
// the column's type.
type StoredError struct {
	Column       string
	Seed, Target string // written as in [Differing]
}

func (e *StoredError) Error() string {
	return fmt.Sprintf("the target's column %s stores %s as %s", e.Column, e.Seed, e.Target)
}

// insertSQL returns the statement that inserts a row. OR ABORT keeps a conflict clause of the
// target's schema from replacing or ignoring rows.
func insertSQL(t tablePlace) string { return insertRowsSQL(t, "ABORT", 1) }

// insertManySQL returns the statement that inserts many rows. OR FAIL keeps the rows before the one
// whose key is taken, so that SQLite need not be able to undo the statement.
func insertManySQL(t tablePlace, rows int) string { return insertRowsSQL(t, "FAIL", rows) }

func insertRowsSQL(t tablePlace, otherwise string, rows int) string {
	columns := t.seed.Stored()
	row := "(?" + strings.Repeat(", ?", len(columns)-1) + ")"
	return fmt.Sprintf("INSERT OR %s INTO %s (%s) VALUES %s%s", otherwise,
		sqltext.QuoteIdent(t.there.Name), sqltext.QuoteIdents(columns), row,
		strings.Repeat(", "+row, rows-1))
}

func returningSQL(t tablePlace) string {
	return " RETURNING " + sqltext.QuoteIdents(t.seed.Stored())
}
