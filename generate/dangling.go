package generate

import (
	"fmt"
	"strings"

	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/sqltext"
)

// checkForeignKeys finds references to missing rows. COMMIT would refuse them without naming them.
func (e *engine) checkForeignKeys() error {
	if len(e.errs) > 0 {
		return nil // other rows may refer to a refused row
	}
	const violations = `SELECT "table", parent, fkid, count(*)
		FROM pragma_foreign_key_check GROUP BY 1, 2, 3 ORDER BY 1, 3 DESC`
	for found, err := range e.c.Query(violations) {
		if err != nil {
			return fmt.Errorf("check foreign keys: %w", err)
		}
		noted := len(e.errs)
		if t := e.byName[found.Text(0)]; t != nil {
			// ids count from the last key
			err = e.noteDangling(t, t.ForeignKeys[len(t.ForeignKeys)-1-int(found.Int64(2))])
		}
		if err == nil && len(e.errs) == noted {
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
func (e *engine) noteDangling(t *table, fk schema.ForeignKey) error {
	columns, parent := t.indexes(fk.Columns), e.table(fk.Parent)
	if columns == nil || parent == nil {
		return nil
	}
	find := fmt.Sprintf("SELECT count(*) FROM %s WHERE (%s) = (?%s)",
		quote(parent.Name), sqltext.QuoteIdents(fk.ParentColumns),
		strings.Repeat(", ?", len(columns)-1))
	for _, r := range t.rows {
		if r.adopted || r.template.refused {
			continue
		}
		var key []any
		null := false
		for _, i := range columns {
			v := e.cell(r, i)
			key, null = append(key, v), null || v.IsNull()
		}
		n, err := e.c.Int64(find, key...)
		if err != nil {
			return fmt.Errorf("check the references of %s: %w", r.path, err)
		}
		if n == 0 && !null {
			r.template.refused = true
			e.mistake(r.template.at, r.path, "%s refers to a row of table %s that is not there",
				sqltext.QuoteIdents(fk.Columns), parent.Name)
		}
	}
	return nil
}
