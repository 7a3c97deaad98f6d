// Package dump turns an SQLite database into the SQL script that rebuilds it.
//
// The script is, byte for byte, the output of the sqlite3 shell 3.53.4 for
//
//	sqlite3 -init /dev/null -batch DB .dump
//
// except for two kinds of value, which the shell's script would not restore:
//
//   - ±infinity is ±9.0e+999. The shell prints Inf, which SQLite reads as the name of a column.
//   - Text that contains a NUL is CAST(x'…' AS TEXT). The shell cuts the text at the NUL. The bytes
//     are UTF-8, the encoding of a new database. Load the script into one.
//
// A script restores tables, rows, indexes, views and triggers. No dump contains user_version,
// application_id, the text encoding, the page size, auto_vacuum or the journal mode. A dump
// contains rowids only with [Options.PreserveRowids], or if a column is an alias of the rowid.
//
// One read transaction reads everything, so a script shows one snapshot of a database in use,
// including rows in the -wal. In WAL mode no writer waits for the dump. In the other journal modes
// SQLite makes writers wait until the dump has ended.
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

// Options select the content of a dump. The zero value selects the whole database.
type Options struct {
	// Objects are patterns: a star matches any letters, a question mark matches one letter, and the
	// case of letters makes no difference. Commas separate patterns, and text in double quotes
	// matches itself. If there are any, a dump contains only tables, indexes, views and triggers
	// whose name matches one of them, and the shadow tables of virtual tables whose name matches. A
	// table does not bring its indexes. A pattern that matches no name is an error after the script
	// is written.
	Objects []string

	// DataOnly omits the schema and the transaction around the script. It prints the rows of
	// virtual tables, which a complete dump contains only in their shadow tables.
	DataOnly bool

	// SchemaOnly omits all rows and the tables that SQLite creates for itself. It prints a virtual
	// table as CREATE VIRTUAL TABLE, which creates its shadow tables. The sqlite3 shell has no such
	// option.
	SchemaOnly bool

	// NoSys omits sqlite_sequence and sqlite_stat1 to sqlite_stat4.
	NoSys bool

	// PreserveRowids names the columns in every INSERT, and writes the rowid of tables whose rowid
	// has no alias. Like the shell, it writes the name rowid twice if a table has a column with
	// that name.
	PreserveRowids bool

	// For is the target of the script. The zero value is the sqlite3 shell.
	For Target

	// Progress, if not nil, is called from time to time, on the goroutine that called Write.
	Progress func(Progress)
}

// Target is the program that a script is for.
type Target string

// D1 is Cloudflare's database. Its script is for `wrangler d1 execute --file` and contains nothing
// that D1 refuses: its only PRAGMA is defer_foreign_keys, and it has no BEGIN, no unistr() and no
// statement of more than 100,000 bytes. The script inserts a longer row in pieces, by the key of
// the row. It creates and fills FTS5 indexes with their own statements. It leaves out D1's own
// tables, SQLite's statistics and virtual tables of other modules. It raises the counters of
// AUTOINCREMENT tables and never lowers them.
const D1 Target = "d1"

// Targets lists the targets that have a name.
var Targets = []Target{D1}

// Progress is the state of a running dump.
type Progress struct {
	Table string // the table being read, or "" before and after the tables
	Of    int64  // the number of tables to read
	Stats        // the counts so far
}

// Stats counts what a dump has written.
type Stats struct {
	// Tables are those with a definition or rows in the script, including SQLite's own.
	Tables int64 `json:"tables"`
	Rows   int64 `json:"rows"`  // every row is one INSERT
	Bytes  int64 `json:"bytes"` // the bytes of the whole script

	LeftOut []LeftOut `json:"left_out"` // the tables that the target does not take
}

// LeftOut is a table that a dump leaves out.
type LeftOut struct {
	Table string `json:"table"`
	Why   string `json:"why"`
}

// ErrNothingLeft reports options that omit both schema and data.
var ErrNothingLeft = errors.New("data only and schema only exclude each other")

// Write writes the database at path to w as an SQL script. It returns the counts of what it has
// written, even with an error.
//
// Write leaves the database unchanged, except that SQLite rolls back the journal of a killed
// writer. Write leaves no new -wal beside the database, and no new -shm unless there was a -wal
// without one. If there is no permission to write a database in WAL mode or its folder, Write reads
// it without locks, and fails if somebody writes to it meanwhile. [io/fs.ErrNotExist] reports a
// missing file.
//
// Every failed read or write ends the dump with an error that names the table, and the page if one
// is corrupt. The incomplete script in w lacks its COMMIT and must not be kept.
func Write(ctx context.Context, w io.Writer, path string, opts Options) (Stats, error) {
	return write(ctx, w, path, opts, scan.DecodeLarge)
}

// write reads rows in the given way. All ways yield the same bytes.
func write(
	ctx context.Context, w io.Writer, path string, opts Options, how scan.Method,
) (Stats, error) {
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
	d := &dumper{
		ctx: ctx, conn: c, w: w, opts: opts, scanner: scan.New(c, how),
		selected: selectObjects(objects),
	}
	d.out = script{write: d.write}
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
