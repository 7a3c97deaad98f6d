package extract

import (
	"github.com/seedkit/seedkit/internal/portable"

	"bytes"
	"context"
	"errors"
	"io"
	"strings"

	"github.com/seedkit/seedkit/internal/seed"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/sqltext"
)

// streamer takes the rows of a script that is being replayed, and writes each
// as the INSERT that would be made of it if it were read back: the replay is
// left with the tables. What it cannot foresee ends the replay with an error,
// and the script is to be replayed without a streamer.
type streamer struct {
	ctx      context.Context
	insert   sqltext.Insert
	copier   rowCopier
	targets  map[string]*target // by name as written
	extents  []extent
	out      outbox
	crew     *crew                            // nil before there is work for it
	triggers bool                             // the script has made some
	tells    func(table string) (bool, error) // whether times of the table may have to be converted

	// The statement before, if it was an INSERT that was taken.
	head    []byte
	current *target
	err     error // of the outbox
}

// extent is where in the output rows of a table are, one behind the other.
type extent struct {
	table      string
	start, end int64
}

// longStatement is how many bytes of rows are not gathered before they are
// written.
const longStatement = 1 << 20

// mostExtents is how often a script may change from table to table. One that
// does so with every row is better replayed.
const mostExtents = 100_000

var _ seed.RowTaker = (*streamer)(nil)

// Take takes INSERTs like the one before, as many as it can without looking
// at anything but their rows.
func (s *streamer) Take(script *sqltext.Splitter) {
	for s.current != nil && s.err == nil && s.ctx.Err() == nil {
		n := s.takeAhead(script.Ahead())
		if n == 0 {
			return
		}
		script.Skip(n)
		if n >= worthCrew && continues(script, s.head) {
			s.leaveToCrew(script)
		}
	}
}

// continues reports whether the script goes on with an INSERT of that head.
func continues(script *sqltext.Splitter, head []byte) bool {
	ahead := script.Ahead()
	return bytes.HasPrefix(ahead[skipSpace(ahead, 0):], head)
}

func (s *streamer) leaveToCrew(script *sqltext.Splitter) {
	s.send()
	if s.crew == nil {
		s.crew = newCrew(s)
	}
	if s.crew != nil && s.err == nil {
		s.crew.take(script)
	}
}

// takeAhead takes what it can of the text, and returns its length.
func (s *streamer) takeAhead(text []byte) int {
	taken := 0
	for {
		taken += s.copier.copyInserts(text[taken:], s.head, s.current, &s.current.progress, worthWriting)
		if !s.copier.inserts.isFull() {
			return taken
		}
		if s.send(); s.err != nil {
			return taken
		}
	}
}

// send writes what was gathered.
func (s *streamer) send() {
	if s.err != nil || s.copier.inserts.isEmpty() {
		return
	}
	s.err = s.out.write(&s.copier.inserts)
	s.copier.inserts.reset()
}

func (s *streamer) written() int64 { return s.out.written + int64(len(s.copier.inserts.buf)) }

// TakeStatement takes an INSERT into a table that it knows, and refuses what
// could change how those before, or behind, are to be read.
func (s *streamer) TakeStatement(c *sqlite.Conn, kind sqltext.Kind, statement sqltext.Statement) (bool, error) {
	if err := s.ctx.Err(); err != nil {
		return false, err
	}
	s.closeExtent()
	switch kind {
	case sqltext.KindInsert:
		return s.takeInsert(c, statement)
	case sqltext.KindCreateTrigger:
		s.triggers = true
		return false, refuseTemporary(statement)
	case sqltext.KindCreateTable, sqltext.KindCreateView:
		return false, refuseTemporary(statement)
	case sqltext.KindDelete, sqltext.KindDropTable:
		s.forgetNumbers()
		return false, s.refuseToTakeBack(statement)
	case sqltext.KindUpdate:
		if _, name := statement.Name(); !strings.EqualFold(name, seed.SequenceTable) {
			return false, errAskSQLite // the rows that it adds to are not there
		}
		s.forgetNumbers()
		return false, s.refuseToTakeBack(statement)
	case sqltext.KindCreateTableAs, sqltext.KindCreateVirtualTable:
		return false, errAskSQLite
	case sqltext.KindAnalyze:
		if _, name := statement.Name(); !strings.EqualFold(name, "sqlite_schema") && !strings.EqualFold(name, "sqlite_master") {
			return false, errAskSQLite
		}
	}
	return false, s.err
}

// refuseToTakeBack refuses what takes rows back, and what reads rows, which are
// not there.
func (s *streamer) refuseToTakeBack(statement sqltext.Statement) error {
	if sqltext.HasKeyword(statement.Text, "SELECT") {
		return errAskSQLite
	}
	_, name := statement.Name()
	for _, t := range s.targets {
		if strings.EqualFold(t.name, name) {
			return errAskSQLite
		}
	}
	return s.err
}

// refuseTemporary refuses what would hide the tables that rows go to.
func refuseTemporary(statement sqltext.Statement) error {
	if db, _ := statement.Name(); strings.EqualFold(db, "temp") {
		return errAskSQLite
	}
	return nil
}

