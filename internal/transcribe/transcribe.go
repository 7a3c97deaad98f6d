// Package transcribe copies the rows of a script to INSERTs of one row each
// without putting the rows into a database. Where the literals in the script
// are what SQLite would print for the stored values, the text is copied.
//
// A [Transcript] takes the script's INSERTs while internal/seed replays the
// rest of the script. Whatever needs a look at other rows, at triggers or at
// an expression ends in [ErrCannot]: only a replay of the whole script can
// tell then.
package transcribe

import (
	"bytes"
	"context"
	"errors"
	"io"
	"slices"
	"strings"

	"github.com/seedkit/seedkit/internal/portable"
	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/sqltext"
)

// ErrCannot reports a script whose rows only a replay can tell.
var ErrCannot = errors.New("only a replay can tell what the script gives")

// Transcript writes the rows of a script in the script's order. It implements
// the RowTaker of internal/seed.
//
// It assumes what a replay would find out: no two rows share a key, every row
// passes its CHECKs, and every index over an expression and every generated
// column has a value for it.
type Transcript struct {
	ctx      context.Context
	insert   sqltext.Insert
	literals sqltext.LiteralReader
	last     []byte // the key before the rows that are being copied
	refuse   func(table string) (bool, error)
	tables   map[string]*table // by name as the script writes it
	kept     map[string]bool   // tables that SQLite or a migration tool keeps, likewise
	pieces   []*table          // whose rows follow each other
	triggers bool              // the script has made some

	out     *writer
	buf     []byte // copied, and not yet written
	written bool   // something was
	err     error

	// The statement before, if it was a copied INSERT.
	current *table
	head    []byte
}

// New returns a Transcript that writes to w. It ends with ctx. Tables that
// refuse reports true for are left to a replay. The caller must call
// [Transcript.Finish].
func New(ctx context.Context, w io.Writer, refuse func(table string) (bool, error)) *Transcript {
	return &Transcript{
		ctx:    ctx,
		refuse: refuse,
		tables: map[string]*table{},
		kept:   map[string]bool{},
		out:    newWriter(w),
		buf:    newBuffer(),
	}
}

// Take copies INSERTs with the same head as the last one, as many as come
// next and need no look at anything but their rows.
func (t *Transcript) Take(script *sqltext.Splitter) {
	for t.current != nil && t.err == nil && t.ctx.Err() == nil {
		ahead, taken := script.Ahead(), 0
		for {
			start := skipSpace(ahead, taken)
			if !bytes.HasPrefix(ahead[start:], t.head) {
				break
			}
			start += len(t.head)
			n := t.copyRows(ahead[start:])
			if n == 0 {
				break
			}
			taken = start + n
		}
		if taken == 0 {
			return
		}
		script.Skip(taken)
	}
}

// TakeStatement copies an INSERT into a table of the app's. It refuses a
// statement that could change how rows before or after it must be read.
func (t *Transcript) TakeStatement(c *sqlite.Conn, kind sqltext.Kind, s sqltext.Statement) (bool, error) {
	if err := t.ctx.Err(); err != nil {
		return false, err
	}
	t.current = nil
	switch kind {
	case sqltext.KindInsert:
		return t.takeInsert(c, s)
	case sqltext.KindCreateTrigger:
		t.triggers = true
		return false, refuseTemporary(s)
	case sqltext.KindCreateTable, sqltext.KindCreateView:
		return false, refuseTemporary(s)
	case sqltext.KindDelete, sqltext.KindUpdate, sqltext.KindDropTable:
		t.forgetCounters()
		return false, t.refuseChange(kind, s)
	case sqltext.KindCreateTableAs, sqltext.KindCreateVirtualTable:
		return false, ErrCannot
	case sqltext.KindAnalyze:
		_, name := s.Name()
		if !strings.EqualFold(name, "sqlite_schema") && !strings.EqualFold(name, "sqlite_master") {
			return false, ErrCannot
		}
	}
	return false, t.err
}

// refuseChange refuses a statement that changes rows other than the counters in
// sqlite_sequence, or that reads rows: they are in no database.
func (t *Transcript) refuseChange(kind sqltext.Kind, s sqltext.Statement) error {
	_, name := s.Name()
	switch {
	case sqltext.HasKeyword(s.Text, "SELECT"), t.named(name) != nil:
		return ErrCannot
	case kind == sqltext.KindUpdate && !strings.EqualFold(name, "sqlite_sequence"):
		return ErrCannot
	}
	return t.err
}

// refuseTemporary refuses an object that would hide a table of the same name.
func refuseTemporary(s sqltext.Statement) error {
	if db, _ := s.Name(); strings.EqualFold(db, "temp") {
		return ErrCannot
	}
	return nil
}

