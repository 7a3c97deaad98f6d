package generate

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/seedkit/seedkit/internal/model"
	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/sqltext"
)

// checkForeignKeys finds references to missing rows. COMMIT would refuse them without naming them.
// If the writer keeps going, the error is errAgain after checkForeignKeys has refused the rows.
func (w *writer) checkForeignKeys() error {
	if len(w.mistakes.errs) > 0 && !w.keepGoing {
		return nil // other rows may refer to a refused row
	}
	sound, err := json.Marshal(w.soundTables())
	if err != nil {
		return err
	}
	dangling := false
	const violations = `SELECT "table", parent, fkid, count(*)
		FROM pragma_table_list AS t, pragma_foreign_key_check(t.name)
		WHERE t.schema = 'main' AND t.name NOT IN (SELECT value FROM json_each(?))
		GROUP BY 1, 2, 3 ORDER BY 1, 3 DESC`
	for found, err := range w.scratch.c.Query(violations, string(sound)) {
		if err != nil {
			return fmt.Errorf("check foreign keys: %w", err)
		}
		n := 0
		if t := w.model.Table(found.Text(0)); t != nil {
			keys := t.Schema.ForeignKeys // ids count from the last key
			n, err = w.noteDangling(t, keys[len(keys)-1-int(found.Int64(2))])
		}
		if err == nil && n == 0 && !dangling {
			err = fmt.Errorf("table %s refers to rows of table %s that are not there, %d in all",
				found.Text(0), found.Text(1), found.Int64(3))
		}
		if err != nil {
			return err
		}
		dangling = true
	}
	if dangling && w.keepGoing {
		return errAgain
	}
	return nil
}

// noteDangling refuses the rows that refer to a missing row. It returns their number.
func (w *writer) noteDangling(t *model.Table, fk schema.ForeignKey) (refused int, err error) {
	columns, ok := t.Indexes(fk.Columns)
	parent := w.model.Table(fk.Parent)
	if !ok {
		return 0, nil
	}
	find := fmt.Sprintf("SELECT count(*) FROM %s WHERE (%s) = (?%s)",
		quote(fk.Parent), sqltext.QuoteIdents(fk.ParentColumns),
		strings.Repeat(", ?", len(columns)-1))
	const missing = "%s refers to a row of table %s that is not there"
	for r := range w.plot.rows(t) {
		if r.adopted || r.refused {
			continue
		}
		values, reason := w.drawer.values(r)
		if reason != nil { // the row refers to one that was refused after it
			w.abort(r, reason)
			refused++
			continue
		}
		var key []any
		null := false
		for _, i := range columns {
			key, null = append(key, values[i]), null || values[i].IsNull()
		}
		n := int64(0)
		if parent != nil {
			if n, err = w.scratch.c.Int64(find, key...); err != nil {
				return 0, fmt.Errorf("check the references of %s: %w", r.path(), err)
			}
		}
		if n == 0 && !null {
			refused++
			w.plot.refuse(r)
			w.noteFirst(r, missing, sqltext.QuoteIdents(fk.Columns), fk.Parent)
		}
	}
	return refused, nil
}
