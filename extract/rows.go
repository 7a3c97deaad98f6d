package extract

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"

	"github.com/seedkit/seedkit/internal/migration"
	"github.com/seedkit/seedkit/internal/rowdiff"
	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/seed"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/sqltext"
)

// write prints the INSERTs, and a transaction around them if there is need of
// one.
func (r *run) write(w io.Writer, transaction bool) (Report, error) {
	if err := r.checkConflicts(); err != nil {
		return Report{}, err
	}
	out := bufio.NewWriterSize(w, 64<<10)
	report := Report{Sample: r.seed.Sample}
	if report.Sample {
		fmt.Fprintln(out, seed.SampleComment)
	}
	if transaction {
		fmt.Fprintln(out, "BEGIN;")
		if r.cyclic {
			fmt.Fprintln(out, "PRAGMA defer_foreign_keys=ON;")
		}
	}
	for _, t := range r.tables {
		counts, err := r.writeTable(out, t)
		if err != nil {
			return Report{}, err
		}
		if counts.Rows > 0 || counts.Baseline > 0 {
			report.Tables = append(report.Tables, counts)
		}
	}
	if transaction {
		fmt.Fprintln(out, "COMMIT;")
	}
	var err error
	if report.LeftOut, err = r.leftOut(); err != nil {
		return Report{}, err
	}
	return report, out.Flush()
}

func (r *run) writeTable(out *bufio.Writer, t *schema.Table) (TableReport, error) {
	counts := TableReport{Table: t.Name}
	head := fmt.Appendf(nil, "INSERT INTO %s (%s) VALUES (", sqltext.QuoteIdent(t.Name), quoteAll(t.Stored()))
	var line []byte
	for values, err := range r.rows(t, &counts.Baseline) {
		if err != nil {
			return counts, fmt.Errorf("table %s: %w", t.Name, err)
		}
		line = append(line[:0], head...)
		line = append(appendRow(line, values), ");\n"...)
		if _, err := out.Write(line); err != nil {
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

const virtualTable = "a virtual table"

// leftOut lists the tables whose rows do not belong into a migration.
func (r *run) leftOut() ([]LeftOut, error) {
	const tables = `SELECT name, type FROM pragma_table_list WHERE schema = 'main' AND type IN ('table', 'virtual')
		AND name NOT IN ('sqlite_schema', 'sqlite_temp_schema') ORDER BY name`
	var out []LeftOut
	for row, err := range r.seed.Conn.Query(tables) {
		if err != nil {
			return nil, fmt.Errorf("list tables: %w", err)
		}
		switch name := row.Text(0); {
		case row.Text(1) == "virtual":
			out = append(out, LeftOut{Table: name, Why: virtualTable})
		case migration.IsBookkeeping(name):
			out = append(out, LeftOut{Table: name, Why: "kept by SQLite or a migration tool"})
		}
	}
	for i := range out {
		if out[i].Why == virtualTable {
			continue // its module may not be there to be asked
		}
		n, err := r.seed.Conn.Int64("SELECT count(*) FROM " + sqltext.QuoteIdent(out[i].Table))
		if err != nil {
			return nil, fmt.Errorf("count the rows of %s: %w", out[i].Table, err)
		}
		out[i].Rows = int(n)
	}
	return out, nil
}

func quoteAll(names []string) string {
	quoted := make([]string, len(names))
	for i, name := range names {
		quoted[i] = sqltext.QuoteIdent(name)
	}
	return strings.Join(quoted, ", ")
}
