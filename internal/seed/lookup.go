package seed

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/seedkit/seedkit/internal/nearest"
	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/sqltext"
)

// LookupError reports that a script looks up a row by a unique key, and that neither the target nor
// the script up to that statement has such a row.
type LookupError struct {
	Table string
	Where string // "name = 'admin'"
}

func (e *LookupError) Error() string {
	const format = "there is no row of %s with %s, neither in the target nor before in the script"
	return fmt.Sprintf(format, e.Table, e.Where)
}

// resolver finds the values that a script looks up. It prefers the target's rows. If the target and
// the script both have a row with the key, the script's row is left out or is the same row.
type resolver struct {
	target, script *sqlite.Conn
	statement      sqltext.Statement
	there          *schema.Schema // The target's schema.
	queries        map[string]*sqlite.Stmt
}

func (r *resolver) close() {
	if r == nil {
		return
	}
	for _, query := range r.queries {
		query.Close()
	}
	clear(r.queries)
}

func (r *resolver) errorAt(offset int, err error) error {
	return &StatementError{Position: r.statement.PositionAt(offset), Err: err}
}

// refuse returns the error for a lookup that is valid SQL but that seedkit does not resolve.
func (r *resolver) refuse(offset int, format string, args ...any) error {
	return r.errorAt(offset,
		fmt.Errorf("the statement %w: "+format, append([]any{ErrNotASeed}, args...)...))
}

// found is a table of a query. Its row is nil until the row is found.
type found struct {
	sqltext.FromTable
	table  *schema.Table
	row    []sqlite.Value
	theirs bool // the row is the target's
}

// lookedUp is a value of a row, and whether it is the target's.
type lookedUp struct {
	sqlite.Value
	theirs bool
}

// resolve returns the one row of a query. It finds the row of each table by equalities of all
// columns of a unique key with known values. A value is known if it is a literal, a query, or a
// column of a row that is found already.
func (r *resolver) resolve(q *sqltext.Select) ([]lookedUp, error) {
	tables := make([]*found, len(q.From))
	for i, from := range q.From {
		t, err := r.table(from.Table)
		if err != nil {
			return nil, err
		}
		if t == nil {
			near, _ := nearest.Nearest(from.Table, r.there.Names())
			return nil, r.errorAt(from.Offset, &NoPlaceError{Table: from.Table, Near: near})
		}
		tables[i] = &found{FromTable: from, table: t}
	}
	used := make([]bool, len(q.Where))
	for range tables {
		if err := r.findNext(q, tables, used); err != nil {
			return nil, err
		}
	}
	if i := slices.Index(used, false); i >= 0 {
		return nil, r.refuse(q.Where[i].Offset,
			"it does not compare a column with a value or another table's column")
	}
	row := make([]lookedUp, len(q.Terms))
	for i, term := range q.Terms {
		value, err := r.value(term, tables)
		if err != nil {
			return nil, err
		}
		row[i] = value
	}
	return row, nil
}

// findNext finds the row of one more table, the first that has a unique key whose values are known.
func (r *resolver) findNext(q *sqltext.Select, tables []*found, used []bool) error {
	for _, f := range tables {
		if f.row != nil {
			continue
		}
		columns, values, at, err := r.known(q, f, tables)
		if err != nil {
			return err
		}
		if !coversKey(f.table, columns) {
			continue
		}
		if err = r.find(f, columns, values); err != nil {
			return err
		}
		for _, i := range at {
			used[i] = true
		}
		return nil
	}
	for _, f := range tables {
		if f.row == nil {
			return r.refuse(f.Offset, "a row of %s is looked up by no unique key", f.Table)
		}
	}
	return nil
}

