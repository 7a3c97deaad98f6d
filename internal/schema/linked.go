package schema

import "slices"

// Linked returns the columns of a table that belong to its foreign keys or that foreign keys refer
// to, in alphabetical order.
func (s *Schema) Linked(t *Table) []string {
	var linked []string
	for _, child := range s.Tables {
		for _, fk := range child.ForeignKeys {
			if child == t {
				linked = append(linked, fk.Columns...)
			}
			if s.Table(fk.Parent) == t {
				linked = append(linked, fk.ParentColumns...)
			}
		}
	}
	for i, name := range linked {
		if c, ok := t.Column(name); ok {
			linked[i] = c.Name
		}
	}
	slices.Sort(linked)
	return slices.Compact(linked)
}
