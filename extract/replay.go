package extract

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/sqltext"
)

// replay runs the result as SQLite would, statement by statement.
func replay(c *sqlite.Conn, result io.Reader) error {
	p := player{c: c}
	defer p.close()
	for statement, err := range sqltext.Statements(result, "the result") {
		if err != nil {
			return &ProofError{Msg: err.Error(), Err: err}
		}
		if err := p.run(statement); err != nil {
			return &ProofError{Msg: fmt.Sprintf("%s: %v", statement.Position, err), Err: err}
		}
	}
	if err := p.settle(); err != nil {
		return &ProofError{Msg: err.Error(), Err: err}
	}
	return nil
}

const (
	batch  = 20   // rows that are inserted by one statement; more is not faster
	widest = 1000 // columns of such rows: a statement has 32,766 parameters at most
)

// player runs statements. Rows that are inserted as literals, which are nearly
// all, it binds to a statement that is compiled once, some at a time, and
// those that stand outside of a transaction share one: that gives the same
// rows in a fraction of the time.
type player struct {
	c       *sqlite.Conn
	parsed  sqltext.Insert
	table   string // of the rows that wait, and
	columns []string
	waiting [][]sqlite.Value
	full    *sqlite.Stmt // inserts a batch of rows like those that wait
	own     bool         // the open transaction is not the script's
}

func (p *player) close() { p.full.Close() }

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
	p.forget() // a compiled statement would hold up a change of the schema
	return p.c.Exec(string(s.Text))
}

// settle inserts the rows that wait, and ends the transaction that the script
// did not ask for.
func (p *player) settle() error {
	if err := p.insertWaiting(); err != nil || !p.own {
		return err
	}
	p.own = false
	return p.c.Exec("COMMIT")
}

func (p *player) forget() {
	p.full.Close()
	p.full, p.table = nil, ""
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
		if err := p.insertWaiting(); err != nil {
			return err
		}
		return p.c.Exec(string(s.Text))
	}
	if p.parsed.Table != p.table || !slices.Equal(p.parsed.Columns, p.columns) || len(p.waiting) > 0 && len(rows[0]) != len(p.waiting[0]) {
		if err := p.insertWaiting(); err != nil {
			return err
		}
		p.forget()
		p.table, p.columns = p.parsed.Table, slices.Clone(p.parsed.Columns)
	}
	for _, row := range rows {
		p.waiting = append(p.waiting, row)
		if len(p.waiting) == batch {
			if err := p.insertWaiting(); err != nil {
				return err
			}
		}
	}
	return nil
}

// insertWaiting inserts the rows that wait: a full batch at once, fewer one by
// one.
func (p *player) insertWaiting() (err error) {
	rows := p.waiting
	p.waiting = p.waiting[:0]
	switch {
	case len(rows) == 0:
		return nil
	case len(rows) < batch, len(rows[0]) > widest:
		one, err := p.compile(1, len(rows[0]))
		if err != nil {
			return err
		}
		defer one.Close()
		for _, row := range rows {
			if err := insert(one, row); err != nil {
				return err
			}
		}
		return nil
	case p.full == nil:
		if p.full, err = p.compile(batch, len(rows[0])); err != nil {
			return err
		}
	}
	return insert(p.full, slices.Concat(rows...))
}

func insert(s *sqlite.Stmt, values []sqlite.Value) error {
	if err := s.BindValues(values); err != nil {
		return err
	}
	_, err := s.Step()
	return err
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

// compile makes the statement that inserts rows of the given width.
func (p *player) compile(rows, width int) (*sqlite.Stmt, error) {
	columns := ""
	if p.columns != nil {
		columns = " (" + sqltext.QuoteIdents(p.columns) + ")"
	}
	row := "(?" + strings.Repeat(", ?", width-1) + ")"
	return p.c.PrepareOne(fmt.Sprintf("INSERT INTO %s%s VALUES %s%s",
		sqltext.QuoteIdent(p.table), columns, row, strings.Repeat(", "+row, rows-1)))
}
