package seed

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/seedkit/seedkit/internal/load"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/sqltext"
)

// StatementError is a statement that a seed is not made of, or that SQLite
// refuses.
type StatementError struct {
	sqltext.Position
	Err error
}

func (e *StatementError) Error() string { return fmt.Sprintf("%s: %v", e.Position, e.Err) }

// Unwrap returns what is wrong with the statement.
func (e *StatementError) Unwrap() error { return e.Err }

var (
	// ErrNotASeed reports a statement that does not insert rows by their
	// values, or make what they go into.
	ErrNotASeed = errors.New("cannot be part of a seed")
	// ErrNoTables reports a script that inserts into tables which it does not
	// make, where nothing else tells what they look like.
	ErrNoTables = errors.New("the script makes no tables, and there is no schema for it")
)

// replay runs a script on a scratch database.
func replay(ctx context.Context, source Source) (c *sqlite.Conn, err error) {
	r := source.Script
	if r == nil {
		f, err := OpenScript(ctx, source.Path)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		r = f
	}
	chance := &scriptChance{}
	if c, err = sqlite.OpenScratch(ctx, chance.world()); err != nil {
		return nil, err
	}
	c.ForbidAttach()
	p := player{c: c, source: source, loader: load.NewLoader(c), chance: chance}
	if err := p.play(r); err != nil {
		c.Close()
		return nil, err
	}
	return c, nil
}

// player replays a script's statements.
type player struct {
	c         *sqlite.Conn
	source    Source
	loader    *load.Loader
	insert    sqltext.Insert
	hasTables bool // the script or the source's schema has made some
	sample    bool
	resolver  *resolver // nil before the first value that is looked up
	chance    *scriptChance
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

// offerAll offers the script's rows to the source's Rows.
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
	p.mark(s.Lead)
	p.chance.begin(func(w io.Writer) { w.Write(s.Text) })
	err := p.run(s)
	if _, placed := errors.AsType[*StatementError](err); err == nil || placed {
		return err
	}
	return &StatementError{Position: s.Position, Err: err}
}

// mark notes whether the comments before a statement say that the rows are
// samples.
func (p *player) mark(lead []byte) {
	p.sample = p.sample || bytes.Contains(lead, []byte(SampleComment))
}

func (p *player) run(s sqltext.Statement) error {
	kind := s.Kind()
	if p.source.Rows != nil {
		if taken, err := p.offer(kind, s); taken || err != nil {
			return err
		}
	}
	switch kind {
	case sqltext.KindEmpty, sqltext.KindBegin, sqltext.KindCommit:
		return nil // all of it is one transaction
	case sqltext.KindPragma:
		return p.pragma(s)
	case sqltext.KindInsert:
		return p.insertStatement(s)
	case sqltext.KindUpdate:
		if isRaise(s.Text) {
			return p.raiseCounter(s)
		}
		return notASeed(s)
	case sqltext.KindDelete:
		return p.delete(s)
	case sqltext.KindCreateTable, sqltext.KindCreateTableAs, sqltext.KindCreateVirtualTable:
		p.hasTables = true
	case sqltext.KindCreateIndex, sqltext.KindCreateView, sqltext.KindCreateTrigger,
		sqltext.KindAnalyze, sqltext.KindSavepoint, sqltext.KindRelease:
	default:
		return notASeed(s)
	}
	p.loader.Close()
	return p.c.Exec(string(s.Text))
}

// offer offers a statement to the source's Rows.
func (p *player) offer(kind sqltext.Kind, s sqltext.Statement) (taken bool, err error) {
	if kind == sqltext.KindInsert {
		if err := p.needTables(); err != nil {
			return false, err
		}
	}
	return p.source.Rows.TakeStatement(p.c, kind, s)
}

