package extract

import (
	"fmt"
	"io"

	"github.com/seedkit/seedkit/internal/load"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/sqltext"
)

// replay runs the result as SQLite would, one statement after another. It runs them in a
// transaction if the tool does.
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
			return &ProofError{Msg: err.Error(), Err: err}
		}
	}
	if err := end(); err != nil {
		return &ProofError{Msg: err.Error(), Err: err}
	}
	return nil
}

// player runs the parts of the result. Statements without a transaction share one if that changes
// nothing but the speed.
type player struct {
	c      *sqlite.Conn
	loader *load.Loader
	shares bool
	own    bool // The open transaction was begun by player and not by the script.
}

// canShare reports whether statements in one transaction do the same as statements with one
// transaction each. They do not if SQLite checks a foreign key only at the end of the transaction
// (https://sqlite.org/foreignkeys.html#fk_deferred).
func canShare(c *sqlite.Conn) (bool, error) {
	defers, err := c.Int64("SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE type = 'table' AND sql LIKE '%DEFERRED%')")
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

// begin begins a transaction if the script has none open and statements may share one.
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
