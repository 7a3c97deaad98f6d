package dump

import (
	"context"
	"fmt"
	"io"

	"github.com/seedkit/seedkit/internal/scan"
	"github.com/seedkit/seedkit/internal/sqlite"
)

// dumper writes the script of one database. It does what the shell's dot-command .dump does
// (do_meta_command and dump_callback in its shell.c.in), in the same order and with the same
// queries, because the plan of a query can determine the order of rows.
type dumper struct {
	ctx      context.Context
	conn     *sqlite.Conn
	w        io.Writer
	opts     Options
	scanner  *scan.Scanner
	selected selection
	out      script

	progress       Progress
	schemaWritable bool
}

func (d *dumper) run() error {
	if err := d.limitMemory(); err != nil {
		return err
	}
	if d.opts.For == D1 {
		return d.runD1()
	}
	tables, err := d.tables()
	if err != nil {
		return fmt.Errorf("list tables: %w", err)
	}
	if err := d.warn(); err != nil {
		return err
	}
	if !d.opts.DataOnly {
		d.out.line("PRAGMA foreign_keys=OFF;")
		d.out.line("BEGIN TRANSACTION;")
	}
	d.progress.Of = int64(len(tables))
	for _, t := range tables {
		if err := d.table(t); err != nil {
			return fmt.Errorf("table %s: %w", t.name, err)
		}
	}
	d.progress.Table = ""
	if !d.opts.DataOnly {
		if err := d.others(); err != nil {
			return fmt.Errorf("list views, triggers and indexes: %w", err)
		}
	}
	if d.schemaWritable {
		d.out.line("PRAGMA writable_schema=OFF;")
	}
	if !d.opts.DataOnly {
		d.out.line("COMMIT;")
	}
	return d.out.flush()
}

// limitMemory stops a malformed row from claiming more bytes than the database has. A valid row
// never has more, except that UTF-16 text may need half as many bytes again in UTF-8.
func (d *dumper) limitMemory() error {
	bytes, err := d.conn.Int64("SELECT page_count * page_size " +
		"FROM pragma_page_count, pragma_page_size")
	d.conn.LimitLength(max(1<<20, 2*bytes))
	return err
}

// write writes text. A dump with a canceled context stops here.
func (d *dumper) write(text []byte) error {
	n, err := d.w.Write(text)
	d.progress.Bytes += int64(n)
	if d.opts.Progress != nil {
		d.opts.Progress(d.progress)
	}
	if err == nil {
		err = d.ctx.Err()
	}
	return err
}

// table writes the definition and the rows of a table.
func (d *dumper) table(t table) error {
	d.progress.Table = t.name
	d.progress.Tables++
	rows, err := d.define(t)
	if err != nil || !rows || d.opts.SchemaOnly {
		return err
	}
	return d.rows(t)
}
