package seed

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/seedkit/seedkit/internal/load"
	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/sqltext"
	"github.com/seedkit/seedkit/internal/tempfile"
)

// StatementError reports a statement that cannot be part of a seed, or that SQLite refuses.
type StatementError struct {
	sqltext.Position
	Err error
}

func (e *StatementError) Error() string { return fmt.Sprintf("%s: %v", e.Position, e.Err) }

// Unwrap returns what is wrong with the statement.
func (e *StatementError) Unwrap() error { return e.Err }

var (
	// ErrNotASeed reports a statement that neither inserts rows by their values nor makes what the
	// rows go into.
	ErrNotASeed = errors.New("cannot be part of a seed")
	// ErrNoTables reports a script that inserts into tables that it does not make, while the source
	// has no schema either.
	ErrNoTables = errors.New("the script makes no tables, and there is no schema for it")
)

// replay runs a script on a scratch database. left says which columns the script's rows leave out;
// it is nil unless the source asks for it.
func replay(ctx context.Context, source Source) (c *sqlite.Conn, left *unsaid, err error) {
	r := source.Script
	if r == nil {
		f, err := schema.OpenScript(ctx, source.Path)
		if err != nil {
			return nil, nil, err
		}
		defer f.Close()
		r = f
	}
	if !tempfile.CanSeek(r) {
		// A long INSERT is read twice if that is possible. Otherwise it must be in memory.
		if kept, err := tempfile.Keep(r); err == nil {
			defer kept.Close()
			r = kept
		}
	}
	if r, err = checkEncoding(r, source.Path); err != nil {
		return nil, nil, err
	}
	r = checkUTF8(r, source.NotUTF8)
	chance := newScriptChance(source.Now)
	if c, err = sqlite.OpenScratch(ctx, chance.world()); err != nil {
		return nil, nil, err
	}
	c.ForbidAttach()
	if source.StandIn {
		if err := c.StandInForCollations(); err != nil {
			c.Close()
			return nil, nil, err
		}
	}
	p := player{c: c, source: source, loader: load.NewLoader(c), chance: chance}
	if source.NoteUnsaid {
		p.unsaid, err = newUnsaid(c)
	}
	if err == nil {
		err = p.play(r)
	}
	if err != nil {
		c.Close()
		return nil, nil, err
	}
	return c, p.unsaid, nil
}

// player replays a script's statements.
type player struct {
	c         *sqlite.Conn
	source    Source
	loader    *load.Loader
	insert    sqltext.Insert
	hasTables bool // The script or the source's schema has made tables.
	// fromSchema says that the source's schema has made the tables.
	fromSchema bool
	drops      []string // DROPs that came before the tables.
	counters   bool     // The script has rows of sqlite_sequence.
	virtual    bool     // There are virtual tables.
	sample     bool
	resolver   *resolver // Nil before the first lookup.
	chance     *scriptChance
	unsaid     *unsaid // Nil if the source does not ask for it.

	transactions transactions
	marks        marks
}

func (p *player) play(r io.Reader) error {
	defer p.loader.Close()
	defer func() { p.resolver.close() }()
	if err := p.c.Exec("BEGIN"); err != nil {
		return err
	}
	if p.source.Rows != nil {
		return p.offerAll(r)
	}
	for part, err := range load.Script(r, p.source.Path) {
		if err == nil && part.Rows != nil {
			err = p.insertRows(part.Rows)
		} else if err == nil {
			err = p.runAt(part.Statement)
		}
		if err != nil {
			return err
		}
	}
	return p.finish()
}

// offerAll replays a script and offers its rows to the source's Rows.
func (p *player) offerAll(r io.Reader) error {
	for s := sqltext.NewSplitter(r, p.source.Path); ; {
		p.source.Rows.Take(s)
		statement, err := s.Next()
		if err == io.EOF {
			return p.finish()
		}
		if err == nil {
			err = p.runAt(statement)
		}
		if err != nil {
			return err
		}
	}
}

