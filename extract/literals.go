package extract

import (
	"slices"

	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/sqlite"
)

// LiteralReference is a foreign key that [Natural] leaves a literal in some rows. Where a parent
// has another id, such a row refers to another parent.
type LiteralReference struct {
	Table   string   `json:"table"`
	Columns []string `json:"columns"`
	Parent  string   `json:"parent"`
	Rows    int64    `json:"rows"`
	Why     string   `json:"why"`
}

// noteLiterals counts the references of a row that are written as literals; with only, those that
// have a column at one of these places. Sub-selects write the natural key of a parent: its own
// references count here if the parent's rows are not written.
func (r *run) noteLiterals(t *schema.Table, row []sqlite.Value, only []int) error {
	for _, ref := range r.keys[t] {
		inside := func(at int) bool { return slices.Contains(only, at) }
		if ref.isNull(row) || only != nil && !slices.ContainsFunc(ref.at, inside) {
			continue
		}
		to, err := ref.lead(row)
		switch {
		case err != nil:
			return err
		case to == nil:
			ref.literal++
		case !slices.Contains(r.tables, ref.parent):
			if err := r.noteLiterals(ref.parent, to.row, to.key); err != nil {
				return err
			}
		}
	}
	return nil
}

// literals lists the references that were written as literals, by the order of the tables.
func (r *run) literals() (all []LiteralReference) {
	for _, t := range r.seed.Schema.Tables {
		for _, ref := range r.keys[t] {
			if ref.literal == 0 {
				continue
			}
			why := ref.why
			if why == "" {
				why = "there, a row of " + ref.parent.Name + " has NULL in each other unique key, or is missing"
			}
			all = append(all, LiteralReference{
				Table: t.Name, Columns: ref.fk.Columns, Parent: ref.parent.Name, Rows: ref.literal, Why: why,
			})
		}
	}
	return all
}
