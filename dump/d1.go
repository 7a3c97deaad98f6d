package dump

import (
	"errors"
	"fmt"
	"strings"

	"github.com/seedkit/seedkit/internal/migration"
	"github.com/seedkit/seedkit/internal/schema"
)

// d1Dumper writes a script for Cloudflare D1. Wrangler runs the script as one batch, in a
// transaction, with foreign keys on.
type d1Dumper struct {
	*dumper
	schema *schema.Schema
	most   int // the maximum bytes of a statement
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
	d.progress.Of = int64(len(tables))
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
	if err := each(ordinary, w.checkForeignKeys); err != nil {
		return err
	}
	d.out.line("PRAGMA defer_foreign_keys=ON;")
	// Rows need the tables of their parents. A full-text index can have a view as its content.
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

// isD1s reports whether a table is D1's own. No script may create such a table.
func isD1s(table string) bool {
	const prefix = "_cf_"
	return len(table) >= len(prefix) && strings.EqualFold(table[:len(prefix)], prefix)
}

// each calls do for every table. It stops at the first error.
func each(tables []table, do func(table) error) error {
	for _, t := range tables {
		if err := do(t); err != nil {
			return fmt.Errorf("table %s: %w", t.name, err)
		}
	}
	return nil
}

// checkForeignKeys finds rows that D1 would refuse, before anything is written: nothing in an
// incomplete script for D1 shows that it is incomplete.
func (w *d1Dumper) checkForeignKeys(t table) error {
	if w.opts.SchemaOnly {
		return nil
	}
	const check = "SELECT parent, count(*) FROM pragma_foreign_key_check(?) GROUP BY parent"
	for row, err := range w.conn.Query(check, t.name) {
		if err != nil {
			return fmt.Errorf("check foreign keys, as D1 does: %w", err)
		}
		return fmt.Errorf("foreign keys, which D1 checks: %d of its rows refer to rows of %s "+
			"that are not there", row.Int64(1), row.Text(0))
	}
	return nil
}

func (w *d1Dumper) create(t table) error { return w.define(t.sql) }

// fill writes the rows of a table and its AUTOINCREMENT counter.
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

// define writes a statement of the schema, unless the dump has only data.
func (w *d1Dumper) define(sql string) error {
	if w.opts.DataOnly {
		return nil
	}
	return w.statement([]byte(w.closeComment(sql) + ";\n"))
}

// statement writes a statement that has no other form. It is an error if D1 refuses the statement.
func (w *d1Dumper) statement(text []byte) error {
	if migration.D1.Collides(text) {
		return &migration.CollisionError{Format: migration.D1, Statement: string(text)}
	}
	if n := len(text) - len("\n"); n > w.most {
		return &TooLongError{Bytes: n, Max: w.most}
	}
	return w.out.append(text)
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
