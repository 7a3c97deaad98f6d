package generate

import (
	"fmt"
	"slices"

	"github.com/seedkit/seedkit/internal/migration"
	"github.com/seedkit/seedkit/internal/model"
	"github.com/seedkit/seedkit/internal/pattern"
	"github.com/seedkit/seedkit/internal/sqlite"
)

// Rows asks for rows that no fixture declares. Their paths are such as User/rows#3, so a higher N
// adds rows and changes no other row, except for references that generate chooses.
type Rows struct {
	// Table is the name of a table, or a pattern such as auth_*. The last Rows that match a table
	// count. A pattern with * or ? leaves out the tables that a fixture names.
	Table string
	// N is the number of rows. A table that these rows must refer to gets rows as well, unless it
	// has some or Rows name it.
	N int
}

// LeftOut is a table, or a part of its rows, that Write leaves out.
type LeftOut struct {
	Table string `json:"table"`
	Path  string `json:"path,omitempty"` // of the first row; empty for the whole table
	Rows  int64  `json:"rows,omitempty"` // the number of rows; 0 for the whole table
	Why   string `json:"why"`
}

// asker finds the tables that Options.Rows mean.
type asker struct {
	model    *model.Model
	asked    []Rows
	patterns []pattern.Pattern // by asked
	fixtures map[*model.Table]bool
	baseline map[*model.Table]int64
	counts   map[*model.Table]int // the numbers of rows to make
	named    map[*model.Table]bool
	leftOut  []LeftOut
}

// newAsker checks the patterns. templates are those of the fixtures.
func newAsker(c *sqlite.Conn, m *model.Model, asked []Rows, templates []*template) (*asker, error) {
	a := &asker{
		model: m, asked: asked, fixtures: map[*model.Table]bool{},
		baseline: map[*model.Table]int64{}, counts: map[*model.Table]int{},
		named: map[*model.Table]bool{},
	}
	if len(asked) == 0 {
		return a, nil
	}
	each(templates, func(t *template) { a.fixtures[t.table] = true })
	for _, rows := range asked {
		patterns, err := pattern.Parse(rows.Table)
		switch {
		case err != nil:
			return nil, err
		case len(patterns) != 1:
			return nil, fmt.Errorf("rows of %s: want one table or pattern", rows.Table)
		case rows.N < 0:
			return nil, fmt.Errorf("rows of %s: %d rows cannot be", rows.Table, rows.N)
		case rows.N > mostRows:
			return nil, fmt.Errorf("rows of %s: want %d rows at most, not %d", rows.Table, mostRows,
				rows.N)
		}
		a.patterns = append(a.patterns, patterns...)
	}
	for _, t := range m.Tables {
		n, err := countRows(c, t)
		if err != nil {
			return nil, err
		}
		a.baseline[t] = n
	}
	others, err := notTables(c, m)
	if err != nil {
		return nil, err
	}
	names := m.Names()
	for _, o := range others {
		names = append(names, o.Table)
	}
	if err := pattern.CheckAll(a.patterns, "table", names); err != nil {
		return nil, err
	}
	return a, a.exclude(others)
}

// exclude records the views and the like that match. A name without * or ? is an error.
func (a *asker) exclude(others []LeftOut) error {
	for _, o := range others {
		i := a.match(o.Table)
		switch {
		case i < 0 || a.asked[i].N == 0:
		case !a.patterns[i].Wild():
			return fmt.Errorf("rows of %s: %s", o.Table, o.Why)
		default:
			a.leftOut = append(a.leftOut, o)
		}
	}
	return nil
}

// notTables returns what Rows cannot fill: views, virtual tables and the tables of other tools.
func notTables(c *sqlite.Conn, m *model.Model) (others []LeftOut, err error) {
	for _, t := range m.Tables {
		if tool := migration.Keeper(t.Name, t.Schema.ColumnNames()); tool != "" {
			others = append(others, LeftOut{Table: t.Name, Why: tool + " keeps its record there"})
		}
	}
	const views = `SELECT name, type FROM pragma_table_list
		WHERE schema = 'main' AND type IN ('view', 'virtual') ORDER BY name`
	kinds := map[string]string{"view": "a view", "virtual": "a virtual table"}
	for row, err := range c.Query(views) {
		if err != nil {
			return nil, fmt.Errorf("list views: %w", err)
		}
		others = append(others, LeftOut{
			Table: row.Text(0), Why: kinds[row.Text(1)] + " has no rows of its own",
		})
	}
	return others, nil
}

