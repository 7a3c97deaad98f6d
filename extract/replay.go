package extract

import (
	"fmt"
	"strings"

	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/sqltext"
)

// replay runs a script as SQLite would, statement by statement.
func replay(c *sqlite.Conn, script text) error {
	p := player{c: c}
	defer p.close()
	for statement, err := range sqltext.Statements(script.r, script.name) {
		if err != nil {
			return &ProofError{Msg: err.Error(), Err: err}
		}
		if err := p.run(statement); err != nil {
			return &ProofError{Msg: fmt.Sprintf("%s: %v", statement.Position, err), Err: err}
		}
	}
	if err := p.settle(); err != nil {
		return &ProofError{Msg: fmt.Sprintf("%s: %v", script.name, err), Err: err}
	}
	if c.InTransaction() {
		return &ProofError{Msg: script.name + " leaves a transaction open"}
	}
	return nil
}

// player runs statements. INSERTs of literals, which are nearly all, it binds
// to a statement that is compiled once, and those that stand outside of a
// transaction share one: that gives the same rows in a fraction of the time.
type player struct {
	c      *sqlite.Conn
	parsed sqltext.Insert
	head   string // of the INSERT that is compiled
	insert *sqlite.Stmt
	own    bool // the open transaction is not the script's
}

func (p *player) close() { p.insert.Close() }

func (p *player) run(s sqltext.Statement) error {
	switch s.Kind() {
	case sqltext.KindEmpty:
		return nil
	case sqltext.KindInsert:
		return p.runInsert(s)
	}
	if err := p.settle(); err != nil {
		return err
	}
	p.insert.Close() // it would hold up a change of the schema
	p.head = ""
	return p.c.Exec(string(s.Text))
}

// settle ends the transaction that the script did not ask for.
func (p *player) settle() error {
	if !p.own {
		return nil
	}
	p.own = false
	return p.c.Exec("COMMIT")
}

// runInsert falls back to the text for whatever is not plain.
func (p *player) runInsert(s sqltext.Statement) error {
	if !p.c.InTransaction() {
		if err := p.c.Exec("BEGIN"); err != nil {
			return err
		}
		p.own = true
	}
	rows, plain := p.literals(s)
	if !plain {
		return p.c.Exec(string(s.Text))
	}
	if err := p.compile(len(rows[0])); err != nil {
		return err
	}
	for _, row := range rows {
		if err := p.insert.BindValues(row); err != nil {
			return err
		}
		if _, err := p.insert.Step(); err != nil {
			return err
		}
	}
	return nil
}

// literals reads an INSERT that has nothing but a table, columns and literals.
func (p *player) literals(s sqltext.Statement) (rows [][]sqlite.Value, plain bool) {
	if err := p.parsed.Parse(s); err != nil || p.parsed.Or != "" || p.parsed.Schema != "" {
		return nil, false
	}
	for row, err := range p.parsed.Rows() {
		if err != nil {
			return nil, false
		}
		values := make([]sqlite.Value, len(row.Values))
		for i, v := range row.Values {
			values[i] = value(v)
		}
		rows = append(rows, values)
	}
	return rows, len(p.parsed.Tail) == 0
}

func value(v sqltext.Value) sqlite.Value {
	switch v.Type {
	case sqltext.Integer:
		return sqlite.Int(v.Int)
	case sqltext.Real:
		return sqlite.Float(v.Real)
	case sqltext.Text:
		return sqlite.String(string(v.Bytes))
	case sqltext.Blob:
		return sqlite.Bytes(v.Bytes)
	}
	return sqlite.Value{}
}

func (p *player) compile(width int) (err error) {
	columns := ""
	if p.parsed.Columns != nil {
		columns = " (" + quoteAll(p.parsed.Columns) + ")"
	}
	head := fmt.Sprintf("INSERT INTO %s%s VALUES (?%s)", sqltext.QuoteIdent(p.parsed.Table), columns, strings.Repeat(", ?", width-1))
	if head == p.head {
		return nil
	}
	p.insert.Close()
	p.insert, err = p.c.PrepareOne(head)
	p.head = head
	if err != nil {
		p.head = ""
	}
	return err
}
