package generate

import (
	"fmt"
	"strings"

	"github.com/seedkit/seedkit/internal/model"
	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/sqltext"
)

// checkForeignKeys finds references to missing rows. COMMIT would refuse them without naming them.
func (w *writer) checkForeignKeys() error {
	if len(w.mistakes.errs) > 0 {
		return nil // other rows may refer to a refused row
	}
	const violations = `SELECT "table", parent, fkid, count(*)
		FROM pragma_foreign_key_check GROUP BY 1, 2, 3 ORDER BY 1, 3 DESC`
	for found, err := range w.scratch.c.Query(violations) {
		if err != nil {
			return fmt.Errorf("check foreign keys: %w", err)
		}
		noted := len(w.mistakes.errs)
		if t := w.model.Table(found.Text(0)); t != nil {
			keys := t.Schema.ForeignKeys // ids count from the last key
			err = w.noteDangling(t, keys[len(keys)-1-int(found.Int64(2))])
		}
		if err == nil && len(w.mistakes.errs) == noted {
			err = fmt.Errorf("table %s refers to rows of table %s that are not there, %d in all",
				found.Text(0), found.Text(1), found.Int64(3))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// noteDangling records the fixtures with rows that refer to a missing row.
func (w *writer) noteDangling(t *model.Table, fk schema.ForeignKey) error {
	columns, ok := t.Indexes(fk.Columns)
	parent := w.model.Table(fk.Parent)
	if !ok || parent == nil {
		return nil
	}
	find := fmt.Sprintf("SELECT count(*) FROM %s WHERE (%s) = (?%s)",
		quote(parent.Name), sqltext.QuoteIdents(fk.ParentColumns),
		strings.Repeat(", ?", len(columns)-1))
	for _, r := range w.plot.rows[t.Name] {
		if r.adopted || w.refused[r.template] {
			continue
		}
		var key []any
		null := false
		for _, i := range columns {
			v := w.drawer.cell(r, i)
			key, null = append(key, v), null || v.IsNull()
		}
		n, err := w.scratch.c.Int64(find, key...)
		if err != nil {
			return fmt.Errorf("check the references of %s: %w", r.path, err)
		}
		if n == 0 && !null {
			w.refused[r.template] = true
			w.mistakes.add(r.template.at, r.path,
				"%s refers to a row of table %s that is not there",
				sqltext.QuoteIdents(fk.Columns), parent.Name)
		}
	}
	return nil
}
