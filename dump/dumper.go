package dump

import (
	"context"
	"fmt"
	"io"

	"github.com/seedkit/seedkit/internal/scan"
	"github.com/seedkit/seedkit/internal/sqlite"
)

// dumper writes one database's script. It does what the shell's dot-command
// .dump does (do_meta_command and dump_callback in its shell.c.in), in the
// same order and with the same queries, since a query's plan may decide the
// order of rows.
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

// limitMemory keeps a malformed row from claiming to be longer than the
// database. A whole one is not, save that text in UTF-16 may need half as much
// again in UTF-8.
func (d *dumper) limitMemory() error {
	bytes, err := d.conn.Int64("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size")
	d.conn.LimitLength(max(1<<20, 2*bytes))
	return err
}

// write writes text, and is where a dump stops when its context is done.
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

// table writes a table's definition and rows.
func (d *dumper) table(t table) error {
	d.progress.Table = t.name
	d.progress.Tables++
	rows, err := d.define(t)
	if err != nil || !rows || d.opts.SchemaOnly {
		return err
	}
	return d.rows(t)
}
