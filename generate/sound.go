package generate

import (
	"slices"
	"strings"

	"github.com/seedkit/seedkit/internal/model"
	"github.com/seedkit/seedkit/internal/schema"
)

// soundTables returns the names of the tables whose references need no check, because each of them
// is NULL or a copy of a key that is inserted. A trigger could change either, so there are no such
// tables in a schema with triggers.
func (w *writer) soundTables() (names []string) {
	names = []string{}
	for _, t := range w.model.Tables {
		if len(t.Schema.Triggers) > 0 {
			return []string{}
		}
		if w.isSound(t) {
			names = append(names, t.Name)
		}
	}
	return names
}

// isSound reports whether all references in a table's rows are copies of keys that are inserted, if
// there are no triggers. The rows of the baseline are none of ours.
func (w *writer) isSound(t *model.Table) bool {
	if w.drawer.parents.baselines[t].rows > 0 {
		return false
	}
	declared := 0
	for _, fk := range t.Keys {
		if fk.Inferred {
			continue
		}
		declared++
		if w.plot.anyRefused(fk.Parent) || !isKey(fk) {
			return false
		}
		for _, template := range w.plot.templates[t] {
			if !template.copies(fk) {
				return false
			}
		}
	}
	return declared == len(t.Schema.ForeignKeys) // the others are not in the model
}

// isKey reports whether SQLite surely accepts the columns that a foreign key refers to as a key. It
// accepts an index of CREATE INDEX only with the collating sequences of the columns.
func isKey(fk *model.ForeignKey) bool {
	columns := fk.Parent.ColumnNames(fk.ParentColumns)
	return slices.ContainsFunc(fk.Parent.Schema.Uniques, func(u schema.Unique) bool {
		declared := u.Index == "" || strings.HasPrefix(u.Index, "sqlite_autoindex_")
		return declared && slices.Equal(u.Columns, columns)
	})
}

// copies reports whether the rows of a template copy a foreign key from rows of fixtures or of the
// baseline, and whether SQLite converts the copy as it converts the key.
func (t *template) copies(fk *model.ForeignKey) bool {
	if len(fk.Columns) > 1 {
		return false // each column could be a copy from another row
	}
	c, to := t.table.Columns[fk.Columns[0]], fk.ParentColumns[0]
	const anyType = "ANY" // converts nothing in a STRICT table only
	alike := schema.AffinityOf(c.Type) == schema.AffinityOf(fk.Parent.Columns[to].Type)
	if !alike || strings.EqualFold(c.Type, anyType) {
		return false
	}
	switch s := t.sources[c.Index]; s.kind {
	case given:
		return s.value.IsNull()
	case referred:
		return s.ref.table == fk.Parent.Name && s.column == to
	case inherited:
		return t.parent.table == fk.Parent && s.column == to
	case absent:
		return c.Key == fk && c.Default == ""
	}
	return false
}
