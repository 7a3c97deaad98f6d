// Package dump turns an SQLite database into the SQL script that rebuilds it.
//
// The script is, byte for byte, what the sqlite3 shell 3.53.4 prints for
//
//	sqlite3 -init /dev/null -batch DB .dump
//
// but for two kinds of value, which the shell's script would not restore:
//
//   - ±infinity, for which the shell prints Inf, a name that no table knows, is ±9.0e+999.
//   - Text that holds a NUL, which the shell cuts there, is CAST(x'…' AS TEXT). The bytes are UTF-8,
//     which is what a new database holds; load the script into one.
//
// A script restores tables, rows, indexes, views and triggers. No dump carries user_version,
// application_id, the text encoding, the page size, auto_vacuum or the journal mode, and rowids only
// with [Options.PreserveRowids] or where a column is their alias.
//
// Everything is read in one read transaction, so a script shows one moment of a database that is in
// use, rows in the -wal included. In WAL mode no writer waits for it. In the other journal modes
// SQLite makes writers wait until the dump is done.
package dump

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/seedkit/seedkit/internal/pattern"
	"github.com/seedkit/seedkit/internal/scan"
	"github.com/seedkit/seedkit/internal/sqlite"
)

// Options choose what a dump holds. The zero value is the whole database.
type Options struct {
	// Objects are patterns: a star stands for any letters, a question mark for one, and the case of
	// letters makes no difference; commas separate patterns, and double quotes hold what stands for
	// itself. If there are any, only tables, indexes, views and triggers whose own name is like one
	// of them are dumped, and the shadow tables of virtual tables whose name is: an index does not
	// come with its table. A pattern that no name is like is an error after the script is written.
	Objects []string

	// DataOnly leaves out the schema and the transaction around the script. Virtual tables, whose
	// rows a whole dump carries in their shadow tables alone, have theirs printed.
	DataOnly bool

	// SchemaOnly leaves out all rows, and with them the tables that SQLite makes for itself. A
	// virtual table is printed as CREATE VIRTUAL TABLE, which makes its shadow tables. The sqlite3
	// shell has no such option.
	SchemaOnly bool

	// NoSys leaves out sqlite_sequence and sqlite_stat1 to 4.
	NoSys bool

	// PreserveRowids names the columns in every INSERT, and writes the rowid of tables that have one
	// which no column is an alias of. As in the shell, a table with a column that is called rowid
	// has that name twice in its INSERTs.
	PreserveRowids bool

	// For says what the script is for. Empty is the sqlite3 shell.
	For Target

	// Progress, if not nil, is called now and then, from the goroutine that called Write.
	Progress func(Progress)
}

// Target is what a script is for.
type Target string

// D1 is Cloudflare's database: a script for `wrangler d1 execute --file`, which lacks what D1
// refuses. Of PRAGMA it has defer_foreign_keys alone, and no BEGIN, no unistr() and no statement of
// more than 100,000 bytes: a longer row is inserted in pieces, by its key. FTS5 indexes are made and
// filled by their own statements. D1's own tables, SQLite's statistics and virtual tables of other
// modules are left out; counters of AUTOINCREMENT tables are raised, not set.
const D1 Target = "d1"

// Targets lists the targets that have a name.
var Targets = []Target{D1}

// Progress is how far a dump is.
type Progress struct {
	Table string // being read; "" before and after the tables
	Of    int64  // how many tables there are to read
	Stats        // so far
}

// Stats count what a dump wrote.
type Stats struct {
	Tables int64 `json:"tables"` // whose definition or rows were written, SQLite's own tables included
	Rows   int64 `json:"rows"`   // each an INSERT
	Bytes  int64 `json:"bytes"`  // of the whole script

	LeftOut []LeftOut `json:"left_out"` // that the target does not take
}

// LeftOut is a table that a dump lacks.
type LeftOut struct {
	Table string `json:"table"`
	Why   string `json:"why"`
}

// ErrNothingLeft reports options that leave out both schema and data.
var ErrNothingLeft = errors.New("data only and schema only exclude each other")

// Write writes the database at path to w as an SQL script, and returns what it has written, with an
// error too.
//
// The database is left as it is, but for the journal of a writer that was killed, which SQLite rolls
// back. No -wal is left beside it that was not there, nor a -shm unless there was a -wal without one.
// A database in WAL mode that may not be written, or whose folder may not, is read without locks, and
// the dump fails if somebody else wrote to it meanwhile. [io/fs.ErrNotExist] reports a missing file.
//
// Whatever cannot be read or written ends the dump with an error that names the table, and the page
// if one is corrupt. What w has got by then is no script to keep: it lacks its COMMIT.
func Write(ctx context.Context, w io.Writer, path string, opts Options) (Stats, error) {
	return write(ctx, w, path, opts, scan.DecodeLarge, false)
}

// write reads rows in the given way. All give the same bytes, if each statement
// is written by itself, too.
func write(ctx context.Context, w io.Writer, path string, opts Options, how scan.Method, each bool) (Stats, error) {
	if opts.DataOnly && opts.SchemaOnly {
		return Stats{}, ErrNothingLeft
	}
	objects, err := pattern.Parse(opts.Objects...)
	if err != nil {
		return Stats{}, err
	}
	c, err := sqlite.OpenSource(ctx, path)
	if err != nil {
		return Stats{}, err
	}
	d := &dumper{ctx: ctx, conn: c, w: w, opts: opts, scanner: scan.New(c, how), selected: selectObjects(objects)}
	d.out = script{each: each, write: d.write}
	err = d.run()
	if err == nil {
		err = d.unmatched()
	}
	if closeErr := c.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		return d.progress.Stats, fmt.Errorf("dump %s: %w", path, err)
	}
	return d.progress.Stats, nil
}
