package schema

import "slices"

// ParentsFirst orders tables so that every table comes after the tables to which its foreign keys
// refer. Otherwise it keeps the given order. cyclic reports that a foreign key refers to its own
// table or to a later one, so that the rows can only be inserted with deferred foreign keys.
func ParentsFirst(tables []*Table) (ordered []*Table, cyclic bool) {
	left := slices.Clone(tables)
	for len(left) > 0 {
		i := slices.IndexFunc(left, func(t *Table) bool { return !waits(t, left) })
		if i < 0 {
			i, cyclic = 0, true
		}
		cyclic = cyclic || refersTo(left[i], left[i])
		ordered = append(ordered, left[i])
		left = slices.Delete(left, i, i+1)
	}
	return ordered, cyclic
}

// waits reports whether t refers to another table in left.
func waits(t *Table, left []*Table) bool {
	return slices.ContainsFunc(left, func(other *Table) bool {
		return other != t && refersTo(t, other)
	})
}

func refersTo(child, parent *Table) bool {
	return slices.ContainsFunc(child.ForeignKeys, func(fk ForeignKey) bool {
		return fk.Parent == parent.Name
	})
}
