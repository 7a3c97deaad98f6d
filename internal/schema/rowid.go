package schema

import "slices"

// RowidName returns a name for the rowid that no column of the table has
// (https://sqlite.org/lang_createtable.html#rowid), ready for SQL; "" if there
// is none, or no rowid.
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
