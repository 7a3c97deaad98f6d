package apply

import (
	"fmt"
	"slices"
	"strings"

	"github.com/seedkit/seedkit/internal/litefs"
	"github.com/seedkit/seedkit/internal/migration"
	"github.com/seedkit/seedkit/internal/rowdiff"
	"github.com/seedkit/seedkit/internal/schema"
)

// Plan says what [Run] does with the rows of the seed, and which rows of the target it edits.
type Plan struct {
	// Creates reports that no file is at the target's path, and that [Run] makes the target.
	Creates bool `json:"creates,omitzero"`
	// Tables counts the rows of each table. The tables that have edits and no rows in the seed come
	// first, in the order of their first edits. The tables of the seed follow, parents first.
	Tables []TablePlan `json:"tables"`
	// Conflicts are the first few rows in conflict that end the run or are skipped. Tables counts
	// all of them.
	Conflicts []Conflict `json:"conflicts"`
	// Settled are the first few rows in conflict that a policy updates, adopts or renumbers, so
	// many of each kind. Tables counts all of them.
	Settled []Conflict `json:"settled,omitempty"`
	// CanSkip reports that [Skip] for all tables would succeed with the same options: there are
	// conflicts, and no other reason to refuse the seed. It is false if the options have another
	// policy than [Abort] and [Skip]. Help then tells what would succeed.
	CanSkip bool `json:"can_skip"`
	// Help lists choices of policies for tables in conflict. With each choice, and the options as
	// they are for all other tables, Run would get past its conflicts and succeed. Help is empty if
	// the options have edits, or if more than 10,000 rows are in conflict.
	Help []Choice `json:"help,omitempty"`
	// Strangers are the first few rows of the seed to which new rows refer, and whose keys belong
	// to other entities in the target. EstrangedRows counts all new rows that refer to such a row.
	Strangers     []Stranger `json:"strangers"`
	EstrangedRows int64      `json:"estranged_rows"`
	// Refused has the first few new rows that the target would refuse, and the reasons. RefusedRows
	// counts all refused rows.
	Refused     []*RowError `json:"refused"`
	RefusedRows int64       `json:"refused_rows"`
	// Edits are the first few edits. Tables counts all of them.
	Edits []PlannedEdit `json:"edits,omitempty"`
	// Triggers are the triggers of the target that the new rows and the edits would fire.
	Triggers []Trigger `json:"triggers"`
	// Counters are the counters of AUTOINCREMENT tables that the seed's counters raise. Run raises
	// no counter if it inserts no row.
	Counters []Counter `json:"counters"`
	// Times lists the columns in which the seed's times have another form than the target's.
	Times []TimeNote `json:"times"`
	// Numbered lists the tables with new rows, or rows in conflict, whose INTEGER PRIMARY KEY a
	// script leaves out. The rows have the numbers that SQLite gives in an empty table, unless
	// [Renumber] gives them others.
	Numbered []string `json:"numbered,omitempty"`
	// LeftOut lists the tables of the seed that the plan leaves out: virtual tables, and the tables
	// of migration tools.
	LeftOut []LeftOut `json:"left_out"`
	// BackupBytes is the size that the backup would have now. BackupSeconds is an estimate of its
	// time, rounded up. It is 0 without [Options.Clock].
	BackupBytes   int64 `json:"backup_bytes"`
	BackupSeconds int64 `json:"backup_seconds,omitzero"`
	// LiteFSPosition is the position of LiteFS when the plan was made, TXID/checksum. It is empty
	// without LiteFS.
	LiteFSPosition string `json:"litefs_position,omitempty"`
	// Sample reports that the seed is known to hold sample rows.
	Sample bool `json:"sample"`
}