// known returns the columns of a table whose values are known, those values, and the indexes of the
// equalities that give them.
func (r *resolver) known(
	q *sqltext.Select, f *found, tables []*found,
) (columns []string, values []sqlite.Value, at []int, err error) {
	for i, e := range q.Where {
		for _, sides := range [][2]sqltext.Term{{e.Left, e.Right}, {e.Right, e.Left}} {
			owner, err := r.owner(sides[0], tables)
			if err != nil {
				return nil, nil, nil, err
			}
			if owner != f {
				continue
			}
			other, err := r.owner(sides[1], tables)
			if err != nil {
				return nil, nil, nil, err
			}
			if other != nil && other.row == nil {
				continue
			}
			value, err := r.value(sides[1], tables)
			if err != nil {
				return nil, nil, nil, err
			}
			columns, values = append(columns, sides[0].Column), append(values, value.Value)
			at = append(at, i)
			break
		}
	}
	return columns, values, at, nil
}

// owner returns the table to which the term's column belongs, or nil if the term is not a column.
func (r *resolver) owner(term sqltext.Term, tables []*found) (*found, error) {
	if term.Column == "" {
		return nil, nil
	}
	var owner *found
	for _, f := range tables {
		if term.Table != "" && !strings.EqualFold(term.Table, f.Alias) {
			continue
		}
		if _, ok := f.table.Column(term.Column); !ok {
			continue
		}
		if owner != nil {
			return nil, r.refuse(term.Offset, "column %s is in more than one table", term.Column)
		}
		owner = f
	}
	if owner == nil {
		return nil, r.refuse(term.Offset, "no table here has a column %s", term.Column)
	}
	return owner, nil
}

// value returns the value of a term. The rows that the term needs must be found already.
func (r *resolver) value(term sqltext.Term, tables []*found) (lookedUp, error) {
	switch {
	case term.Literal != nil:
		return lookedUp{Value: literalValue(*term.Literal)}, nil
	case term.Select != nil:
		row, err := r.resolve(term.Select)
		if err != nil {
			return lookedUp{}, err
		}
		if len(row) != 1 {
			return lookedUp{}, r.refuse(term.Offset, "a query in parentheses must have one column")
		}
		return row[0], nil
	}
	f, err := r.owner(term, tables)
	if err != nil {
		return lookedUp{}, err
	}
	at, _ := schema.Positions(f.table.ColumnNames(), []string{term.Column})
	return lookedUp{f.row[at[0]], f.theirs}, nil
}

