package starter

import (
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/seedkit/seedkit/internal/model"
	"github.com/seedkit/seedkit/internal/sqlite"
)

// This file takes a row with the rows to which it refers.

// A reference is what a foreign key says: the values of the parent's columns.
type reference struct {
	table   *model.Table
	columns string
	key     string
}

// keysOf returns the references by which other rows can refer to a row.
func keysOf(r *row) iter.Seq[reference] {
	return func(yield func(reference) bool) {
		for _, u := range r.table.Uniques {
			key, whole := keyOf(r, u.Columns)
			if whole && u.Within == "" &&
				!yield(reference{r.table, fmt.Sprint(u.Columns), key}) {
				return
			}
		}
	}
}

// keyOf returns the values of columns as a key of a map. whole is false if one of them is NULL.
func keyOf(r *row, columns []int) (key string, whole bool) {
	var text []byte
	for _, i := range columns {
		if !r.values[i].given || r.values[i].IsNull() {
			return "", false
		}
		text = r.values[i].AppendKey(text)
	}
	return string(text), true
}

// try takes a row and the rows to which it refers, or none of them. It returns why it takes none,
// or nil.
func (t *taker) try(r *row) (why *PassedOver, err error) {
	why, err = t.resolve(r)
	if why != nil || err != nil {
		t.trial = nil
		return why, err
	}
	for _, r := range slices.Backward(t.trial) { // parents first, as far as that is possible
		t.add(r)
	}
	t.trial = nil
	return nil, nil
}

// resolve adds a row to the trial, with the rows to which it refers. It returns why it adds none,
// or nil. Where tables refer to each other in a ring, a reference that may be NULL becomes NULL if
// its row cannot be taken.
func (t *taker) resolve(r *row) (why *PassedOver, err error) {
	if !isText(r) {
		return &PassedOver{Table: r.table.Name, Why: NotText}, nil
	}
	begin := len(t.trial)
	t.trial = append(t.trial, r)
	for _, fk := range r.table.Keys {
		key, whole := keyOf(r, fk.Columns)
		if !whole {
			continue
		}
		inRing := fk.Parent != r.table && !t.isDone(fk.Parent)
		parent, why, err := t.parent(fk, r, key)
		if err != nil {
			return nil, err
		}
		optional := optionalColumns(r.table, fk)
		switch {
		case parent != nil && decides(r.table, fk):
			r.values[fk.Columns[0]].parent = parent
		case parent != nil, fk.Inferred && why.Why == ParentMissing:
		case inRing && !fk.Inferred && len(optional) > 0:
			for _, i := range optional {
				r.values[i] = value{Value: sqlite.Value{}, given: true}
			}
			r.emptied = append(r.emptied, optional[0])
		default:
			t.trial = t.trial[:begin]
			return why, nil
		}
	}
	return nil, nil
}

// decides reports whether a reference by a foreign key alone gives the value of a column.
func decides(table *model.Table, fk *model.ForeignKey) bool {
	return len(fk.Columns) == 1 && table.Columns[fk.Columns[0]].Key == fk
}

func (t *taker) isDone(table *model.Table) bool {
	stored := t.stored[table]
	return stored == nil || stored.done
}

// optionalColumns returns the columns of a foreign key that may be NULL and belong to no other key.
func optionalColumns(table *model.Table, fk *model.ForeignKey) (columns []int) {
	for _, i := range fk.Columns {
		c := table.Columns[i]
		shared := slices.ContainsFunc(table.Keys, func(other *model.ForeignKey) bool {
			return other != fk && slices.Contains(other.Columns, i)
		})
		if !c.NotNull && !c.Primary && !shared {
			columns = append(columns, i)
		}
	}
	return columns
}

// parent returns the row to which a row refers by a foreign key, if that row is taken. A row of the
// same table, or of one that comes later because tables refer to each other in a ring, is taken
// now, if its table's limit allows that. Without a parent, parent returns why.
func (t *taker) parent(
	fk *model.ForeignKey, child *row, key string,
) (found *row, why *PassedOver, err error) {
	ref := reference{fk.Parent, fmt.Sprint(fk.ParentColumns), key}
	if found := t.found[ref]; found != nil {
		return found, nil, nil
	}
	for _, r := range t.trial {
		if own, whole := keyOf(r, fk.ParentColumns); r.table == fk.Parent && whole && own == key {
			return r, nil, nil
		}
	}
	why = &PassedOver{Table: child.table.Name, Parent: fk.Parent.Name, Why: ParentMissing}
	if slices.Contains(t.leftOut, fk.Parent.Name) {
		why.Why = ParentLeftOut
		return nil, why, nil
	}
	r, err := t.find(fk, child)
	if r == nil || err != nil {
		return nil, why, err
	}
	why.Why = ParentLeftOut
	if taken := t.taken[r.source]; taken != nil {
		return taken, nil, nil
	}
	for _, other := range t.trial {
		if other.source == r.source {
			return other, nil, nil
		}
	}
	if t.isDone(fk.Parent) || t.without[r.source] || t.isFull(fk.Parent) {
		return nil, why, nil
	}
	if inner, err := t.resolve(r); inner != nil || err != nil {
		return nil, why, err
	}
	return r, nil, nil
}

// isFull reports whether the rows that are taken or on trial are as many as the limit of the table.
func (t *taker) isFull(table *model.Table) bool {
	n := len(t.rows[table])
	for _, r := range t.trial {
		if r.table == table {
			n++
		}
	}
	return n >= t.stored[table].limit
}

// find reads the row to which a row refers by a foreign key. It returns nil if there is none.
func (t *taker) find(fk *model.ForeignKey, child *row) (found *row, err error) {
	lookup, err := t.lookup(fk)
	if lookup == nil || err != nil {
		return nil, err
	}
	key := make([]any, len(fk.Columns))
	for at, i := range fk.Columns {
		key[at] = child.values[i].Value
	}
	for stmt, err := range lookup.Rows(key...) {
		if err != nil {
			return nil, err
		}
		return t.stored[fk.Parent].read(fk.Parent, stmt), nil
	}
	return nil, nil
}

// lookup returns the statement that reads the row to which a foreign key refers, or nil if the
// database does not have the parent's columns.
func (t *taker) lookup(fk *model.ForeignKey) (*sqlite.Stmt, error) {
	if stmt, ok := t.lookups[fk]; ok {
		return stmt, nil
	}
	t.lookups[fk] = nil
	stored := t.stored[fk.Parent]
	if stored == nil {
		return nil, nil
	}
	var where []string
	for _, i := range fk.ParentColumns {
		if !slices.Contains(stored.columns, i) {
			return nil, nil
		}
		where = append(where, quote(fk.Parent.Columns[i].Name)+" = ?")
	}
	stmt, err := t.c.PrepareOne(stored.query(fk.Parent) + " WHERE " + strings.Join(where, " AND ") +
		" LIMIT 1")
	t.lookups[fk] = stmt
	return stmt, err
}
