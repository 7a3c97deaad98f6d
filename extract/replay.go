package extract

import (
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/seedkit/seedkit/internal/load"
	"github.com/seedkit/seedkit/internal/migration"
	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/sqltext"
)

// before returns the source of the database before the result: the baseline, or the seed's schema.
func (r *run) before() (schema.Source, error) {
	if r.source != nil {
		return *r.source, nil
	}
	sql, err := schema.Statements(r.seed.Conn)
	scripts := []schema.Script{{Name: "the seed's schema", SQL: sql}}
	return schema.Source{Format: migration.SQL, Scripts: scripts}, err
}

// prepare makes the database before the result, with the given rows.
func (r *run) prepare(c *sqlite.Conn) error {
	before, err := r.before()
	if err != nil {
		return err
	}
	if err := before.Apply(c); err != nil {
		return notRun(err)
	}
	if err := r.provide(c); err != nil {
		return err
	}
	return c.Exec("PRAGMA foreign_keys = ON")
}

// writeAndReplay writes the result and replays it at the same time.
func (r *run) writeAndReplay(w io.Writer, c *sqlite.Conn) (Report, error) {
	if err := r.prepare(c); err != nil {
		return Report{}, err
	}
	result, copies := io.Pipe()
	out, inTransaction, err := r.newOutput(io.MultiWriter(w, copies))
	if err != nil {
		return Report{}, err
	}
	replayed := make(chan error, 1)
	go func() {
		err := replay(c, result, inTransaction)
		result.CloseWithError(err) // After an error, write must stop.
		replayed <- err
	}()
	report, err := r.write(out)
	copies.CloseWithError(err)
	if replayErr := <-replayed; err == nil || errors.Is(err, replayErr) {
		err = replayErr
	}
	return report, err
}

// runMigrations runs the migrations in order, with the edited one. If the edited migration is not
// in the list, it runs last. Only the edited migration runs with foreign keys on.
func (r *run) runMigrations(c *sqlite.Conn, edit *Edit) error {
	source, err := r.before()
	if err != nil {
		return err
	}
	scripts := slices.Clone(source.Scripts)
	isEdited := func(s schema.Script) bool { return schema.SameFile(edit.Path, s.Name) }
	at := slices.IndexFunc(scripts, isEdited)
	if at < 0 {
		at, scripts = len(scripts), append(scripts, schema.Script{})
	}
	scripts[at] = schema.Script{Name: edit.Path, SQL: string(edit.New)}
	for i := range scripts {
		format, keys := source.Format, "OFF"
		if i == at {
			format, keys = r.format, "ON"
			if err := r.provide(c); err != nil {
				return err
			}
		}
		if err := c.Exec("PRAGMA foreign_keys = " + keys); err != nil {
			return err
		}
		isSchema := source.IsSchema && i != at
		source := schema.Source{Format: format, Scripts: scripts, IsSchema: isSchema}
		if err := source.ApplyScript(c, i); err != nil {
			return notRun(err)
		}
	}
	return nil
}

// replay runs the statements of the result one after another, as SQLite would. It runs them in a
// transaction if the migration's tool does.
func replay(c *sqlite.Conn, result io.Reader, inTransaction bool) error {
	p := player{c: c, loader: load.NewLoader(c)}
	defer p.loader.Close()
	var err error
	if p.shares, err = canShare(c); err != nil {
		return err
	}
	end := p.settle
	if inTransaction {
		end = func() error { return c.Exec("COMMIT") }
		if err := c.Exec("BEGIN"); err != nil {
			return err
		}
	}
	for part, err := range load.Script(result, "the result") {
		if err == nil {
			err = p.play(part)
		}
		if err != nil {
			return notRun(err)
		}
	}
	if err := end(); err != nil {
		return notRun(err)
	}
	return nil
}

// player runs the parts of the result. Statements without a transaction share one if that changes
// only the speed.
type player struct {
	c      *sqlite.Conn
	loader *load.Loader
	shares bool // Statements may share a transaction.
	own    bool // The player began the open transaction, not the script.
}

// canShare reports whether statements in one transaction have the same effect as statements in a
// transaction each. The effect differs if SQLite checks a foreign key only at the end of the
// transaction (https://sqlite.org/foreignkeys.html#fk_deferred).
func canShare(c *sqlite.Conn) (bool, error) {
	defers, err := c.Int64(`SELECT EXISTS (
		SELECT 1 FROM sqlite_schema WHERE type = 'table' AND sql LIKE '%DEFERRED%')`)
	return defers == 0, err
}

func (p *player) play(part load.Part) error {
	if part.Rows == nil {
		if err := p.run(part.Statement); err != nil {
			return fmt.Errorf("%s: %w", part.Statement.Position, err)
		}
		return nil
	}
	if err := p.begin(); err != nil {
		return err
	}
	return p.loader.Insert(part.Rows)
}

func (p *player) run(s sqltext.Statement) error {
	prepare := p.settle
	switch s.Kind() {
	case sqltext.KindEmpty:
		return nil
	case sqltext.KindInsert:
		prepare = p.begin
	default:
		p.loader.Close()
	}
	if err := prepare(); err != nil {
		return err
	}
	return p.c.Exec(string(s.Text))
}

// begin begins a transaction if none is open and statements may share one.
func (p *player) begin() error {
	if !p.shares || p.c.InTransaction() {
		return nil
	}
	p.own = true
	return p.c.Exec("BEGIN")
}

// settle commits the transaction that player began.
func (p *player) settle() error {
	if !p.own {
		return nil
	}
	p.own = false
	return p.c.Exec("COMMIT")
}
