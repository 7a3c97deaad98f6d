package apply

import (
	"fmt"
	"slices"
	"strings"

	"github.com/seedkit/seedkit/internal/migration"
	"github.com/seedkit/seedkit/internal/rowdiff"
	"github.com/seedkit/seedkit/internal/schema"
)

// Plan says how the seed's rows stand to the target's, and which rows of the target are edited.
type Plan struct {
	// Tables has first the tables of edits of which the seed has no rows, in the order of their
	// first edits. The tables of which the seed has rows follow, parents first.
	Tables []TablePlan `json:"tables"`
	// Conflicts has the first rows whose keys are taken; the tables' counts
	// have all.
	Conflicts []Conflict `json:"conflicts"`
	// CanSkip says that [Skip] would go through with the same options: there
	// are conflicts, and nothing else is in the way.
	CanSkip bool `json:"can_skip"`
	// Strangers has rows of the seed to which new rows refer, and which are
	// other entities than the rows of the target with their keys, the first
	// few. EstrangedRows counts all new rows that refer to such a row.
	Strangers     []Stranger `json:"strangers"`
	EstrangedRows int64      `json:"estranged_rows"`
	// Refused has the first new rows that the target would refuse, and why.
	// RefusedRows counts all.
	Refused     []*RowError `json:"refused"`
	RefusedRows int64       `json:"refused_rows"`
	// Edits has the first edits. The tables' counts have all.
	Edits []PlannedEdit `json:"edits,omitempty"`
	// Triggers are those of the target that the new rows and the edits would fire.
	Triggers []Trigger `json:"triggers"`
	// Counters are those of AUTOINCREMENT tables that the seed's raise. None is raised if no row is
	// inserted.
	Counters []Counter `json:"counters"`
	// Times say which of the seed's times are of another form than those in
	// the target.
	Times []TimeNote `json:"times"`
	// LeftOut lists tables of the seed that have no place in the plan:
	// virtual ones, and those that migration tools keep.
	LeftOut []LeftOut `json:"left_out"`
	// Sample says that the seed is known to hold sample rows.
	Sample bool `json:"sample"`
}

// TablePlan counts a table's rows in the seed, and those of the target that are edited.
type TablePlan struct {
	Table       string `json:"table"`
	New         int64  `json:"new"`         // not in the target yet
	Identical   int64  `json:"identical"`   // in the target, with the same values
	Conflicting int64  `json:"conflicting"` // with a key that another row of the target has
	Updated     int64  `json:"updated,omitzero"`
	Deleted     int64  `json:"deleted,omitzero"`
}

// LeftOut is a table whose rows are nobody's seed.
type LeftOut struct {
	Table string `json:"table"`
	Why   string `json:"why"` // "kept by Laravel"
}

// Trigger is a trigger of the target.
type Trigger struct {
	Table string `json:"table"`
	Name  string `json:"name"`
}

// listed is how many conflicts, strangers and refused rows a plan lists.
const listed = 20

// New returns how many rows are to be inserted.
func (p Plan) New() int64 { return p.sum(func(t TablePlan) int64 { return t.New }) }

// Updated returns how many rows of the target are edited.
func (p Plan) Updated() int64 { return p.sum(func(t TablePlan) int64 { return t.Updated }) }

// Deleted returns how many rows of the target are deleted.
func (p Plan) Deleted() int64 { return p.sum(func(t TablePlan) int64 { return t.Deleted }) }

// Changes returns how many rows are inserted, edited or deleted.
func (p Plan) Changes() int64 { return p.New() + p.Updated() + p.Deleted() }

// Identical returns how many rows are in the target already.
func (p Plan) Identical() int64 {
	return p.sum(func(t TablePlan) int64 { return t.Identical })
}

// Conflicting returns how many rows have a key that is taken.
func (p Plan) Conflicting() int64 {
	return p.sum(func(t TablePlan) int64 { return t.Conflicting })
}

func (p Plan) sum(count func(TablePlan) int64) int64 {
	var n int64
	for _, t := range p.Tables {
		n += count(t)
	}
	return n
}

// table returns the counts of a table, which it adds if need be.
func (p *Plan) table(name string) *TablePlan {
	i := slices.IndexFunc(p.Tables, func(t TablePlan) bool { return t.Table == name })
	if i < 0 {
		i, p.Tables = len(p.Tables), append(p.Tables, TablePlan{Table: name})
	}
	return &p.Tables[i]
}

// addTriggers adds the triggers that are not listed yet.
func (p *Plan) addTriggers(triggers []Trigger) {
	for _, trigger := range triggers {
		if !slices.Contains(p.Triggers, trigger) {
			p.Triggers = append(p.Triggers, trigger)
		}
	}
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
	r.there = there
	if r.tables, err = r.placeTables(there); err != nil {
		return err
	}
	if r.aside, err = r.placeAside(there); err != nil {
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
	if err := r.chooseAllTimes(); err != nil {
		return err
	}
	return r.rehearse()
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

// placeAside finds the places of tables that are left out, where rows of others
// refer to them. A table has none if the target's lacks a column.
func (r *run) placeAside(there *schema.Schema) ([]tablePlace, error) {
	var places []tablePlace
	for _, t := range r.tables {
		for _, fk := range references(t) {
			place := tablePlace{seed: r.seed.Schema.Table(fk.Parent), there: there.Table(fk.Parent)}
			if place.seed == nil || place.there == nil || r.placeOf(fk.Parent).seed != nil ||
				slices.Contains(places, place) {
				continue
			}
			if _, ok := schema.Positions(place.there.Stored(), place.seed.Stored()); !ok {
				continue
			}
			filled, err := r.hasRows(place.seed)
			if err != nil {
				return nil, err
			}
			if filled {
				places = append(places, place)
			}
		}
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

func insertTriggers(t *schema.Table) []Trigger { return triggersOn(t, "INSERT") }