func (p *player) runAt(s sqltext.Statement) error {
	if err := p.readLead(s.Lead, s.Position); err != nil {
		return err
	}
	kind := s.Kind()
	if err := p.transactions.follow(kind, s); err != nil {
		return err
	}
	p.chance.begin(func(w io.Writer) { w.Write(s.Text) })
	err := p.run(kind, s)
	if err == nil {
		return nil
	}
	if _, placed := errors.AsType[*StatementError](err); !placed {
		err = &StatementError{Position: s.Position, Err: err}
	}
	return p.whyUnfinished(s, err)
}

// readLead reads the comments before a statement. They may say that the rows are samples, or that
// the script is incomplete.
func (p *player) readLead(lead []byte, position sqltext.Position) error {
	p.sample = p.sample || bytes.Contains(lead, []byte(SampleComment))
	return p.marks.checkLead(lead, position)
}

func (p *player) run(kind sqltext.Kind, s sqltext.Statement) error {
	if p.source.Rows != nil {
		if taken, err := p.offer(kind, s); taken || err != nil {
			return err
		}
	}
	switch kind {
	case sqltext.KindEmpty, sqltext.KindNoChange, sqltext.KindBegin, sqltext.KindCommit:
		return nil // the whole replay is one transaction
	case sqltext.KindPragma:
		return p.pragma(s)
	case sqltext.KindInsert:
		return p.insertStatement(s)
	case sqltext.KindUpdate:
		if setsCounter(s.Text) {
			return p.setCounter(s)
		}
		if isAddition(s.Text) {
			return p.addPart(s)
		}
		return notASeed(s)
	case sqltext.KindDelete:
		return p.delete(s)
	case sqltext.KindDropTable:
		return p.dropTable(s)
	case sqltext.KindDrop:
		return p.drop(s)
	case sqltext.KindCreateTable:
		if made, err := p.makesItself(s); made || err != nil {
			return err
		}
		p.hasTables = true
	case sqltext.KindCreateTableAs:
		p.hasTables = true
	case sqltext.KindCreateVirtualTable:
		p.hasTables, p.virtual = true, true
	case sqltext.KindCreateIndex, sqltext.KindCreateView, sqltext.KindCreateTrigger,
		sqltext.KindAnalyze, sqltext.KindSavepoint, sqltext.KindRelease:
	default:
		return notASeed(s)
	}
	p.loader.Close()
	if err := p.changeSchema(kind); err != nil {
		return err
	}
	if err := p.c.Exec(string(s.Text)); err != nil {
		return p.createForeign(kind, s, err)
	}
	return nil
}

// offer offers a statement to the source's Rows.
func (p *player) offer(kind sqltext.Kind, s sqltext.Statement) (taken bool, err error) {
	if kind == sqltext.KindInsert {
		if err := p.needTables(insertsInto(s)); err != nil {
			return false, err
		}
	}
	return p.source.Rows.TakeStatement(p.c, kind, s)
}

// pragma runs PRAGMA writable_schema, which dumps need to restore virtual tables, and the pragmas
// with numbers that belong to a database's content. It ignores other pragmas, which set up the
// connection or the file.
func (p *player) pragma(s sqltext.Statement) error {
	switch _, name := s.Name(); strings.ToLower(name) {
	case "writable_schema", "user_version", "application_id":
		return p.c.Exec(string(s.Text))
	}
	return nil
}

// insertRows inserts rows of literals.
func (p *player) insertRows(rows *load.Rows) error {
	if err := p.readLead(rows.Lead, rows.Position()); err != nil {
		return err
	}
	p.chance.begin(rows.Digest)
	if err := p.needTables(rows.Table); err != nil {
		return &StatementError{Position: rows.Position(), Err: err}
	}
	if shadow, err := p.isShadow(rows.Table); shadow || err != nil {
		return err
	}
	err := p.note(rows.Table, said{columns: rows.Columns})
	if err == nil {
		err = p.loader.Insert(rows)
	}
	if err == nil || p.isForeign(err, rows.Table) {
		return nil
	}
	at := StatementError{Position: rows.Position(), Err: err}
	if refused, ok := errors.AsType[*load.RowError](err); ok {
		at = StatementError{Position: refused.Position, Err: refused.Err}
	}
	at.Err = p.whyRefused(at.Err, rows.Table, rows.Columns)
	return &at
}

