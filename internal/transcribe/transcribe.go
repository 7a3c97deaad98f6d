// Package transcribe copies the rows of a script into INSERTs of one row each. If a literal in the
// script is what SQLite would print for the stored value, the package copies the text. It puts a
// row into a database only if the row's literals do not show what SQLite stores.
//
// A [Transcript] takes the script's INSERTs while internal/seed replays the rest of the script. If
// a statement needs a look at other rows, at triggers or at an expression, the error is
// [ErrCannot]: then only a replay of the whole script can tell its rows.
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

// Transcript writes the rows of a script in the script's order. It implements the RowTaker of
// internal/seed.
//
// Transcript assumes what a replay would check: no two rows have the same key, every row passes the
// CHECKs, and every generated column and every index on an expression has a value for every row.
type Transcript struct {
	ctx      context.Context
	insert   sqltext.Insert
	literals sqltext.LiteralReader
	last     []byte // The key before the rows that are being copied.
	refuse   func(table string) (bool, error)
	tables   map[string]*table // By the name that the script writes.
	kept     map[string]bool   // Tables that SQLite or a migration tool keeps, by the same names.
	pieces   []*table          // The tables in the order of their runs of rows.
	triggers bool              // The script has made triggers.
	begin    string            // The text before the first row.

	out     *writer
	buf     []byte // Text that is copied but not written yet.
	written bool   // A part of the statement is written.
	err     error

	// current and head describe the statement before, if that was a copied INSERT.
	current *table
	head    []byte
}

// New returns a Transcript that writes to w. It writes begin before the first row. The Transcript
// stops when ctx is done. It leaves a table to a replay if refuse returns true for the table's
// name. The caller must call [Transcript.Finish].
func New(
	ctx context.Context, w io.Writer, begin string, refuse func(table string) (bool, error),
) *Transcript {
	return &Transcript{
		ctx:    ctx,
		refuse: refuse,
		begin:  begin,
		tables: map[string]*table{},
		kept:   map[string]bool{},
		out:    newWriter(w),
		buf:    newBuffer(),
	}
}

// Take copies the next INSERTs that have the same head as the last one. It stops before an INSERT
// that needs a look at more than its rows.
func (t *Transcript) Take(script *sqltext.Splitter) {
	for t.current != nil && t.err == nil && t.ctx.Err() == nil {
		ahead, taken := script.Ahead(), 0
		for t.err == nil {
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

// TakeStatement copies an INSERT into a table that belongs to the app. It refuses a statement that
// could change the meaning of rows before or after it.
func (t *Transcript) TakeStatement(
	c *sqlite.Conn, kind sqltext.Kind, s sqltext.Statement,
) (bool, error) {
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

// refuseChange refuses a statement that reads rows, or changes rows other than the counters in
// sqlite_sequence, because no database holds the copied rows.
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

// refuseTemporary refuses a temporary object, because it would hide a table with the same name.
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

// table returns the table with that name, or nil if SQLite or a migration tool keeps the table, so
// that its rows do not belong to the app.
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
		if other.name == found.name { // the same name in other upper or lower case letters
			found = other
		}
	}
	t.tables[name] = found
	return found, nil
}

// forgetCounters must follow a statement that may have changed sqlite_sequence.
func (t *Transcript) forgetCounters() {
	for _, table := range t.tables {
		table.counted = false
	}
}

// insertAndRead lets SQLite store the rows of a statement, and copies the stored rows. It leaves a
// row to a replay if the row depends on rows before it, by its rowid or by an ON CONFLICT clause.
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

// writeRow writes a row of the current table. It returns false if the row is not known to come
// after the rows before it.
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

// writeFull writes the buffer if it holds enough text.
func (t *Transcript) writeFull() {
	if len(t.buf) > worthWriting {
		t.write()
	}
}

// write also looks whether ctx is done: a few statements with replace() can be much text.
func (t *Transcript) write() {
	t.buf, t.written = t.out.write(t.buf), true
	if t.err == nil {
		t.err = t.ctx.Err()
	}
}

func (t *Transcript) beginPiece(into *table) {
	if len(t.pieces) == 0 {
		t.buf = append(t.buf, t.begin...)
	}
	t.current, t.head = into, append(t.head[:0], t.insert.Head()...)
	if n := len(t.pieces); n == 0 || t.pieces[n-1] != into {
		t.pieces = append(t.pieces, into)
	}
	if len(t.pieces) > len(t.tables) { // the rows of a table are in two pieces
		t.err = ErrCannot
	}
}

// Finish writes the rest of the text and waits until everything is written. After Finish, the
// caller may only use methods that read the Transcript.
func (t *Transcript) Finish() error {
	t.write()
	return errors.Join(t.err, t.out.close())
}

// Rows returns the number of copied rows of a table.
func (t *Transcript) Rows(table string) int64 {
	if known := t.named(table); known != nil {
		return known.rows
	}
	return 0
}

// Highest returns the greatest integer key of a table's copied rows. It returns 0 if no rows were
// copied, or if the table's key is not one integer.
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

// InOrder reports whether all copied rows belong to the given tables, and follow each other in the
// order of these tables.
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
