package dump

import (
	"errors"
	"fmt"
	"strings"

	"github.com/seedkit/seedkit/internal/migration"
	"github.com/seedkit/seedkit/internal/portable"
	"github.com/seedkit/seedkit/internal/scan"
	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/seed"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/sqltext"
)

// d1Dumper writes the script that Cloudflare D1 takes: its command runs it as
// one batch, in a transaction, with foreign keys on.
type d1Dumper struct {
	*dumper
	schema *schema.Schema
	most   int // bytes of a statement
}

func (d *dumper) runD1() error {
	described, err := schema.Read(d.conn)
	if err != nil {
		return err
	}
	tables, err := d.tables()
	if err != nil {
		return fmt.Errorf("list tables: %w", err)
	}
	w := &d1Dumper{dumper: d, schema: described, most: migration.D1.MaxStatementBytes()}
	d.out.line("PRAGMA defer_foreign_keys=ON;")
	d.progress.Of = len(tables)
	var ordinary, virtual []table
	for _, t := range tables {
		switch {
		case t.isSystem() || isD1s(t.name):
		case t.isVirtual():
			virtual = append(virtual, t)
		default:
			ordinary = append(ordinary, t)
		}
	}
	// A row can be inserted when the parents' tables are there, and an index
	// may be over a view.
	for _, part := range []func() error{
		func() error { return each(ordinary, w.create) },
		func() error { return each(ordinary, w.fill) },
		func() error { return w.others("view") },
		func() error { return each(virtual, w.virtualTable) },
		func() error { return w.others("trigger", "index") },
	} {
		if err := part(); err != nil {
			return err
		}
	}
	return d.out.flush()
}

// isD1s reports whether a table is D1's own, which nobody else may make.
func isD1s(table string) bool {
	const prefix = "_cf_"
	return len(table) >= len(prefix) && strings.EqualFold(table[:len(prefix)], prefix)
}

// each does something about each of the tables, until that fails.
func each(tables []table, do func(table) error) error {
	for _, t := range tables {
		if err := do(t); err != nil {
			return fmt.Errorf("table %s: %w", t.name, err)
		}
	}
	return nil
}

func (w *d1Dumper) create(t table) error { return w.define(t.sql) }

// fill writes a table's rows and its counter.
func (w *d1Dumper) fill(t table) error {
	w.progress.Table = t.name
	w.progress.Tables++
	if w.opts.SchemaOnly {
		return nil
	}
	described := w.schema.Table(t.name)
	if described == nil {
		return errors.New("SQLite does not describe it")
	}
	if err := w.rows(t, described); err != nil {
		return err
	}
	return w.raiseCounter(described)
}

// define writes a statement of the schema, if the dump is to have any.
func (w *d1Dumper) define(sql string) error {
	if w.opts.DataOnly {
		return nil
	}
	return w.statement([]byte(w.closeComment(sql) + ";\n"))
}

// statement writes a statement that cannot be written otherwise.
func (w *d1Dumper) statement(text []byte) error {
	if migration.D1.Collides(text) {
		return &migration.CollisionError{Format: migration.D1, Statement: string(text)}
	}
	if n := len(text) - len("\n"); n > w.most {
		return &TooLongError{Bytes: n, Max: w.most}
	}
	return w.out.append(text)
}

func (w *d1Dumper) rows(t table, described *schema.Table) error {
	query, err := w.rowQuery(t.name)
	if err != nil {
		return err
	}
	s, err := w.conn.PrepareOne(query)
	if err != nil {
		return err
	}
	defer s.Close()
	var columns []string
	for i := range s.Columns() {
		columns = append(columns, s.ColumnName(i))
	}
	return w.rowsOf(described, columns, string(w.insertHead(t.name, s)), query)
}