// pragma runs the one that dumps need to restore virtual tables. The others
// set up the connection or the file, not the rows.
func (p *player) pragma(s sqltext.Statement) error {
	if _, name := s.Name(); strings.EqualFold(name, "writable_schema") {
		return p.c.Exec(string(s.Text))
	}
	return nil
}

// insertRows inserts rows of literals.
func (p *player) insertRows(rows *load.Rows) error {
	p.mark(rows.Lead)
	p.chance.begin(rows.Digest)
	if err := p.needTables(); err != nil {
		return &StatementError{Position: rows.Position(), Err: err}
	}
	err := p.loader.Insert(rows)
	if err == nil {
		return nil
	}
	at := StatementError{Position: rows.Position(), Err: err}
	if refused, ok := errors.AsType[*load.RowError](err); ok {
		at = StatementError{Position: refused.Position, Err: refused.Err}
	}
	at.Err = p.whyRefused(at.Err, rows.Table, rows.Columns)
	return &at
}

// insertStatement runs an INSERT that is not of rows of literals, or into a
// table that it names with its schema. What an INSERT of anything but literals
// would give depends on rows that a seed does not have, unless the source has
// a target in which they can be looked up.
func (p *player) insertStatement(s sqltext.Statement) error {
	if err := p.checkLiterals(s); err != nil {
		if isRaise(s.Text) {
			return p.raiseCounter(s)
		}
		if p.isLookups(s, err) {
			err = p.insertLookups(s)
		}
		if !isNotRead(err) {
			return err
		}
		return fmt.Errorf("%s %w: %w", excerpt(s.Text), ErrNotASeed, err)
	}
	if err := p.needTables(); err != nil {
		return err
	}
	err := p.c.Exec(string(s.Text))
	if err == nil {
		return nil
	}
	return p.whyRefused(err, p.insert.Table, p.insert.Columns)
}

// isNotRead tells a statement that is none of a seed's from one that fails.
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

// delete runs the one that dumps begin the rows of sqlite_sequence with.
func (p *player) delete(s sqltext.Statement) error {
	if _, name := s.Name(); !strings.EqualFold(name, SequenceTable) {
		return notASeed(s)
	}
	return p.c.Exec(string(s.Text))
}

// raiseCounter runs a statement that [Raises] makes.
func (p *player) raiseCounter(s sqltext.Statement) error {
	if err := p.needTables(); err != nil {
		return err
	}
	return p.c.Exec(string(s.Text))
}

// needTables makes the tables of the source's schema if the script has made
// none itself, without the triggers: they will fire, or not, where the rows go.
func (p *player) needTables() error {
	if p.hasTables {
		return nil
	}
	p.hasTables = true
	if p.source.Schema == nil {
		return ErrNoTables
	}
	sql, err := p.source.Schema()
	if err != nil {
		return err
	}
	if err := p.c.ExecScript(sql); err != nil {
		return fmt.Errorf("make the tables: %w", err)
	}
	return p.drop("SELECT type, format('\"%w\"', name) FROM sqlite_schema WHERE type = 'trigger'")
}

// drop drops what a query finds: the types of objects, and their names as SQL.
func (p *player) drop(query string) error {
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

// finish lets SQLite see virtual tables that the script wrote straight into
// the schema: their shadow tables are no tables of the app's. What was the
// connection's alone goes, since it hides what has the same name.
func (p *player) finish() error {
	if err := p.c.Exec("COMMIT"); err != nil {
		return err
	}
	if err := p.c.Exec("PRAGMA writable_schema = RESET"); err != nil {
		return err
	}
	if err := p.drop("SELECT type, 'temp.' || format('\"%w\"', name) FROM sqlite_temp_schema WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"); err != nil {
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

// excerpt returns the beginning of a statement, on one line.
func excerpt(text []byte) string {
	const longest = 40
	line := strings.Join(strings.Fields(string(text[:min(len(text), 2*longest)])), " ")
	if len(line) > longest {
		line = line[:longest] + "…"
	}
	return strings.ToValidUTF8(line, "?")
}
