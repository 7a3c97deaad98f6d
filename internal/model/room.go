package model

import "slices"

// Room returns the greatest number of rows that a table can have, and the columns of the unique key
// that sets this limit: each has only a few values. Without columns, the key is a constant. ok is
// false if there is no limit.
func (t *Table) Room() (rows int, columns []int, ok bool) {
	const many = 1 << 30
	for _, u := range t.Uniques {
		if u.Within != "" || u.Nulls && len(u.Columns) > 0 {
			continue
		}
		n := 1
		for _, i := range u.Columns {
			c := t.Columns[i]
			if len(c.Choices) == 0 || !c.NotNull && !c.Primary || n > many/len(c.Choices) {
				n = 0
				break
			}
			n *= different(c)
		}
		if n > 0 && (!ok || n < rows) {
			rows, columns, ok = n, u.Columns, true
		}
	}
	return rows, columns, ok
}

// different returns the number of different values among a column's choices.
func different(c *Column) int {
	var keys []string
	for _, v := range c.Choices {
		keys = append(keys, string(v.AppendKey(nil)))
	}
	slices.Sort(keys)
	return len(slices.Compact(keys))
}
