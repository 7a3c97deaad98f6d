package extract

import (
	"github.com/seedkit/seedkit/internal/portable"

	"fmt"
	"slices"

	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/sqltext"
)

// naturalKeys holds for each table the references to write as sub-selects.
type naturalKeys map[*schema.Table][]*reference

// reference is a foreign key whose parent has a natural key.
type reference struct {
	fk     schema.ForeignKey
	at     []int // The positions of the foreign key's columns in a row of the child.
	parent *schema.Table
	key    []int        // The positions of the natural key's columns in a row of the parent.
	query  *sqlite.Stmt // Finds the seed's parent row by the columns referred to.
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
			if parent == nil || !slices.Contains(ordered[:i], parent) {
				continue
			}
			if key := naturalKey(parent, fk.ParentColumns); key != nil {
				if err := r.addReference(t, fk, parent, key); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// naturalKey returns a unique key of the parent that cannot hold NULL and is neither the key
// referred to nor the primary key. It returns nil if there is none.
func naturalKey(parent *schema.Table, referred []string) []string {
	for _, u := range parent.Uniques {
		notNull := !slices.ContainsFunc(u.Columns, func(name string) bool {
			c, _ := parent.Column(name)
			return !c.NotNull || c.Generated
		})
		if notNull && !slices.Equal(u.Columns, referred) && !slices.Equal(u.Columns, parent.PrimaryKey) {
			return u.Columns
		}
	}
	return nil
}

func (r *run) addReference(t *schema.Table, fk schema.ForeignKey, parent *schema.Table, key []string) error {
	query, err := r.seed.Conn.PrepareOne(byKey(parent.Name, parent.Stored(), fk.ParentColumns))
	if err != nil {
		return fmt.Errorf("look up rows of %s: %w", parent.Name, err)
	}
	at, _ := schema.Positions(t.Stored(), fk.Columns)
	keyAt, _ := schema.Positions(parent.Stored(), key)
	r.keys[t] = append(r.keys[t], &reference{
		fk: fk, at: at, parent: parent, key: keyAt, query: query,
	})
	return nil
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
	ref, parent, err := r.referred(t, row, i)
	if err != nil {
		return nil, err
	}
	if parent != nil {
		return r.appendSubselect(dst, ref, parent, slices.Index(ref.at, i))
	}
	return r.appendSafely(dst, row[i]), nil
}

// referred returns the reference that a value is part of, and the parent row with the natural key.
// It returns nil if the value must be a literal.
func (r *run) referred(t *schema.Table, row []sqlite.Value, i int) (*reference, []sqlite.Value, error) {
	for _, ref := range r.keys[t] {
		if !slices.Contains(ref.at, i) || row[i].IsNull() {
			continue
		}
		// nil if the seed has no such row
		parent, err := firstRow(ref.query, sqlite.Pick(row, ref.at))
		if parent != nil || err != nil {
			return ref, parent, err
		}
	}
	return nil, nil, nil
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

// appendSubselect appends a sub-select for the n-th column that a reference refers to. The
// sub-select finds the parent row by its natural key, which may contain sub-selects in turn.
func (r *run) appendSubselect(dst []byte, ref *reference, parent []sqlite.Value, n int) ([]byte, error) {
	dst = fmt.Appendf(dst, "(SELECT %s FROM %s WHERE ", sqltext.QuoteIdent(ref.fk.ParentColumns[n]), sqltext.QuoteIdent(ref.parent.Name))
	stored := ref.parent.Stored()
	var err error
	for i, at := range ref.key {
		if i > 0 {
			dst = append(dst, " AND "...)
		}
		dst = fmt.Appendf(dst, "%s = ", sqltext.QuoteIdent(stored[at]))
		if dst, err = r.appendCell(dst, ref.parent, parent, at); err != nil {
			return nil, err
		}
	}
	return append(dst, ')'), nil
}
