package extract

import (
	"bufio"
	"fmt"
	"io"

	"github.com/seedkit/seedkit/internal/migration"
	"github.com/seedkit/seedkit/internal/rowdiff"
	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/seed"
)

// write writes the INSERTs and the counters of all tables.
func (r *run) write(out output) (Report, error) {
	if err := r.checkConflicts(); err != nil {
		return Report{}, err
	}
	r.countTotal()
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

// writeTable writes the INSERTs of one table, and counts its rows.
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
		if err := r.addRow(inserts, row, values); err != nil {
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

// isPlain reports whether each row becomes one INSERT that depends on no other row and that may be
// written in parts. If an output streams, its tool also has no mark that a literal could contain.
func (r *run) isPlain(out output, t *schema.Table) bool {
	return out.Streams() && r.opts.RowsPerInsert <= 1 && r.opts.MaxStatementBytes == 0 &&
		r.inBaseline(t) == nil && len(r.keys[t]) == 0 && r.times.converters[t].Idle()
}

// writePlain writes the table's rows as it reads them, and adds their number to count.
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

// secrets returns the written columns whose names say that they hold secrets, as TABLE.COLUMN, in
// the order of the tables.
func (r *run) secrets(tables []TableReport) []string {
	var found []string
	for _, written := range tables {
		if written.Rows == 0 {
			continue
		}
		for _, column := range r.seed.Schema.Table(written.Table).Stored() {
			if schema.IsSecret(column) {
				found = append(found, written.Table+"."+column)
			}
		}
	}
	return found
}

// output takes one statement after another. An output without statements stays empty.
type output interface {
	// Statement writes a statement, which includes its line end.
	Statement(text []byte) error
	// Streams reports whether statements may be written as a stream of text that is cut anywhere,
	// because no statement needs anything around it.
	Streams() bool
	io.Writer
	// Close writes the text after the statements.
	Close() error
}

// newOutput returns the output for a result that is not spliced into a migration: a script, or the
// text of a block for the tool that the options name. inTransaction says that the tool runs the
// block in a transaction.
func (r *run) newOutput(w io.Writer) (out output, inTransaction bool, err error) {
	if r.format == "" {
		return newScript(w, r.cyclic, r.seed.Sample), false, nil
	}
	return r.format.NewBlock(w, r.blockOptions())
}

func (r *run) blockOptions() migration.BlockOptions {
	opts := migration.BlockOptions{DeferForeignKeys: r.cyclic}
	if r.seed.Sample {
		opts.Comment = seed.SampleComment
	}
	return opts
}

// script writes statements unchanged, between the comments that tell whether the script is whole.
type script struct {
	*bufio.Writer
	deferred bool // The statements need a transaction that defers the checks of foreign keys.
	sample   bool // The rows are samples.
	begun    bool // The text before the statements is written.
}

func newScript(w io.Writer, deferred, sample bool) *script {
	return &script{Writer: bufio.NewWriterSize(w, 64<<10), deferred: deferred, sample: sample}
}

func (s *script) Statement(text []byte) error {
	_, err := s.Write(text)
	return err
}

func (s *script) Streams() bool { return true }

func (s *script) Write(text []byte) (int, error) {
	s.begin()
	if len(text) > s.Available() {
		// After the flush, a long text goes straight to the writer.
		if err := s.Flush(); err != nil {
			return 0, err
		}
	}
	return s.Writer.Write(text)
}

func (s *script) begin() {
	if s.begun {
		return
	}
	s.begun = true
	fmt.Fprintln(s.Writer, seed.BeginComment)
	if s.sample {
		fmt.Fprintln(s.Writer, seed.SampleComment)
	}
	if s.deferred {
		fmt.Fprint(s.Writer, "BEGIN;\nPRAGMA defer_foreign_keys=ON;\n")
	}
}

// Close ends the script. It does not close the writer.
func (s *script) Close() error {
	if s.begun && s.deferred {
		fmt.Fprintln(s.Writer, "COMMIT;")
	}
	if s.begun {
		fmt.Fprintln(s.Writer, seed.EndComment)
	}
	return s.Flush()
}
