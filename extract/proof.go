package extract

import (
	"errors"
	"fmt"
	"iter"
	"strings"

	"github.com/seedkit/seedkit/internal/portable"
	"github.com/seedkit/seedkit/internal/rowdiff"
	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/seed"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/sqltext"
)

// ProofError reports that a replay of the result fails or does not give the seed's rows. Nothing
// was written.
type ProofError struct {
	Table string // Empty if the replay itself failed.
	Msg   string
	Err   error // SQLite's error, or nil.
}

func (e *ProofError) Error() string {
	switch {
	case e.Table == "":
		return "the result does not run: " + e.Msg
	case errors.Is(e.Err, ErrOwnReference):
		return fmt.Sprintf("%v: table %s: %s", ErrOwnReference, e.Table, e.Msg)
	}
	return fmt.Sprintf("the result does not give the seed's rows: table %s: %s", e.Table, e.Msg)
}

// Unwrap returns SQLite's error.
func (e *ProofError) Unwrap() error { return e.Err }

// notRun returns the error for a result that fails with err.
func notRun(err error) error { return &ProofError{Msg: err.Error(), Err: err} }

// mismatch returns the error for a table that does not have the seed's rows.
func mismatch(t *schema.Table, format string, args ...any) error {
	return &ProofError{Table: t.Name, Msg: fmt.Sprintf(format, args...)}
}

// prove lets fill make a database with the result, and compares the database with the seed.
func (r *run) prove(fill func(*sqlite.Conn) error) error {
	return r.inScratch(func(c *sqlite.Conn) error {
		if err := fill(c); err != nil {
			return r.whyRefused(c, err)
		}
		return r.compare(c)
	})
}

// proveMigration replays the migrations as their tool does, with the edited one, and compares the
// database with the seed. It then reverses the edited migration.
func (r *run) proveMigration(edit *Edit) error {
	r.beginReplay()
	return r.inScratch(func(c *sqlite.Conn) error {
		if err := r.runMigrations(c, edit); err != nil {
			return err
		}
		if err := r.compare(c); err != nil || edit.down == nil {
			return err
		}
		return r.proveDown(c, edit)
	})
}

// inScratch calls do with an empty database that has stand-ins for what only the app's SQLite has.
func (r *run) inScratch(do func(*sqlite.Conn) error) error {
	c, err := seed.OpenScratch(r.ctx)
	if err != nil {
		return err
	}
	defer c.Close()
	c.ForbidAttach()
	if err := c.StandInForCollations(); err != nil {
		return err
	}
	c.StandInForFunctions()
	if err := do(c); err != nil {
		return err
	}
	return r.noteStandIns(c)
}

// noteStandIns notes what the proof on c did without; see [Report.Without].
func (r *run) noteStandIns(c *sqlite.Conn) error {
	used, err := c.StandIns()
	if err != nil {
		return fmt.Errorf("list what stands in for the app's own: %w", err)
	}
	for _, missing := range used {
		r.without = append(r.without, missing.String())
	}
	from := c
	if r.source != nil {
		r.without = append(r.without, r.source.Lacking...)
	} else {
		from = r.seed.Conn
	}
	foreign, err := schema.ReadForeign(from)
	if err != nil {
		return err
	}
	r.without = append(r.without, foreign.Lacking()...)
	return nil
}

// hasContent reports whether there is something to prove: a row of the seed, or a counter.
func (r *run) hasContent(report Report) bool { return len(report.Tables) > 0 || r.raised }

// compare compares the tables and the counters of the replayed database with the seed's.
func (r *run) compare(c *sqlite.Conn) error {
	got, err := schema.Read(c)
	if err != nil {
		return err
	}
	r.tally.begin(Comparing)
	for _, t := range r.tables {
		if err := r.proveTable(c, t, got.Table(t.Name)); err != nil {
			return err
		}
		r.tally.add(r.tally.rows[t])
	}
	return r.proveCounters(c)
}

