package extract

import (
	"fmt"
	"slices"

	"github.com/seedkit/seedkit/internal/portable"
	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/sqltext"
)

// Keys says how to write references to other rows.
type Keys string

const (
	// Literal writes foreign keys with the seed's values.
	Literal Keys = "literal"
	// Natural writes a foreign key as a sub-select that finds the parent row by another unique key,
	// without NULL, so that the reference is right in a database with other ids. If the parent row
	// has no such key, or the parent is the same table, Natural writes a literal; see
	// [Report.Literals].
	Natural Keys = "natural"
)

// KeyStyles lists the ways of writing keys, with the default first.
var KeyStyles = []Keys{Literal, Natural}

// naturalKeys holds for each table the references to write as sub-selects, and those that must stay
// literals.
type naturalKeys map[*schema.Table][]*reference

// reference is a foreign key that is written as a sub-select or as a literal.
type reference struct {
	fk      schema.ForeignKey
	at      []int // The positions of the foreign key's columns in a row of the child.
	parent  *schema.Table
	keys    [][]int      // The positions of the natural keys' columns in a row of the parent.
	why     string       // Says why there are no keys; "" if there are some.
	query   *sqlite.Stmt // Finds the seed's parent row by the referenced columns.
	literal int64        // The number of rows in which the reference was written as a literal.
}

// referral is a reference of a row with the parent row to which it leads.
type referral struct {
	*reference
	row []sqlite.Value // The parent row.
	key []int          // The first of the reference's keys that has no NULL in the parent row.
}

func (k naturalKeys) close() {
	for _, references := range k {
		for _, ref := range references {
			ref.query.Close()
		}
	}
}

// findNaturalKeys chooses the references to write as sub-selects. A sub-select finds only rows that
// are inserted earlier, so a reference to a later table, or to its own table, stays a literal.
func (r *run) findNaturalKeys() error {
	ordered, _ := schema.ParentsFirst(r.seed.Schema.Tables)
	for i, t := range ordered {
		for _, fk := range t.ForeignKeys {
			parent := r.seed.Schema.Table(fk.Parent)
			if parent == nil {
				continue
			}
			keys := naturalKeysOf(parent, fk.ParentColumns)
			why := ""
			switch {
			case len(keys) == 0 && isName(parent, fk.ParentColumns):
				continue
			case len(keys) == 0:
				why = parent.Name + " has no other unique key"
			case parent == t:
				keys = nil
				why = "a row of " + parent.Name + " may be inserted after the one that refers to it"
			case !slices.Contains(ordered[:i], parent):
				keys, why = nil, "rows of "+parent.Name+" are inserted after them"
			}
			if err := r.addReference(t, fk, parent, keys, why); err != nil {
				return err
			}
		}
	}
	return nil
}

// naturalKeysOf returns the unique keys of the parent other than the referenced key and the primary
// key. Keys that cannot hold NULL come first.
func naturalKeysOf(parent *schema.Table, referred []string) (keys [][]string) {
	var nullable [][]string
	for _, u := range parent.Uniques {
		has := func(is func(schema.Column) bool) bool {
			return slices.ContainsFunc(u.Columns, func(name string) bool {
				c, _ := parent.Column(name)
				return is(c)
			})
		}
		switch {
		case slices.Equal(u.Columns, referred), slices.Equal(u.Columns, parent.PrimaryKey),
			has(func(c schema.Column) bool { return c.Generated }):
		case has(func(c schema.Column) bool { return !c.NotNull }):
			nullable = append(nullable, u.Columns)
		default:
			keys = append(keys, u.Columns)
		}
	}
	return append(keys, nullable...)
}

// isName reports whether the columns hold no numbers. If a table has no other key, such columns
// identify a row in every database.
func isName(t *schema.Table, columns []string) bool {
	return !slices.ContainsFunc(columns, func(name string) bool {
		c, _ := t.Column(name)
		affinity := schema.AffinityOf(c.Type)
		return affinity != schema.TextAffinity && (affinity != schema.NoAffinity || c.Type == "")
	})
}

func (r *run) addReference(
	t *schema.Table, fk schema.ForeignKey, parent *schema.Table, keys [][]string, why string,
) error {
	query, err := r.seed.Conn.PrepareOne(byKey(parent.Name, parent.Stored(), fk.ParentColumns))
	if err != nil {
		return fmt.Errorf("look up rows of %s: %w", parent.Name, err)
	}
	ref := &reference{fk: fk, parent: parent, why: why, query: query}
	ref.at, _ = schema.Positions(t.Stored(), fk.Columns)
	for _, key := range keys {
		at, _ := schema.Positions(parent.Stored(), key)
		ref.keys = append(ref.keys, at)
	}
	r.keys[t] = append(r.keys[t], ref)
	return nil
}

