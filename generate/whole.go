package generate

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/sqltext"
)

// checkWhole refuses fixtures that would add rows to those of the baseline, for the tables of which
// a set has all rows. It runs after the fixtures have adopted rows.
func (e *engine) checkWhole(sets []Set) error {
	for _, set := range sets {
		for _, name := range set.Whole {
			t := e.table(name)
			if t == nil || t.baseline == 0 {
				continue
			}
			for _, r := range t.rows {
				if r.adopted || r.refused {
					continue
				}
				there, err := e.baselineNames(r)
				if err != nil {
					return fmt.Errorf("read the baseline of %s: %w", t.Name, err)
				}
				e.mistake(r.template.at, r.path,
					"the schema's scripts have rows of %s already (%s), and the set %s does not "+
						"add to them", t.Name, there, set.Name)
			}
		}
	}
	return errors.Join(e.errs...)
}

// baselineNames lists the rows of the baseline by the unique key of which a fixture gives the
// values, but for the primary key if there is another.
func (e *engine) baselineNames(r *row) (string, error) {
	t := r.table
	by := t.Key()
	for _, u := range t.Uniques {
		columns := t.indexes(u.Columns)
		if columns == nil {
			continue
		}
		if _, ok := e.knownAll(r, columns); ok && !slices.Equal(u.Columns, t.PrimaryKey) {
			by = u.Columns
			break
		}
	}
	if len(by) == 0 {
		return fmt.Sprintf("%d rows", t.baseline), nil
	}
	const most = 10
	var names []string
	sql := fmt.Sprintf("SELECT %s FROM %s NOT INDEXED LIMIT %d",
		sqltext.QuoteIdents(by), quote(t.Name), most)
	for there, err := range e.c.Query(sql) {
		if err != nil {
			return "", err
		}
		names = append(names, nameText(there.Values()))
	}
	if t.baseline > most {
		names = append(names, fmt.Sprintf("and %d more", t.baseline-most))
	}
	return strings.Join(names, ", "), nil
}

// nameText shows the values of a key.
func nameText(values []sqlite.Value) string {
	texts := make([]string, len(values))
	for i, v := range values {
		texts[i] = fmt.Sprintf("%q", v.Data())
		if v.Kind() == sqlite.Integer {
			texts[i] = fmt.Sprint(v.Int64())
		}
	}
	return strings.Join(texts, " ")
}
