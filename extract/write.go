package extract

import (
	"github.com/seedkit/seedkit/internal/portable"

	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/seedkit/seedkit/internal/rowdiff"
	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/seed"
	"github.com/seedkit/seedkit/internal/sqlite"
)

// ConflictError reports that the baseline has a row with the key of a row of the seed, but with
// other values, so that not both can be inserted.
type ConflictError struct {
	Table   string
	Columns []string // The columns of the key.
	Key     string   // The key's values in the baseline, as SQL.
	Differ  []string // The columns that differ.
}

func (e *ConflictError) Error() string {
	return fmt.Sprintf("table %s: the migrations insert a row with the same %s (%s), but another %s",
		e.Table, strings.Join(e.Columns, ", "), e.Key, strings.Join(e.Differ, ", "))
}

// write writes the INSERTs and the counters of all tables.
func (r *run) write(out output) (Report, error) {
	if err := r.checkConflicts(); err != nil {
		return Report{}, err
	}
	r.countRows()
	r.tally.begin(Writing)
	var report Report
	var written int64
	for _, t := range r.tables {
		counts, err := r.writeTable(out, t)
		if err != nil {
			return Report{}, err
		}
		if counts.Rows > 0 || counts.Baseline > 0 {
			report.Tables = append(report.Tables, counts)
		}
		written += counts.Rows
	}
	if err := r.raiseCounters(out, r.reached); err != nil {
		return Report{}, err
	}
	report.Times = r.times.notes(r.tables)
	report.Literals, report.Repeated = r.literals(), r.repeated
	report.Sample = written > 0 && r.seed.Sample
	report.Secrets = r.secrets(report.Tables)
	var err error
	if report.LeftOut, err = r.leftOut(); err != nil {
		return Report{}, err
	}
	if report.Needs, err = r.given.list(); err != nil {
		return Report{}, err
	}
	return report, out.Close()
}

func (r *run) writeTable(out output, t *schema.Table) (TableReport, error) {
	counts := TableReport{Table: t.Name}
	inserts, err := newInserts(out, t, r.opts)
	if err != nil {
		return counts, err
	}
	skips, all, err := r.skipKeys(t)
	if err != nil {
		return counts, err
	}
	if all && r.isPlain(out, t) {
		return counts, r.writePlain(out, t, inserts, &counts.Rows)
	}
	before := r.tally.done
	defer func() { r.tally.reach(before + counts.done()) }()
	var row []byte
	var repeats int64
	for values, err := range r.rows(t, &counts.Baseline) {
		if err == nil {
			row, err = r.appendRow(row[:0], t, values)
		}
		if err == nil {
			err = r.noteLiterals(t, values, nil)
		}
		if err != nil {
			return counts, fmt.Errorf("table %s: %w", t.Name, err)
		}
		r.times.converters[t].Count()
		if err := r.add(inserts, row, values); err != nil {
			return counts, err
		}
		counts.Rows++
		if !all && !skips.find(values) {
			repeats++
		}
		r.tally.reach(before + counts.done())
	}
	if repeats > 0 {
		r.repeated = append(r.repeated, repeated(t, repeats))
	}
	return counts, inserts.flush()
}

// isPlain reports whether each row becomes one INSERT that depends on no other row and can be
// written in parts. Then no literal can collide with a mark of the tool either.
func (r *run) isPlain(out output, t *schema.Table) bool {
	return out.Streams() && r.opts.RowsPerInsert <= 1 && r.opts.MaxStatementBytes == 0 &&
		r.inBaseline(t) == nil && len(r.keys[t]) == 0 && r.times.converters[t].Idle()
}

// writePlain writes the table's rows as it reads them, and counts them.
func (r *run) writePlain(out output, t *schema.Table, inserts *inserts, count *int64) error {
	err := r.scanner.Text(rowdiff.Query(t), inserts.format, func(text []byte, rows int64) error {
		*count += rows
		r.tally.add(rows)
		_, err := out.Write(text)
		return err
	})
	if err != nil {
		return fmt.Errorf("table %s: %w", t.Name, err)
	}
	return nil
}

// rows yields the table's rows without those that the baseline inserts and those that give way to a
// row of the baseline. It counts the rows that it leaves out in baseline.
func (r *run) rows(t *schema.Table, baseline *int64) iter.Seq2[[]sqlite.Value, error] {
	there := r.inBaseline(t)
	if there == nil {
		return r.converted(t)
	}
	return func(yield func([]sqlite.Value, error) bool) {
		for row, err := range r.compared(t, there) {
			if err == nil && (row.Class == rowdiff.Identical || r.givesWay(row)) {
				*baseline++
				continue
			}
			if !yield(row.Values, err) {
				return
			}
		}
	}
}

// inBaseline returns the baseline's table, or nil if the baseline does not have it.
func (r *run) inBaseline(t *schema.Table) *schema.Table {
	if r.baseline == nil {
		return nil
	}
	return r.there.Table(t.Name)
}

// givesWay reports whether a row is left out because the baseline has another row with the same
// key.
func (r *run) givesWay(row rowdiff.Row) bool {
	return row.Class == rowdiff.Conflict && r.opts.OnConflict == Skip
}

// checkConflicts reports rows of the seed that conflict with rows of the baseline, before anything
// is written.
func (r *run) checkConflicts() error {
	var conflicts []error
	for _, t := range r.tables {
		there := r.inBaseline(t)
		if there == nil {
			continue
		}
		for row, err := range r.compared(t, there) {
			if err != nil {
				return err
			}
			if row.Class == rowdiff.Conflict && !r.settles(t, row) && len(conflicts) < mostConflicts {
				conflicts = append(conflicts, conflict(t, row.Clash))
			}
		}
	}
	return errors.Join(conflicts...)
}

// mostConflicts is the greatest number of conflicts in one error.
const mostConflicts = 20

// settles reports whether the policy settles a conflict with the baseline.
func (r *run) settles(t *schema.Table, row rowdiff.Row) bool {
	switch r.opts.OnConflict {
	case Skip:
		return true
	case Update:
		return slices.Equal(row.Clash.Columns, t.Key())
	}
	return false
}

func conflict(t *schema.Table, clash *rowdiff.Clash) error {
	e := &ConflictError{Table: t.Name, Columns: clash.Columns, Key: string(portable.AppendList(nil, clash.Values))}
	for _, d := range clash.Differ {
		e.Differ = append(e.Differ, d.Column)
	}
	return e
}

// leftOut lists the tables whose rows do not belong into a migration. It does not list
// sqlite_sequence, because the result contains that table's counters.
func (r *run) leftOut() ([]LeftOut, error) {
	tables, err := r.seed.LeftOut()
	var out []LeftOut
	for _, t := range tables {
		if t.Table != seed.SequenceTable {
			out = append(out, LeftOut{Table: t.Table, Rows: t.Rows, Why: t.Why})
		}
	}
	return out, err
}
