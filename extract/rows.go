package extract

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"

	"github.com/seedkit/seedkit/internal/rowdiff"
	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/seed"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/sqltext"
)

// write prints the INSERTs, and a transaction around them if told to.
func (r *run) write(w io.Writer, transaction bool) (Report, error) {
	if err := r.checkConflicts(); err != nil {
		return Report{}, err
	}
	out := &script{Writer: bufio.NewWriterSize(w, 64<<10), transaction: transaction, deferred: r.cyclic, sample: r.seed.Sample}
	var report Report
	for _, t := range r.tables {
		counts, err := r.writeTable(out, t)
		if err != nil {
			return Report{}, err
		}
		if counts.Rows > 0 || counts.Baseline > 0 {
			report.Tables = append(report.Tables, counts)
		}
	}
	report.Sample = out.begun && out.sample
	var err error
	if report.LeftOut, err = r.leftOut(); err != nil {
		return Report{}, err
	}
	return report, out.end()
}

// script is what is written. Where there are no rows, it stays empty.
type script struct {
	*bufio.Writer
	transaction bool
	deferred    bool // foreign keys are checked at the transaction's end
	sample      bool
	begun       bool
}

func (s *script) insert(line []byte) error {
	if !s.begun {
		s.begun = true
		s.begin()
	}
	_, err := s.Write(line)
	return err
}

func (s *script) begin() {
	if s.sample {
		fmt.Fprintln(s, seed.SampleComment)
	}
	if s.transaction {
		fmt.Fprintln(s, "BEGIN;")
	}
	if s.transaction && s.deferred {
		fmt.Fprintln(s, "PRAGMA defer_foreign_keys=ON;")
	}
}

func (s *script) end() error {
	if s.begun && s.transaction {
		fmt.Fprintln(s, "COMMIT;")
	}
	return s.Flush()
}

func (r *run) writeTable(out *script, t *schema.Table) (TableReport, error) {
	counts := TableReport{Table: t.Name}
	head := fmt.Appendf(nil, "INSERT INTO %s (%s) VALUES (", sqltext.QuoteIdent(t.Name), quoteAll(t.Stored()))
	var line []byte
	for values, err := range r.rows(t, &counts.Baseline) {
		if err != nil {
			return counts, fmt.Errorf("table %s: %w", t.Name, err)
		}
		line = append(line[:0], head...)
		line = append(appendRow(line, values), ");\n"...)
		if err := out.insert(line); err != nil {
			return counts, err
		}
		counts.Rows++
	}
	return counts, nil
}

// rows yields the table's rows, without those that the baseline inserts; it
// counts these.
func (r *run) rows(t *schema.Table, baseline *int) iter.Seq2[[]sqlite.Value, error] {
	var there *schema.Table
	if r.baseline != nil {
		there = r.there.Table(t.Name)
	}
	if there == nil {
		return rowdiff.Scan(r.seed.Conn, t)
	}
	return func(yield func([]sqlite.Value, error) bool) {
		for row, err := range rowdiff.Rows(r.seed.Conn, t, r.baseline, there) {
			if err == nil && row.Class == rowdiff.Identical {
				*baseline++
				continue
			}
			if !yield(row.Values, err) {
				return
			}
		}
	}
}

// checkConflicts looks for rows that the baseline has in another form, before
// anything is written.
func (r *run) checkConflicts() error {
	if r.baseline == nil {
		return nil
	}
	var conflicts []error
	for _, t := range r.tables {
		there := r.there.Table(t.Name)
		if there == nil {
			continue
		}
		for row, err := range rowdiff.Rows(r.seed.Conn, t, r.baseline, there) {
			if err != nil {
				return err
			}
			if row.Class == rowdiff.Conflict && len(conflicts) < mostConflicts {
				conflicts = append(conflicts, conflict(t, row.Clash))
			}
		}
	}
	return errors.Join(conflicts...)
}

// mostConflicts is how many conflicts are reported at once.
const mostConflicts = 20

func conflict(t *schema.Table, clash *rowdiff.Clash) error {
	e := &ConflictError{Table: t.Name, Columns: clash.Columns, Key: string(appendRow(nil, clash.Values))}
	for _, d := range clash.Differ {
		e.Differ = append(e.Differ, d.Column)
	}
	return e
}

// appendRow appends values as literals that any SQLite reads, separated by
// commas, without a line end in any of them.
func appendRow(dst []byte, values []sqlite.Value) []byte {
	for i, v := range values {
		if i > 0 {
			dst = append(dst, ", "...)
		}
		switch v.Kind() {
		case sqlite.Integer:
			dst = sqltext.AppendInt(dst, v.Int64())
		case sqlite.Real:
			dst = sqltext.AppendReal(dst, v.Float64())
		case sqlite.Text:
			dst = sqltext.AppendPortableText(dst, []byte(v.Data()))
		case sqlite.Blob:
			dst = sqltext.AppendBlob(dst, []byte(v.Data()))
		default:
			dst = append(dst, "NULL"...)
		}
	}
	return dst
}

// leftOut lists the tables whose rows do not belong into a migration.
func (r *run) leftOut() ([]LeftOut, error) {
	tables, err := r.seed.LeftOut()
	var out []LeftOut
	for _, t := range tables {
		out = append(out, LeftOut(t))
	}
	return out, err
}

func quoteAll(names []string) string {
	quoted := make([]string, len(names))
	for i, name := range names {
		quoted[i] = sqltext.QuoteIdent(name)
	}
	return strings.Join(quoted, ", ")
}
