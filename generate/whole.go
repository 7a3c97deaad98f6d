package generate

import (
	"fmt"
	"slices"
	"strings"

	"github.com/seedkit/seedkit/internal/model"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/sqltext"
)

// checkWhole refuses fixtures that would add rows to the baseline's, in the tables of [Set.Whole].
// It runs after the fixtures have adopted rows.
func (a *adopter) checkWhole(
	sets []Set, m *model.Model, baselines map[*model.Table]*baseline,
) error {
	for _, set := range sets {
		for _, name := range set.Whole {
			t := m.Table(name)
			if t == nil || baselines[t].rows == 0 {
				continue
			}
			for r := range a.plot.rows(t) {
				if r.adopted || r.refused {
					continue
				}
				there, err := a.baselineNames(r, baselines[t].rows)
				if err != nil {
					return fmt.Errorf("read the baseline of %s: %w", t.Name, err)
				}
				a.mistakes.add(r.template.at, r.path(),
					"the schema's scripts have rows of %s already (%s), "+
						"and the set %s does not add to them", t.Name, there, set.Name)
			}
		}
	}
	return a.mistakes.err()
}

// baselineNames lists the rows of the baseline by a unique key whose values a fixture gives. It
// uses the primary key only if there is no other.
func (a *adopter) baselineNames(r *row, rows int64) (string, error) {
	t := r.table
	by := t.Identity
	for _, u := range t.Uniques {
		_, ok, err := a.knownKey(r, u)
		if err != nil {
			return "", err
		}
		primary := slices.Equal(t.ColumnNames(u.Columns), t.Schema.PrimaryKey)
		if ok && !primary {
			by = u.Columns
			break
		}
	}
	if len(by) == 0 {
		return fmt.Sprintf("%d rows", rows), nil
	}
	const most = 10
	var names []string
	sql := fmt.Sprintf("SELECT %s FROM %s NOT INDEXED LIMIT %d",
		sqltext.QuoteIdents(t.ColumnNames(by)), quote(t.Name), most)
	for there, err := range a.c.Query(sql) {
		if err != nil {
			return "", err
		}
		names = append(names, nameText(there.Values()))
	}
	if rows > most {
		names = append(names, fmt.Sprintf("and %d more", rows-most))
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