// proveTable compares a table of the seed with the replayed table got. It first compares the rows
// in the order in which both tables store them. The comparison fails, for example, if the baseline
// has rows in between. Then, and if times were converted, proveTable looks up each row.
func (r *run) proveTable(c *sqlite.Conn, t, got *schema.Table) error {
	if got == nil {
		for _, err := range rowdiff.Scan(r.seed.Conn, t) {
			if err != nil {
				return err
			}
			return mismatch(t, "it is not there")
		}
		return nil
	}
	if !r.times.converters[t].Changed() {
		same, err := rowdiff.SameRows(r.seed.Conn, t, c, got)
		if same || err != nil {
			return err
		}
	}
	return r.lookUp(c, t, got)
}

// lookUp looks up each row of the seed. It checks that all other rows are the baseline's.
func (r *run) lookUp(c *sqlite.Conn, t, got *schema.Table) error {
	var want int64
	for row, err := range rowdiff.Compare(r.expected(c, t), t.Stored(), c, got) {
		if err != nil {
			return err
		}
		want++
		if row.Class != rowdiff.Identical {
			return mismatch(t, "the row (%s) is %s%s",
				portable.AppendList(nil, row.Values), row.Class, firing(got))
		}
	}
	baseline, err := r.baselineRows(t)
	if err != nil {
		return err
	}
	want += baseline
	have, err := countRows(c, got)
	if err != nil {
		return err
	}
	if have != want {
		return mismatch(t, "it has %d rows, and should have %d%s", have, want, firing(got))
	}
	return nil
}

// firing names the triggers that may have changed a table's rows.
func firing(t *schema.Table) string {
	if len(t.Triggers) == 0 {
		return ""
	}
	var names []string
	for _, trigger := range t.Triggers {
		names = append(names, trigger.Name)
	}
	return "; triggers fire when rows are inserted: " + strings.Join(names, ", ")
}

// expected yields the seed's rows as the replayed database must have them. With [Skip], it leaves
// out the rows that the result leaves out. It looks up references by natural keys in the replayed
// database.
func (r *run) expected(c *sqlite.Conn, t *schema.Table) iter.Seq2[[]sqlite.Value, error] {
	var ignored int64
	rows := rowdiff.Scan(r.seed.Conn, t)
	if r.times.converters[t].Changed() {
		rows = r.converted(t)
	}
	if r.opts.OnConflict == Skip {
		rows = r.rows(t, &ignored)
	}
	if len(r.keys[t]) == 0 {
		return rows
	}
	return func(yield func([]sqlite.Value, error) bool) {
		for row, err := range rows {
			if err == nil {
				row, err = r.resolve(c, t, row)
			}
			if !yield(row, err) {
				return
			}
		}
	}
}

// resolve returns a row with the references that the replayed database finds.
func (r *run) resolve(c *sqlite.Conn, t *schema.Table, row []sqlite.Value) ([]sqlite.Value, error) {
	sql, err := r.appendRow([]byte("SELECT "), t, row)
	if err != nil {
		return nil, err
	}
	for resolved, err := range c.Query(string(sql)) {
		if err != nil {
			return nil, err
		}
		values := resolved.Values()
		for i, v := range values {
			if v.IsNull() && !row[i].IsNull() {
				return nil, mismatch(t, "the row (%s) finds no row for %s = %s",
					portable.AppendList(nil, row), t.Stored()[i], portable.Append(nil, row[i]))
			}
		}
		return values, nil
	}
	return row, nil
}

// baselineRows counts the replayed table's rows that only the baseline has. With [Skip], it counts
// all rows of the baseline, because expected leaves out the rows that both have.
func (r *run) baselineRows(t *schema.Table) (int64, error) {
	n, err := r.countBefore(t)
	there := r.inBaseline(t)
	if there == nil || err != nil || r.opts.OnConflict == Skip {
		return n, err
	}
	for row, err := range r.compared(t, there) {
		if err != nil {
			return 0, err
		}
		if row.Class != rowdiff.New {
			n--
		}
	}
	return n, nil
}

func countRows(c *sqlite.Conn, t *schema.Table) (int64, error) {
	return c.Int64("SELECT count(*) FROM " + sqltext.QuoteIdent(t.Name))
}