// rowsOf writes the rows that a query gives of a table.
func (w *d1Dumper) rowsOf(t *schema.Table, columns []string, head, query string) error {
	pieces := portable.Pieces{Table: t, Columns: columns, Head: head, Tail: ");\n", Most: w.most, Literal: appendForD1}
	var text scan.Buffer
	for row, err := range w.scanner.Rows(scan.Query{Table: t.Name, SQL: query}) {
		if err != nil {
			return err
		}
		text.Bytes = append(text.Bytes[:0], pieces.Head...)
		for i := range row {
			if i > 0 {
				text.Bytes = append(text.Bytes, ", "...)
			}
			portable.Format(&text, &row[i])
		}
		text.Bytes = append(text.Bytes, pieces.Tail...)
		if err := w.row(&pieces, row, text.Bytes); err != nil {
			return err
		}
		w.progress.Rows++
	}
	return nil
}

// row writes a row, whose INSERT is text: in pieces if that is too long, or
// holds what D1's command would cut.
func (w *d1Dumper) row(pieces *portable.Pieces, row []scan.Value, text []byte) error {
	if len(text)-len("\n") <= w.most && !migration.D1.Collides(text) {
		return w.out.append(text)
	}
	values := make([]sqlite.Value, len(row))
	for i := range row {
		values[i] = row[i].Copy()
	}
	statements, err := pieces.Statements(values, make([][]byte, len(row)))
	if err != nil {
		return &TooLongError{Bytes: len(text) - len("\n"), Max: w.most, Err: err}
	}
	for statement := range statements {
		if err := w.statement(statement); err != nil {
			return err
		}
	}
	return nil
}

// appendForD1 appends a literal that holds nothing which D1's command would
// cut.
func appendForD1(dst []byte, v sqlite.Value) []byte {
	start := len(dst)
	dst = portable.Append(dst, v)
	if v.Kind() == sqlite.Text && migration.D1.Collides(dst[start:]) {
		return portable.AppendCast(dst[:start], v.Data())
	}
	return dst
}

// raiseCounter lets an AUTOINCREMENT table count on from where it has come to.
func (w *d1Dumper) raiseCounter(t *schema.Table) error {
	counter, err := seed.Counter(w.conn, t)
	if err != nil || counter == 0 || w.opts.NoSys {
		return err
	}
	highest, err := w.conn.Int64("SELECT coalesce(max(rowid), 0) FROM " + sqltext.QuoteIdent(t.Name))
	if err != nil || highest >= counter {
		return err
	}
	for _, statement := range seed.Raises(t.Name, counter) {
		if err := w.statement(statement); err != nil {
			return err
		}
	}
	return nil
}

// others writes views, triggers or indexes.
func (w *d1Dumper) others(types ...string) error {
	if w.opts.DataOnly {
		return nil
	}
	query := "SELECT tbl_name, sql, type, name FROM sqlite_schema AS o WHERE " + w.selected.where +
		" AND sql NOT NULL AND tbl_name NOT IN (" + shadowTables + ")"
	for _, kind := range types {
		for row, err := range w.conn.Query(query, w.selected.args...) {
			if err != nil {
				return fmt.Errorf("list objects: %w", err)
			}
			if row.Text(2) != kind || isD1s(row.Text(0)) {
				continue
			}
			if err := w.define(cText(row, 1)); err != nil {
				return fmt.Errorf("%s %s: %w", kind, row.Text(3), err)
			}
		}
	}
	return nil
}

// TooLongError reports a statement that is longer than D1 takes.
type TooLongError struct {
	Bytes, Max int
	Err        error // why a row cannot be inserted in pieces, or nil
}

func (e *TooLongError) Error() string {
	text := fmt.Sprintf("a statement takes %d bytes, and D1 takes %d", e.Bytes, e.Max)
	if e.Err != nil {
		text += ": " + e.Err.Error()
	}
	return text
}

// Unwrap returns why a row cannot be inserted in pieces.
func (e *TooLongError) Unwrap() error { return e.Err }
