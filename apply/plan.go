package apply

import (
	"fmt"
	"slices"
	"strings"

	"github.com/seedkit/seedkit/internal/migration"
	"github.com/seedkit/seedkit/internal/rowdiff"
	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/sqlite"
)

// Plan says how the seed's rows stand to the target's.
type Plan struct {
	Tables []TablePlan // parents first; those of which the seed has rows
	// Conflicts has the first rows whose keys are taken; the tables' counts
	// have all.
	Conflicts []Conflict
	// Dangling has references to rows that would be skipped, the first few.
	Dangling []Reference
	// Triggers are those of the target that the new rows would fire.
	Triggers []Trigger
	// Times say which of the seed's times are of another form than those in
	// the target.
	Times []TimeNote
	// LeftOut lists tables of the seed that have no place in the plan:
	// virtual ones, and those that migration tools keep.
	LeftOut []LeftOut
	// Sample says that the seed is known to hold sample rows.
	Sample bool
}

// TablePlan counts a table's rows in the seed.
type TablePlan struct {
	Table       string
	New         int // not in the target yet
	Identical   int // in the target, with the same values
	Conflicting int // with a key that another row of the target has
}

// Conflict is a row of the seed whose key is taken.
type Conflict struct {
	Table   string
	Columns []string // of the unique key
	Values  []string // that both rows have there, as text
	Differ  []string // the columns in which the rows differ
}

// LeftOut is a table whose rows are nobody's seed.
type LeftOut struct {
	Table string
	Why   string // "kept by Laravel"
}

// Reference is a foreign key of a row of the seed.
type Reference struct {
	Table   string
	Columns []string
	Values  []string // as text
	Parent  string
}

// Trigger is a trigger of the target.
type Trigger struct{ Table, Name string }

// listed is how many conflicts and references a plan lists.
const listed = 20

// New returns how many rows are to be inserted.
func (p Plan) New() int { return p.sum(func(t TablePlan) int { return t.New }) }

// Identical returns how many rows are in the target already.
func (p Plan) Identical() int { return p.sum(func(t TablePlan) int { return t.Identical }) }

// Conflicting returns how many rows have a key that is taken.
func (p Plan) Conflicting() int { return p.sum(func(t TablePlan) int { return t.Conflicting }) }

func (p Plan) sum(count func(TablePlan) int) int {
	n := 0
	for _, t := range p.Tables {
		n += count(t)
	}
	return n
}

// tablePlace is a table of the seed and its place in the target.
type tablePlace struct {
	seed, there *schema.Table
}

// makePlan compares the seed with one snapshot of the target.
func (r *run) makePlan() error {
	if err := r.dst.Exec("BEGIN"); err != nil {
		return err
	}
	defer r.dst.Rollback()
	there, err := schema.Read(r.dst)
	if err != nil {
		return fmt.Errorf("%s: %w", r.path, err)
	}
	if r.tables, err = r.placeTables(there); err != nil {
		return err
	}
	if err := r.findTimes(there); err != nil {
		return err
	}
	r.plan.Sample = r.seed.Sample
	left, err := r.seed.LeftOut()
	if err != nil {
		return err
	}
	for _, t := range left {
		if !strings.HasPrefix(t.Table, "sqlite_") {
			r.plan.LeftOut = append(r.plan.LeftOut, LeftOut{Table: t.Table, Why: t.Why})
		}
	}
	skipped := skippedKeys{}
	for i, t := range r.tables {
		reporter(r.opts.Progress).report(Planning, int64(i), int64(len(r.tables)))
		if err := r.planTable(t, skipped); err != nil {
			return err
		}
	}
	return r.findDangling(skipped)
}

// placeTables finds the place of each chosen table of which the seed has rows.
// Tables of migration tools have none: the target keeps its own record.
func (r *run) placeTables(there *schema.Schema) ([]tablePlace, error) {
	names, err := r.seed.Names()
	if err != nil {
		return nil, err
	}
	if err := r.selection.Check("table of the seed", names); err != nil {
		return nil, err
	}
	problem := &SchemaError{}
	var places []tablePlace
	ordered, _ := schema.ParentsFirst(r.seed.Schema.Tables)
	for _, t := range ordered {
		if migration.IsBookkeeping(t.Name, t.ColumnNames()) || !r.selection.Has(t.Name) {
			continue
		}
		filled, err := r.hasRows(t)
		if err != nil {
			return nil, err
		}
		if filled {
			place := tablePlace{seed: t, there: there.Table(t.Name)}
			problem.check(place, there)
			places = append(places, place)
		}
	}
	if len(problem.Problems) > 0 {
		return nil, problem
	}
	return places, nil
}