// lead returns the parent row to which the reference of a row leads. It returns nil if the
// reference is NULL. It also returns nil if only a literal can express the reference, because the
// seed has no parent row with a natural key.
func (ref *reference) lead(row []sqlite.Value) (*referral, error) {
	if len(ref.keys) == 0 || ref.isNull(row) {
		return nil, nil
	}
	parent, err := firstRow(ref.query, sqlite.Pick(row, ref.at))
	if parent == nil || err != nil {
		return nil, err
	}
	for _, key := range ref.keys {
		if !slices.ContainsFunc(sqlite.Pick(parent, key), sqlite.Value.IsNull) {
			return &referral{ref, parent, key}, nil
		}
	}
	return nil, nil
}

func (ref *reference) isNull(row []sqlite.Value) bool {
	return slices.ContainsFunc(sqlite.Pick(row, ref.at), sqlite.Value.IsNull)
}

// appendRow appends a row as SQL, without its parentheses.
func (r *run) appendRow(dst []byte, t *schema.Table, row []sqlite.Value) (_ []byte, err error) {
	for i := range row {
		if i > 0 {
			dst = append(dst, ", "...)
		}
		if dst, err = r.appendCell(dst, t, row, i); err != nil {
			return nil, err
		}
	}
	return dst, nil
}

// appendCell appends a value. A value is a sub-select if it is part of a reference to a row with a
// natural key, otherwise a literal.
func (r *run) appendCell(dst []byte, t *schema.Table, row []sqlite.Value, i int) ([]byte, error) {
	to, err := r.referred(t, row, i)
	if err != nil {
		return nil, err
	}
	if to != nil {
		return r.appendSubselect(dst, to, slices.Index(to.at, i))
	}
	return r.appendSafely(dst, row[i]), nil
}

// referred returns the parent row to which the i-th value of a row leads as part of a reference. It
// returns nil if the value must be a literal.
func (r *run) referred(t *schema.Table, row []sqlite.Value, i int) (*referral, error) {
	for _, ref := range r.keys[t] {
		if !slices.Contains(ref.at, i) {
			continue
		}
		if to, err := ref.lead(row); to != nil || err != nil {
			return to, err
		}
	}
	return nil, nil
}

// appendSafely appends a literal that contains no mark of the migration's tool.
func (r *run) appendSafely(dst []byte, v sqlite.Value) []byte {
	start := len(dst)
	dst = portable.Append(dst, v)
	if v.Kind() != sqlite.Text || !r.format.Collides(dst[start:]) {
		return dst
	}
	return portable.AppendCast(dst[:start], v.Data())
}

// appendSubselect appends a sub-select for the n-th column to which a reference refers. The
// sub-select finds the parent row by its natural key, which may contain further sub-selects.
func (r *run) appendSubselect(dst []byte, to *referral, n int) ([]byte, error) {
	dst = fmt.Appendf(dst, "(SELECT %s FROM %s WHERE ",
		sqltext.QuoteIdent(to.fk.ParentColumns[n]), sqltext.QuoteIdent(to.parent.Name))
	stored := to.parent.Stored()
	var err error
	for i, at := range to.key {
		if i > 0 {
			dst = append(dst, " AND "...)
		}
		dst = fmt.Appendf(dst, "%s = ", sqltext.QuoteIdent(stored[at]))
		if dst, err = r.appendCell(dst, to.parent, to.row, at); err != nil {
			return nil, err
		}
	}
	return append(dst, ')'), nil
}

// LiteralReference is a foreign key that [Natural] writes as a literal in some rows. In a database
// where the parent row has another id, such a row refers to another parent row.
type LiteralReference struct {
	Table   string   `json:"table"`
	Columns []string `json:"columns"`
	Parent  string   `json:"parent"`
	Rows    int64    `json:"rows"` // The number of rows with the literal.
	Why     string   `json:"why"`  // The reason for the literal.
}

// noteLiterals counts the references of a row that are written as literals. If only is not nil, it
// counts only references with a column at one of these positions. A sub-select contains the natural
// key of a parent. If the parent's rows are not written, the references in that key count, too.
func (r *run) noteLiterals(t *schema.Table, row []sqlite.Value, only []int) error {
	for _, ref := range r.keys[t] {
		inside := func(at int) bool { return slices.Contains(only, at) }
		if ref.isNull(row) || only != nil && !slices.ContainsFunc(ref.at, inside) {
			continue
		}
		to, err := ref.lead(row)
		switch {
		case err != nil:
			return err
		case to == nil:
			ref.literal++
		case !slices.Contains(r.tables, ref.parent):
			if err := r.noteLiterals(ref.parent, to.row, to.key); err != nil {
				return err
			}
		}
	}
	return nil
}

// literals lists the references that were written as literals, in the order of the tables.
func (r *run) literals() (all []LiteralReference) {
	for _, t := range r.seed.Schema.Tables {
		for _, ref := range r.keys[t] {
			if ref.literal == 0 {
				continue
			}
			why := ref.why
			if why == "" {
				why = "there, a row of " + ref.parent.Name +
					" has NULL in each other unique key, or is missing"
			}
			all = append(all, LiteralReference{
				Table: t.Name, Columns: ref.fk.Columns, Parent: ref.parent.Name,
				Rows: ref.literal, Why: why,
			})
		}
	}
	return all
}
