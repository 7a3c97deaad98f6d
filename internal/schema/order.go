package schema

import "slices"

// ParentsFirst orders tables so that each comes after the tables that its
// foreign keys refer to; where that leaves a choice, in the given order.
// cyclic reports that some reference points to the same table or ahead, so
// that the rows can only be inserted with foreign keys deferred.
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

// waits reports whether t refers to another of the tables that are left.
func waits(t *Table, left []*Table) bool {
	return slices.ContainsFunc(left, func(other *Table) bool { return other != t && refersTo(t, other) })
}

func refersTo(child, parent *Table) bool {
	return slices.ContainsFunc(child.ForeignKeys, func(fk ForeignKey) bool { return fk.Parent == parent.Name })
}
