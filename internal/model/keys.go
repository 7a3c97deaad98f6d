package model

import (
	"slices"
)

// ForeignKey is a foreign key whose parent table exists, without generated columns.
type ForeignKey struct {
	Columns       []int
	Parent        *Table
	ParentColumns []int // by the columns, the columns to which they refer
	Inferred      bool  // the schema does not declare the key, its column is only named like one
}

// To returns the column of the parent to which column i refers. ok is false if i is not a column of
// the key.
func (fk *ForeignKey) To(i int) (column int, ok bool) {
	at := slices.Index(fk.Columns, i)
	if at < 0 {
		return 0, false
	}
	return fk.ParentColumns[at], true
}

// resolveKeys gives every column the foreign key that determines its value. If there are several,
// that is the longest, because its choice satisfies the others too.
func (m *Model) resolveKeys(t *Table) {
	for _, s := range t.Schema.ForeignKeys {
		parent := m.Table(s.Parent)
		if parent == nil {
			continue
		}
		columns, ok := t.Indexes(s.Columns)
		parentColumns, okParent := parent.Indexes(s.ParentColumns)
		if !ok || !okParent || len(columns) != len(parentColumns) {
			continue
		}
		t.addKey(&ForeignKey{Columns: columns, Parent: parent, ParentColumns: parentColumns})
	}
	for _, c := range t.Columns {
		if parent := m.namedParent(t, c); parent != nil {
			t.addKey(&ForeignKey{
				Columns: []int{c.Index}, Parent: parent, ParentColumns: []int{parent.ID()},
				Inferred: true,
			})
		} else if parent := m.resembledParent(t, c); parent != nil {
			parent.Referred = parent.Referred || parent != t
			c.Key = &ForeignKey{
				Columns: []int{c.Index}, Parent: parent, ParentColumns: []int{parent.ID()},
				Inferred: true,
			}
		}
	}
}

// References returns the keys of a table, and after them those of columns whose names only resemble
// the name of another table. Only generated values follow the latter.
func (t *Table) References() []*ForeignKey {
	all := slices.Clone(t.Keys)
	for _, c := range t.Columns {
		if c.Key != nil && !slices.Contains(all, c.Key) {
			all = append(all, c.Key)
		}
	}
	return all
}

func (t *Table) addKey(fk *ForeignKey) {
	fk.Parent.Referred = true
	t.Keys = append(t.Keys, fk)
	for _, i := range fk.Columns {
		if c := t.Columns[i]; c.Key == nil || len(c.Key.Columns) < len(fk.Columns) {
			c.Key = fk
		}
	}
}

// Join is a table whose rows are pairs of a row of one table and a row of another.
type Join struct {
	Table    *Table
	From, To *ForeignKey // to the first and to the second of the joined tables
}

// Joins returns the joins of two tables. A join has two foreign keys. If there is a join without
// other columns that a row must give, only such joins count. Times are generated, so a row need not
// give them, nor the columns that gives reports, if gives is not nil. If both foreign keys refer to
// the same table, From is the first. No table joins itself: a user with a role and a manager joins
// no manager with a role.
func (m *Model) Joins(from, to *Table, gives func(*Column) bool) (joins []Join) {
	lacks := func(c *Column) bool { return mustBeGiven(c) && (gives == nil || !gives(c)) }
	var wide []Join
	for _, t := range m.Tables {
		j, ok := t.join(from, to)
		switch {
		case !ok, t == from, t == to:
		case slices.ContainsFunc(t.Columns, lacks):
			wide = append(wide, j)
		default:
			joins = append(joins, j)
		}
	}
	if len(joins) == 0 {
		return wide
	}
	return joins
}

// join returns the join of two tables that a table is. Keys that are not declared count only if one
// of the two is not.
func (t *Table) join(from, to *Table) (j Join, ok bool) {
	inferred := func(fk *ForeignKey) bool { return fk.Inferred }
	keys := slices.DeleteFunc(slices.Clone(t.Keys), inferred)
	if len(keys) < 2 {
		keys = t.Keys
	}
	if len(keys) != 2 {
		return j, false
	}
	a, b := keys[0], keys[1]
	switch {
	case a.Parent == from && b.Parent == to:
		return Join{t, a, b}, true
	case b.Parent == from && a.Parent == to:
		return Join{t, b, a}, true
	}
	return j, false
}

// mustBeGiven reports whether a row must give a column that is not part of the joined keys.
func mustBeGiven(c *Column) bool {
	return c.Key == nil && c.NotNull && c.Default == "" && !c.Primary && !c.Datetime
}