func (t *Transcript) takeInsert(c *sqlite.Conn, s sqltext.Statement) (bool, error) {
	if err := t.insert.Parse(s); err != nil {
		return false, nil // the replay reports the error
	}
	if t.triggers || t.insert.Or != "" || t.insert.Schema != "" {
		return false, ErrCannot
	}
	into, err := t.table(c, t.insert.Table)
	if into == nil || err != nil {
		return false, err
	}
	if !into.hasColumns(t.insert.Columns) {
		return false, ErrCannot
	}
	if err := into.startCounter(c); err != nil {
		return false, err
	}
	t.beginPiece(into)
	rest := s.Text[len(t.head):]
	if n := t.copyRows(rest); n == 0 || n != len(rest) {
		if err := t.insertAndRead(c, s); err != nil {
			return true, err
		}
	}
	return true, t.err
}

// table returns the table of that name; nil if SQLite or a migration tool
// keeps it, so that its rows are not the app's.
func (t *Transcript) table(c *sqlite.Conn, name string) (*table, error) {
	if known, ok := t.tables[name]; ok {
		return known, nil
	}
	if refused, err := t.refuse(name); refused || err != nil {
		return nil, errors.Join(err, ErrCannot)
	}
	found, err := readTable(c, name)
	if err != nil {
		return nil, err
	}
	if found == nil {
		t.kept[name] = true
		t.forgetCounters()
		return nil, nil
	}
	for _, other := range t.tables {
		if other.name == found.name { // in other letters
			found = other
		}
	}
	t.tables[name] = found
	return found, nil
}

// forgetCounters follows a statement that may have changed sqlite_sequence.
func (t *Transcript) forgetCounters() {
	for _, table := range t.tables {
		table.counted = false
	}
}

// insertAndRead lets SQLite store the rows of a statement, and copies what it
// stored. A row that depends on rows before it, by its rowid or by an ON
// CONFLICT clause, is left to a replay.
func (t *Transcript) insertAndRead(c *sqlite.Conn, s sqltext.Statement) error {
	into := t.current
	for row, err := range t.insert.Rows() {
		if err != nil {
			return err
		}
		if len(row.Values) != len(into.columns) || into.lacksKey(row.Values) {
			return ErrCannot
		}
	}
	if len(t.insert.Tail) > 0 {
		return ErrCannot
	}
	if err := c.Exec(string(s.Text)); err != nil {
		return err
	}
	name := sqltext.QuoteIdent(into.name)
	for row, err := range c.Query("SELECT " + into.list + " FROM " + name + " NOT INDEXED") {
		if err != nil {
			return err
		}
		if !t.writeRow(row.Values()) {
			return ErrCannot
		}
	}
	return c.Exec("DELETE FROM " + name)
}

// writeRow writes a row of the current table, unless the row is not known to
// come after those before it.
func (t *Transcript) writeRow(values []sqlite.Value) bool {
	into := t.current
	for i, column := range into.columns {
		if column.key >= 0 {
			into.key.parts[column.key] = portable.Append(nil, values[i])
		}
	}
	if !into.key.advance() {
		return false
	}
	t.buf = append(t.buf, into.head...)
	t.buf = append(portable.AppendList(t.buf, values), ");\n"...)
	into.rows++
	t.writeFull()
	return true
}

// writeFull writes the buffer if it is worth it.
func (t *Transcript) writeFull() {
	if len(t.buf) > worthWriting {
		t.write()
	}
}

func (t *Transcript) write() {
	t.buf, t.written = t.out.write(t.buf), true
}

func (t *Transcript) beginPiece(into *table) {
	t.current, t.head = into, append(t.head[:0], t.insert.Head()...)
	if n := len(t.pieces); n == 0 || t.pieces[n-1] != into {
		t.pieces = append(t.pieces, into)
	}
	if len(t.pieces) > len(t.tables) { // the rows of a table are in two pieces
		t.err = ErrCannot
	}
}

// Finish writes what is left, and ends the writing. Only methods that read the
// Transcript may follow.
func (t *Transcript) Finish() error {
	t.write()
	return errors.Join(t.err, t.out.close())
}

// Rows returns how many rows of a table were copied.
func (t *Transcript) Rows(table string) int64 {
	if known := t.named(table); known != nil {
		return known.rows
	}
	return 0
}

// Highest returns the highest integer key of a table's copied rows; 0 if there
// are none, or if an integer alone is not the table's key.
func (t *Transcript) Highest(table string) int64 {
	if known := t.named(table); known != nil {
		return known.key.lastInteger()
	}
	return 0
}

func (t *Transcript) named(name string) *table {
	for _, known := range t.tables {
		if strings.EqualFold(known.name, name) {
			return known
		}
	}
	return nil
}

// InOrder reports whether the copied rows are those of the given tables alone,
// in that order.
func (t *Transcript) InOrder(tables []*schema.Table) bool {
	for _, into := range t.pieces {
		at := slices.IndexFunc(tables, func(t *schema.Table) bool { return t.Name == into.name })
		if at < 0 {
			return false
		}
		tables = tables[at+1:]
	}
	return true
}