func literalValue(v sqltext.Value) sqlite.Value {
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

// coversKey reports whether the columns include all columns of a unique key.
func coversKey(t *schema.Table, columns []string) bool {
	return slices.ContainsFunc(t.Uniques, func(u schema.Unique) bool {
		_, ok := schema.Positions(columns, u.Columns)
		return ok
	})
}

// table returns the target's table with that name, else the script's, or nil if neither has one.
func (r *resolver) table(name string) (*schema.Table, error) {
	if t := r.there.Table(name); t != nil {
		return t, nil
	}
	own, err := schema.Read(r.script)
	if err != nil {
		return nil, err
	}
	return own.Table(name), nil
}

// find looks up the row of f in the target and then in the script.
func (r *resolver) find(f *found, columns []string, values []sqlite.Value) error {
	sql := fmt.Sprintf("SELECT %s FROM %s WHERE %s LIMIT 2",
		sqltext.QuoteIdents(f.table.ColumnNames()), sqltext.QuoteIdent(f.table.Name),
		sqltext.Equal(columns))
	for _, c := range []*sqlite.Conn{r.target, r.script} {
		if c == r.target && r.there.Table(f.Table) == nil {
			continue
		}
		rows, err := r.query(c, sql, values)
		switch {
		case err != nil:
			return r.errorAt(f.Offset, err)
		case len(rows) > 1:
			return r.refuse(f.Offset, "there is more than one row of %s with %s", f.Table,
				conditions(columns, values))
		case len(rows) == 1:
			f.row, f.theirs = rows[0], c == r.target
			return nil
		}
	}
	return r.errorAt(f.Offset,
		&LookupError{Table: f.table.Name, Where: conditions(columns, values)})
}

func (r *resolver) query(
	c *sqlite.Conn, sql string, values []sqlite.Value,
) ([][]sqlite.Value, error) {
	const most = 100 // The number of statements that the resolver keeps.
	key := fmt.Sprint(c == r.target, sql)
	query := r.queries[key]
	if query == nil {
		if len(r.queries) == most {
			r.close()
		}
		var err error
		if query, err = c.PrepareOne(sql); err != nil {
			return nil, err
		}
		r.queries[key] = query
	}
	var rows [][]sqlite.Value
	for row, err := range query.Rows(sqlite.Args(values)...) {
		if err != nil {
			return nil, err
		}
		rows = append(rows, row.Values())
	}
	return rows, nil
}

func conditions(columns []string, values []sqlite.Value) string {
	out := make([]string, len(columns))
	for i, v := range values {
		var literal []byte
		switch v.Kind() {
		case sqlite.Integer:
			literal = sqltext.AppendInt(nil, v.Int64())
		case sqlite.Real:
			literal = sqltext.AppendReal(nil, v.Float64())
		case sqlite.Text:
			literal = sqltext.AppendText(nil, v.View())
		case sqlite.Blob:
			literal = sqltext.AppendBlob(nil, v.View())
		default:
			literal = []byte("NULL")
		}
		out[i] = columns[i] + " = " + string(literal)
	}
	return strings.Join(out, " AND ")
}

// insertLookups runs an INSERT with values to look up, one row at a time.
func (p *player) insertLookups(s sqltext.Statement) error {
	in, err := sqltext.ParseLookups(s)
	if err != nil {
		return err
	}
	if err := p.needTables(in.Table); err != nil {
		return err
	}
	if shadow, err := p.isShadow(in.Table); shadow || err != nil {
		return err
	}
	if p.resolver == nil {
		there, err := schema.Read(p.source.Target)
		if err != nil {
			return fmt.Errorf("read the target's schema: %w", err)
		}
		p.resolver = &resolver{target: p.source.Target, script: p.c, there: there,
			queries: map[string]*sqlite.Stmt{}}
	}
	p.resolver.statement = s
	insert := map[int]*sqlite.Stmt{}
	defer func() {
		for _, statement := range insert {
			statement.Close()
		}
	}()
	for _, row := range in.Rows {
		resolved, err := p.resolver.resolve(row)
		if err != nil {
			return err
		}
		values, theirs := apart(resolved)
		of := said{columns: in.Columns, theirs: theirs}
		if err := p.noteIn(in.Schema, in.Table, of); err != nil {
			return err
		}
		width := len(values)
		if insert[width] == nil {
			sql := fmt.Sprintf("%sVALUES (?%s) %s", in.Head, strings.Repeat(", ?", width-1),
				in.Tail)
			insert[width], err = p.c.PrepareOne(sql)
			if err != nil && p.isForeign(err, in.Table) {
				return nil
			}
			if err != nil {
				return p.whyRefused(err, in.Table, in.Columns)
			}
		}
		if err := insert[width].Exec(sqlite.Args(values)...); err != nil {
			return p.resolver.errorAt(row.Offset, err)
		}
	}
	return nil
}

// apart returns the values of a row, and the positions of those that are the target's.
func apart(row []lookedUp) (values []sqlite.Value, theirs []int) {
	for i, v := range row {
		values = append(values, v.Value)
		if v.theirs {
			theirs = append(theirs, i)
		}
	}
	return values, theirs
}

// isLookups reports whether an INSERT with other values than literals may be one whose values can
// be looked up. err is the error of reading the INSERT as one of literals.
func (p *player) isLookups(s sqltext.Statement, err error) bool {
	_, notLiteral := errors.AsType[*sqltext.NotLiteralError](err)
	return notLiteral && p.source.Target != nil && sqltext.HasKeyword(s.Text, "SELECT")
}
