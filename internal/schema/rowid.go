package schema

import "slices"

// RowidName returns a name of the rowid that is not the name of a column
// (https://sqlite.org/lang_createtable.html#rowid), ready for SQL. It returns "" if all names
// belong to columns or if the table has no rowid.
func (t *Table) RowidName() string {
	if t.WithoutRowid {
		return ""
	}
	for _, name := range []string{"rowid", "_rowid_", "oid"} {
		if !slices.ContainsFunc(t.Columns, func(c Column) bool { return fold(c.Name) == name }) {
			return name
		}
	}
	return ""
}