// match returns the index of the last pattern that matches a name, or -1.
func (a *asker) match(name string) int {
	for i, p := range slices.Backward(a.patterns) {
		if p.Match(name) {
			return i
		}
	}
	return -1
}

// declarations returns a declaration for each table that gets rows.
func (a *asker) declarations() (declarations []*declaration) {
	for _, t := range a.model.Tables {
		i := a.match(t.Name)
		if i < 0 || a.patterns[i].Wild() && a.fixtures[t] || isRecord(t) {
			continue
		}
		a.named[t], a.counts[t] = true, a.asked[i].N
		if a.patterns[i].Wild() {
			a.limit(t)
		}
	}
	for a.addParents() {
	}
	for _, t := range a.model.Tables {
		if n := a.counts[t]; n > 0 {
			declarations = append(declarations, &declaration{
				table: t.Name, name: "rows", min: n, max: n, numbered: true,
				spare: a.isSpare(t),
			})
		}
	}
	return declarations
}

// isSpare reports whether the rows of a table are as many as there is room for: those that a
// pattern asks for, if no other row needs them.
func (a *asker) isSpare(t *model.Table) bool {
	i := a.match(t.Name)
	return i >= 0 && a.patterns[i].Wild() && !t.Referred
}

// limit lowers the number of rows of a table to those for which the table has room, such as one row
// of settings.
func (a *asker) limit(t *model.Table) {
	asked := a.counts[t]
	n := a.room(t, asked)
	if n == asked {
		return
	}
	a.counts[t] = n
	most, key, _ := t.Room()
	why := "the table"
	if len(key) > 0 {
		why = columnList(t.ColumnNames(key)) + " must differ from row to row, so the table"
	}
	a.leftOut = append(a.leftOut, LeftOut{
		Table: t.Name, Path: fmt.Sprintf("%s/rows#%d", t.Name, n+1), Rows: int64(asked - n),
		Why: fmt.Sprintf("%s holds at most %d %s", why, most, plural(most)),
	})
}

// room returns the number of rows for which a table has room, of n rows.
func (a *asker) room(t *model.Table, n int) int {
	if most, _, ok := t.Room(); ok {
		return max(min(n, most-int(a.baseline[t])), 0)
	}
	return n
}

// isRecord reports whether a migration tool keeps its record in a table.
func isRecord(t *model.Table) bool {
	return migration.IsBookkeeping(t.Name, t.Schema.ColumnNames())
}

// addParents gives rows to the tables that lack a row to refer to. It reports whether that changed
// a number.
func (a *asker) addParents() (changed bool) {
	for _, t := range slices.Backward(a.model.ParentsFirst()) {
		if a.counts[t] == 0 {
			continue
		}
		for _, fk := range t.Keys {
			to := fk.Parent
			if a.named[to] || a.fixtures[to] || a.baseline[to] > 0 || !mustRefer(t, fk) {
				continue
			}
			if n := a.room(to, parentsFor(t, fk, a.counts[t])); n > a.counts[to] {
				a.counts[to], changed = n, true
			}
		}
	}
	return changed
}

// mustRefer reports whether each row of t needs a row to which fk refers.
func mustRefer(t *model.Table, fk *model.ForeignKey) bool {
	return slices.ContainsFunc(fk.Columns, func(i int) bool {
		c := t.Columns[i]
		return c.Default == "" && (c.NotNull || c.Primary)
	})
}

// fewParents is the number of rows that a table gets for many rows that refer to it.
const fewParents = 10

// parentsFor returns the number of rows to which n rows of t need to refer. A unique key of
// references alone may need as many rows as t has.
func parentsFor(t *model.Table, fk *model.ForeignKey, n int) int {
	for _, u := range t.Uniques {
		refers := func(i int) bool { return t.Columns[i].Key != nil }
		own := func(i int) bool { return slices.Contains(fk.Columns, i) }
		if slices.ContainsFunc(u.Columns, own) &&
			!slices.ContainsFunc(u.Columns, func(i int) bool { return !refers(i) }) {
			return n
		}
	}
	return min(n, fewParents)
}
