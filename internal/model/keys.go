package model

import "slices"

// ForeignKey is a foreign key whose parent table exists, without generated columns.
type ForeignKey struct {
	Columns       []int
	Parent        *Table
	ParentColumns []int // by the columns, the columns to which they refer
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
		fk := &ForeignKey{columns, parent, parentColumns}
		parent.Referred = true
		t.Keys = append(t.Keys, fk)
		for _, i := range fk.Columns {
			if c := t.Columns[i]; c.Key == nil || len(c.Key.Columns) < len(fk.Columns) {
				c.Key = fk
			}
		}
	}
}

// Join is a table whose rows are pairs of a row of one table and a row of another.
type Join struct {
	Table    *Table
	From, To *ForeignKey // to the first and to the second of the joined tables
}

// Joins returns the joins of two tables. A join has two foreign keys, and no other column that a
// row must give, except for timestamps and for columns that gives reports, if it is not nil. If both
// foreign keys refer to the same table, From is the first.
func (m *Model) Joins(from, to *Table, gives func(*Column) bool) (joins []Join) {
	lacks := func(c *Column) bool { return mustBeGiven(c) && (gives == nil || !gives(c)) }
	for _, t := range m.Tables {
		if len(t.Keys) != 2 || slices.ContainsFunc(t.Columns, lacks) {
			continue
		}
		a, b := t.Keys[0], t.Keys[1]
		switch {
		case a.Parent == from && b.Parent == to:
			joins = append(joins, Join{t, a, b})
		case b.Parent == from && a.Parent == to:
			joins = append(joins, Join{t, b, a})
		}
	}
	return joins
}

// mustBeGiven reports whether a row must give a column that is not part of the joined keys.
func mustBeGiven(c *Column) bool {
	return c.Key == nil && c.NotNull && c.Default == "" && !c.Primary && !c.Datetime
}
