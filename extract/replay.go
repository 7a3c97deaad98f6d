package extract

import (
	"fmt"
	"io"

	"github.com/seedkit/seedkit/internal/load"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/sqltext"
)

// replay runs the result as SQLite would, statement by statement.
func replay(c *sqlite.Conn, result io.Reader) error {
	p := player{c: c, loader: load.NewLoader(c)}
	defer p.loader.Close()
	for part, err := range load.Script(result, "the result") {
		if err == nil {
			err = p.play(part)
		}
		if err != nil {
			return &ProofError{Msg: err.Error(), Err: err}
		}
	}
	if err := p.settle(); err != nil {
		return &ProofError{Msg: err.Error(), Err: err}
	}
	return nil
}

// player runs the parts of the result. Statements that stand outside of a
// transaction share one: that gives the same rows in a fraction of the time.
type player struct {
	c      *sqlite.Conn
	loader *load.Loader
	own    bool // the open transaction is not the script's
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

// begin begins a transaction where the script has none.
func (p *player) begin() error {
	if p.c.InTransaction() {
		return nil
	}
	p.own = true
	return p.c.Exec("BEGIN")
}

// settle ends the transaction that the script did not ask for.
func (p *player) settle() error {
	if !p.own {
		return nil
	}
	p.own = false
	return p.c.Exec("COMMIT")
}