// TablePlan counts the rows that a table has in the seed, and the rows of the target that are
// edited.
type TablePlan struct {
	Table string `json:"table"`
	// New counts the rows that the target lacks. Run inserts them.
	New int64 `json:"new"`
	// Identical counts the rows that the target has with the same values.
	Identical int64 `json:"identical"`
	// Conflicting counts the rows with a unique key that the target has with other values, without
	// the rows that are adopted or updated. Skipped counts those of them that are skipped. The
	// others end the run.
	Conflicting int64 `json:"conflicting"`
	Skipped     int64 `json:"skipped,omitzero"`
	// Adopted counts the rows that the target has under another key, or with other values that
	// [Adopt] leaves as they are.
	Adopted int64 `json:"adopted,omitzero"`
	// Renumbered counts those of the new rows that get another id than in the seed.
	Renumbered int64 `json:"renumbered,omitzero"`
	// Updated counts the rows of the target that [Update] or edits change.
	Updated int64 `json:"updated,omitzero"`
	// Deleted counts the rows of the target that edits delete.
	Deleted int64 `json:"deleted,omitzero"`
}

// LeftOut is a table of the seed that the plan leaves out.
type LeftOut struct {
	Table string `json:"table"`
	// Why is the reason, for example "kept by Laravel".
	Why string `json:"why"`
}

// Trigger is a trigger of the target.
type Trigger struct {
	Table string `json:"table"`
	Name  string `json:"name"`
}

// listed is how many conflicts, strangers and refused rows a plan lists at most.
const listed = 20

// New returns how many rows [Run] would insert.
func (p Plan) New() int64 { return p.sum(func(t TablePlan) int64 { return t.New }) }

// Updated returns how many rows of the target [Run] would update.
func (p Plan) Updated() int64 { return p.sum(func(t TablePlan) int64 { return t.Updated }) }

// Deleted returns how many rows of the target [Run] would delete.
func (p Plan) Deleted() int64 { return p.sum(func(t TablePlan) int64 { return t.Deleted }) }

// Changes returns how many rows [Run] would insert, update or delete.
func (p Plan) Changes() int64 { return p.New() + p.Updated() + p.Deleted() }

// Identical returns how many rows the target already has.
func (p Plan) Identical() int64 {
	return p.sum(func(t TablePlan) int64 { return t.Identical })
}

// Conflicting returns how many rows are in conflict, and end the run or are skipped.
func (p Plan) Conflicting() int64 {
	return p.sum(func(t TablePlan) int64 { return t.Conflicting })
}

// Skipped returns how many rows in conflict are skipped.
func (p Plan) Skipped() int64 { return p.sum(func(t TablePlan) int64 { return t.Skipped }) }

// Adopted returns for how many rows the target's rows stay as they are.
func (p Plan) Adopted() int64 { return p.sum(func(t TablePlan) int64 { return t.Adopted }) }

// Renumbered returns how many of the new rows get another id.
func (p Plan) Renumbered() int64 {
	return p.sum(func(t TablePlan) int64 { return t.Renumbered })
}

func (p Plan) sum(count func(TablePlan) int64) int64 {
	var n int64
	for _, t := range p.Tables {
		n += count(t)
	}
	return n
}

// table returns the counts of a table, which it adds if there are none yet.
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

// tablePlace is a table of the seed and the table of the target that gets the rows.
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
	if err := r.seen.look(r.dst); err != nil {
		return fmt.Errorf("%s: %w", r.path, err)
	}
	if r.plan.LiteFSPosition, _, err = litefs.Position(r.path); err != nil {
		return err
	}
	if r.tables, err = r.placeTables(there); err != nil {
		return err
	}
	if r.aside, err = r.placeAside(there); err != nil {
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
	if err := r.chooseTimes(there); err != nil {
		return err
	}
	policies, err := readPolicies(r.opts, there)
	if err != nil {
		return err
	}
	if r.moves, err = r.newMoves(policies); err != nil {
		return err
	}
	if err := r.estimateBackup(); err != nil {
		return err
	}
	if err := r.rehearse(); err != nil {
		return err
	}
	return r.findHelp()
}

// placeTables finds the place of each chosen table that has rows in the seed. It leaves out the
// tables of migration tools, because the target keeps its own record.
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

// placeAside finds the places of the tables that are left out and to which rows of other tables
// refer. It passes over a table if the target's table lacks a column.
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