// insertStatement runs an INSERT that is not one of [load.Rows]: it has other values than literals,
// or names its table with a schema. The source must have a target if the INSERT has other values
// than literals, because such values are looked up there. Without a target they could depend on
// rows that the seed does not have.
func (p *player) insertStatement(s sqltext.Statement) error {
	if err := p.checkLiterals(s); err != nil {
		if setsCounter(s.Text) {
			return p.setCounter(s)
		}
		if p.isLookups(s, err) {
			err = p.insertLookups(s)
		}
		if !isNotRead(err) {
			return err
		}
		return fmt.Errorf("%s %w: %w", excerpt(s.Text), ErrNotASeed, err)
	}
	if err := p.needTables(p.insert.Table); err != nil {
		return err
	}
	err := p.noteIn(p.insert.Schema, p.insert.Table, said{columns: p.insert.Columns})
	if err == nil {
		err = p.c.Exec(string(s.Text))
	}
	if err == nil || p.isForeign(err, p.insert.Table) {
		return nil
	}
	return p.whyRefused(err, p.insert.Table, p.insert.Columns)
}

// isNotRead reports whether err says that a statement cannot be read as part of a seed. Other
// errors say that the statement failed.
func isNotRead(err error) bool {
	_, other := errors.AsType[*sqltext.NotLiteralError](err)
	_, bad := errors.AsType[*sqltext.SyntaxError](err)
	return other || bad
}

func (p *player) checkLiterals(s sqltext.Statement) error {
	if err := p.insert.Parse(s); err != nil {
		return err
	}
	for _, err := range p.insert.Rows() {
		if err != nil {
			return err
		}
	}
	return nil
}

// dropAll drops the objects that a query finds. The query returns the type of each object and its
// name as SQL.
func (p *player) dropAll(query string) error {
	var drops []string
	for row, err := range p.c.Query(query) {
		if err != nil {
			return err
		}
		drops = append(drops, fmt.Sprintf("DROP %s %s", row.Text(0), row.Text(1)))
	}
	for _, sql := range drops {
		if err := p.c.Exec(sql); err != nil {
			return err
		}
	}
	return nil
}

// finish commits the replay. It makes SQLite read the schema again, so that virtual tables that the
// script wrote straight into the schema count, and their shadow tables are no longer tables of the
// app. It drops temporary tables and views, because they hide objects with the same name.
func (p *player) finish() error {
	if err := p.transactions.finish(); err != nil {
		return err
	}
	if err := p.marks.finish(); err != nil {
		return err
	}
	if p.counters { // a counter may be all that the script has of a table
		if err := p.needSchema(); err != nil {
			return fmt.Errorf("%s: %w", p.source.Path, err)
		}
	}
	if err := p.c.Exec("COMMIT"); err != nil {
		return err
	}
	if err := p.c.Exec("PRAGMA writable_schema = RESET"); err != nil {
		return err
	}
	const temporary = `SELECT type, 'temp.' || format('"%w"', name) FROM sqlite_temp_schema
		WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite\_%' ESCAPE '\'
		AND name NOT LIKE '` + unsaidPrefix + "%'"
	if err := p.dropAll(temporary); err != nil {
		return err
	}
	if p.sample {
		return p.c.Exec(fmt.Sprintf("PRAGMA application_id = %d", SampleApplicationID))
	}
	return nil
}

func notASeed(s sqltext.Statement) error {
	return fmt.Errorf("%s %w", excerpt(s.Text), ErrNotASeed)
}

// excerpt returns the beginning of a statement on one line.
func excerpt(text []byte) string {
	const longest = 40
	line := strings.Join(strings.Fields(string(text[:min(len(text), 2*longest)])), " ")
	if len(line) > longest {
		line = line[:longest] + "…"
	}
	return strings.ToValidUTF8(line, "?")
}