func (r *run) hasRows(t *schema.Table) (bool, error) {
	for _, err := range rowdiff.Scan(r.seed.Conn, t) {
		if err != nil {
			return false, r.nameDatabase(err)
		}
		return true, nil
	}
	return false, nil
}

func (r *run) planTable(t tablePlace, skipped skippedKeys) error {
	if err := r.chooseTimes(t); err != nil {
		return err
	}
	plan := TablePlan{Table: t.there.Name}
	for row, err := range r.rows(t) {
		if err != nil {
			return err
		}
		if row.Class != rowdiff.Identical {
			r.times.converters[t.seed].Count()
		}
		switch row.Class {
		case rowdiff.New:
			plan.New++
		case rowdiff.Identical:
			plan.Identical++
		case rowdiff.Conflict:
			plan.Conflicting++
			r.plan.Conflicts = appendListed(r.plan.Conflicts, newConflict(t, row))
			skipped.add(t.seed, row.Values)
		}
	}
	r.noteTimes(t.seed)
	r.plan.Tables = append(r.plan.Tables, plan)
	if plan.New > 0 {
		r.plan.Triggers = append(r.plan.Triggers, insertTriggers(t.there)...)
	}
	return nil
}

func newConflict(t tablePlace, row rowdiff.Row) Conflict {
	c := Conflict{Table: t.there.Name, Columns: row.Clash.Columns, Values: texts(row.Clash.Values)}
	for _, d := range row.Clash.Differ {
		c.Differ = append(c.Differ, d.Column)
	}
	return c
}

func insertTriggers(t *schema.Table) []Trigger {
	var out []Trigger
	for _, trigger := range t.Triggers {
		if trigger.Event == "INSERT" {
			out = append(out, Trigger{Table: t.Name, Name: trigger.Name})
		}
	}
	return out
}

// skippedKeys holds, by table and columns, the keys of rows that would be
// skipped. It takes memory for each such row, of which there are few.
type skippedKeys map[*schema.Table][][]sqlite.Value

func (s skippedKeys) add(t *schema.Table, row []sqlite.Value) { s[t] = append(s[t], row) }

// has reports whether one of the table's skipped rows has the given values.
func (s skippedKeys) has(t *schema.Table, columns []string, values []sqlite.Value) bool {
	at, _ := schema.Positions(t.Stored(), columns)
	return slices.ContainsFunc(s[t], func(row []sqlite.Value) bool {
		return slices.Equal(sqlite.Pick(row, at), values)
	})
}

// findDangling looks for rows that would be inserted although they refer to a
// row that would be skipped, and to none that the target has.
func (r *run) findDangling(skipped skippedKeys) error {
	if len(skipped) == 0 {
		return nil
	}
	for _, t := range r.tables {
		for _, fk := range t.seed.ForeignKeys {
			parent := r.seed.Schema.Table(fk.Parent)
			if parent == nil || skipped[parent] == nil {
				continue
			}
			if err := r.findDanglingBy(t, fk, parent, skipped); err != nil {
				return err
			}
		}
	}
	return nil
}

func (r *run) findDanglingBy(t tablePlace, fk schema.ForeignKey, parent *schema.Table, skipped skippedKeys) error {
	exists, err := r.dst.PrepareOne(existsSQL(fk))
	if err != nil {
		return fmt.Errorf("look for rows that %s refers to: %w", t.there.Name, err)
	}
	defer exists.Close()
	at, _ := schema.Positions(t.seed.Stored(), fk.Columns)
	for row, err := range r.rows(t) {
		if err != nil {
			return err
		}
		key := sqlite.Pick(row.Values, at)
		if row.Class != rowdiff.New || slices.ContainsFunc(key, sqlite.Value.IsNull) || !skipped.has(parent, fk.ParentColumns, key) {
			continue
		}
		found, err := queryHasRow(exists, key)
		if err != nil {
			return err
		}
		if !found {
			r.plan.Dangling = appendListed(r.plan.Dangling,
				Reference{Table: t.there.Name, Columns: fk.Columns, Values: texts(key), Parent: parent.Name})
		}
	}
	return nil
}
