package extract

import (
	"slices"

	"github.com/seedkit/seedkit/internal/schema"
)

// secrets returns the written columns whose names say that they hold secrets, as TABLE.COLUMN, in
// the order of the tables.
func (r *run) secrets(written []TableReport) []string {
	var found []string
	for _, t := range r.tables {
		hasRows := func(w TableReport) bool { return w.Table == t.Name && w.Rows > 0 }
		if !slices.ContainsFunc(written, hasRows) {
			continue
		}
		for _, column := range t.Stored() {
			if schema.IsSecret(column) {
				found = append(found, t.Name+"."+column)
			}
		}
	}
	return found
}
