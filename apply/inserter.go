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
	returning *sqlite.Stmt    // returns what it has stored
	// plain returns nothing. SQLite need not be able to undo it alone, which takes half of the time
	// of returning. It is nil if triggers fire, or if the target's text is not UTF-8.
	plain *sqlite.Stmt
}

func newInserter(c *sqlite.Conn, t tablePlace) (in *inserter, err error) {
	in = &inserter{place: t}
	for _, name := range t.seed.Stored() {
		column, _ := t.there.Column(name)
		in.columns = append(in.columns, column)
	}
	if in.returning, err = c.PrepareOne(insertSQL(t) + returningSQL(t)); err != nil {
		return nil, err
	}
	encoding, err := c.Value("PRAGMA encoding")
	if err == nil && encoding.Data() == "UTF-8" && len(insertTriggers(t.there)) == 0 {
		in.plain, err = c.PrepareOne(insertSQL(t))
	}
	if err != nil {
		in.close()
		return nil, err
	}
	return in, nil
}

func (in *inserter) close() {
	in.returning.Close()
	in.plain.Close()
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
		affinity := schema.AffinityOf(in.columns[i].Type)
		var kept bool
		switch v.Kind() {
		case sqlite.Null:
			kept = in.columns[i].Name != in.place.there.RowidAlias
		case sqlite.Integer:
			kept = slices.Contains(keepsIntegers, affinity)
		case sqlite.Real:
			kept = v.Float64() != 0 && slices.Contains(keepsReals, affinity)
		case sqlite.Text:
			kept = slices.Contains(keepsTexts, affinity)
		case sqlite.Blob:
			kept = true
		}
		if !kept {
			return false
		}
	}
	return true
}

// The affinities of columns that keep all values of a storage class. SQLite stores the real number
// -0.0 as 0.
var (
	keepsIntegers = []schema.Affinity{
		schema.NoAffinity, schema.NumericAffinity, schema.IntegerAffinity,
	}
	keepsReals = []schema.Affinity{schema.NoAffinity, schema.RealAffinity}
	keepsTexts = []schema.Affinity{schema.NoAffinity, schema.TextAffinity}
)

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
func insertSQL(t tablePlace) string {
	columns := t.seed.Stored()
	names := sqltext.QuoteIdents(columns)
	return fmt.Sprintf("INSERT OR ABORT INTO %s (%s) VALUES (?%s)",
		sqltext.QuoteIdent(t.there.Name), names, strings.Repeat(", ?", len(columns)-1))
}

func returningSQL(t tablePlace) string {
	return " RETURNING " + sqltext.QuoteIdents(t.seed.Stored())
}
