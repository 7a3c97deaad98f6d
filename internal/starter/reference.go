package starter

import (
	"slices"

	"github.com/seedkit/seedkit/internal/model"
	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/sqlite"
)

// referenceNames are the last words in the names of tables whose rows every copy of an app needs.
var referenceNames = []string{
	"categories", "category", "countries", "country", "currencies", "currency", "feature",
	"features", "language", "languages", "locale", "locales", "permission", "permissions", "plan",
	"plans", "role", "roles", "status", "statuses", "type", "types", "unit", "units",
}

// findReference finds the tables of the set reference: those into which the schema's scripts insert
// rows and, if named is set, those with such a name. A table that refers to another one belongs to
// the set only if the other one does.
func (t *taker) findReference(scripts *sqlite.Conn, tables []*model.Table, named bool) error {
	for _, table := range tables {
		rows, err := scripts.Int64("SELECT EXISTS (SELECT 1 FROM " + quote(table.Name) + ")")
		if err != nil {
			return err
		}
		words := schema.Words(table.Name)
		joins := len(table.Keys) == 2 && isPure(table)
		isNamed := len(words) > 0 && slices.Contains(referenceNames, words[len(words)-1])
		t.reference[table] = (rows == 1 || named && (isNamed || joins)) &&
			!slices.ContainsFunc(table.Keys, func(fk *model.ForeignKey) bool {
				return fk.Parent != table && !t.reference[fk.Parent]
			})
	}
	return nil
}

// isPure reports whether a table has no columns but those of its foreign keys.
func isPure(table *model.Table) bool {
	for _, c := range table.Columns {
		if c.Key == nil {
			return false
		}
	}
	return true
}