func (s *streamer) takeInsert(c *sqlite.Conn, statement sqltext.Statement) (bool, error) {
	if err := s.insert.Parse(statement); err != nil {
		return false, nil // the replay says what it is, if not an error
	}
	if s.triggers || s.insert.Or != "" || s.insert.Schema != "" {
		return false, errAskSQLite
	}
	t, err := s.target(c, s.insert.Table)
	if t == nil || err != nil {
		return false, err
	}
	if !t.hasColumns(s.insert.Columns) {
		return false, errAskSQLite
	}
	if err := t.number(c); err != nil {
		return false, err
	}
	s.openExtent(t)
	rest := statement.Text[len(s.head):]
	var n int
	if len(rest) > longStatement {
		s.send()
		n = s.copier.copyLong(rest, t, s.send)
	} else {
		n = s.copier.copyRows(rest, t, &t.progress)
	}
	if n == 0 || n != len(rest) {
		if err := s.insertAndRead(c, statement); err != nil {
			return true, err
		}
	}
	if s.copier.inserts.isFull() {
		s.send()
	}
	return true, s.err
}

// target returns the table of that name; nil if its rows are left out, and
// are for SQLite to insert.
func (s *streamer) target(c *sqlite.Conn, name string) (*target, error) {
	if t, ok := s.targets[name]; ok {
		return t, nil
	}
	if tells, err := s.tells(name); tells || err != nil {
		return nil, errors.Join(err, errAskSQLite)
	}
	t, err := newTarget(c, name)
	if err != nil {
		return nil, err
	}
	if t == nil {
		s.forgetNumbers()
		return nil, nil
	}
	for _, other := range s.targets {
		if other.name == t.name {
			t = other
		}
	}
	s.targets[name] = t
	return t, nil
}

// forgetNumbers is for when sqlite_sequence may have been changed.
func (s *streamer) forgetNumbers() {
	for _, t := range s.targets {
		t.numbered = false
	}
}

// insertAndRead lets SQLite have a statement's rows, and writes what it made
// of them. What SQLite needs to know of the rows before is left to a replay:
// the next rowid, and the keys that an ON CONFLICT clause is about.
func (s *streamer) insertAndRead(c *sqlite.Conn, statement sqltext.Statement) error {
	t := s.current
	for row, err := range s.insert.Rows() {
		if err != nil {
			return err
		}
		if len(row.Values) != len(t.columns) || t.lacksKey(row.Values) {
			return errAskSQLite
		}
	}
	if len(s.insert.Tail) > 0 {
		return errAskSQLite
	}
	if err := c.Exec(string(statement.Text)); err != nil {
		return err
	}
	name := sqltext.QuoteIdent(t.name)
	for row, err := range c.Query("SELECT " + t.list + " FROM " + name + " NOT INDEXED") {
		if err != nil {
			return err
		}
		if !s.writeRow(row.Values()) {
			return errAskSQLite
		}
	}
	return c.Exec("DELETE FROM " + name)
}

// writeRow writes a row of the current target, unless it is not known to
// stand behind those before.
func (s *streamer) writeRow(values []sqlite.Value) bool {
	t := s.current
	for i, column := range t.columns {
		if column.key >= 0 {
			t.key.parts[column.key] = portable.Append(nil, values[i])
		}
	}
	if !t.key.advance() {
		return false
	}
	s.copier.inserts.buf = append(s.copier.inserts.buf, t.head...)
	s.copier.inserts.buf = append(portable.AppendList(s.copier.inserts.buf, values), ");\n"...)
	t.rows++
	return true
}

func (s *streamer) openExtent(t *target) {
	s.current, s.head = t, append(s.head[:0], s.insert.Head()...)
	if n := len(s.extents); n > 0 && s.extents[n-1].table == t.name {
		return
	}
	s.extents = append(s.extents, extent{table: t.name, start: s.written()})
	if len(s.extents) > mostExtents {
		s.err = errAskSQLite
	}
}

// closeExtent notes how far the rows of the table go that they are in.
func (s *streamer) closeExtent() {
	s.current = nil
	if n := len(s.extents); n > 0 {
		s.extents[n-1].end = s.written()
	}
}

// close ends the last table's rows.
func (s *streamer) close() error {
	s.closeExtent()
	return s.err
}

// rowsOf returns the number of rows of the table.
func (s *streamer) rowsOf(table string) int64 {
	for _, t := range s.targets {
		if t.name == table {
			return t.rows
		}
	}
	return 0
}

// inOrder reports whether the output holds the tables of that order, each in
// one piece, and nothing else.
func (s *streamer) inOrder(tables []string) bool {
	for _, e := range s.extents {
		i := 0
		for i < len(tables) && tables[i] != e.table {
			i++
		}
		if i == len(tables) {
			return false
		}
		tables = tables[i+1:]
	}
	return true
}

// copyTable copies the table's rows from what was written.
func (s *streamer) copyTable(w io.Writer, written io.ReaderAt, table string) error {
	for _, e := range s.extents {
		if e.table != table {
			continue
		}
		if _, err := io.Copy(w, io.NewSectionReader(written, e.start, e.end-e.start)); err != nil {
			return err
		}
	}
	return nil
}
