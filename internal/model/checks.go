package model

import (
	"fmt"
	"slices"
	"strings"

	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/sqltext"
)

// check is a CHECK constraint, as far as the text of the CREATE TABLE shows it. SQLite has no other
// report of it.
type check struct {
	name      string   // the name without quotes, "" if there is none
	condition []string // the tokens of the condition
	columns   []int    // the columns that the condition mentions
}

// readChecks finds the CHECK constraints of a table and gives their literals to the columns that
// they compare. status IN ('draft', 'live') means that status may have these two values.
func (t *Table) readChecks(c *sqlite.Conn) error {
	sql, err := c.Value("SELECT sql FROM sqlite_schema WHERE type = 'table' AND name = ?", t.Name)
	if err != nil {
		return fmt.Errorf("read the definition of %s: %w", t.Name, err)
	}
	t.checks = findChecks(sqltext.Tokens(sql.Data()))
	for i := range t.checks {
		t.checks[i].columns = t.hint(c, t.checks[i].condition)
	}
	t.readConditions(c)
	for _, u := range t.Uniques {
		t.hint(c, sqltext.Tokens(u.where))
	}
	return t.readJSON(c)
}

// hint gives the columns in a condition the literals with which it compares them, and returns the
// columns. A literal that is compared with a function of a column counts if it has the column's
// kind. A quoted name that is not a column is a string for SQLite
// (https://sqlite.org/quirks.html#dblquote).
func (t *Table) hint(c *sqlite.Conn, condition []string) (columns []int) {
	minus, last, direct, between := "", -1, false, false
	var waiting []string // literals before their column
	for at, token := range condition {
		kind, _ := sqltext.NextToken([]byte(token))
		i, isColumn := t.Find(columnAt(condition, at))
		literal := ""
		switch {
		case isColumn:
			columns, last, direct = append(columns, i), i, at == 0 || condition[at-1] != "("
			t.Columns[i].Varied = true
		case kind == sqltext.TokQuotedName:
			literal = string(sqltext.AppendText(nil, []byte(unquote(token))))
		case kind == sqltext.TokString:
			literal = token
		case kind == sqltext.TokNumber:
			literal = minus + token
		case isWord(token, "BETWEEN"):
			between = true
		case between && isWord(token, "AND"):
			between = false
		case isWord(token, "OR") || isWord(token, "AND"):
			last, waiting = -1, nil
		}
		if literal != "" {
			waiting = append(waiting, literal)
		}
		if last >= 0 {
			for _, literal := range waiting {
				t.Columns[last].addHint(c, literal, direct)
			}
			waiting = nil
		}
		if minus = ""; token == "-" {
			minus = token
		}
	}
	return columns
}

const exact = 1 << 53 // the range of exact integers in a float64

// addHint records a literal that a constraint compares with the column, or, unless direct is set,
// with a function of it.
func (c *Column) addHint(conn *sqlite.Conn, literal string, direct bool) {
	v, err := conn.Value("SELECT " + literal)
	number := v.Float64() + float64(v.Int64()) // one of the two is 0
	numeric := c.Kind == sqlite.Integer || c.Kind == sqlite.Real
	switch {
	case err != nil: // SQLite cannot read the number
	case v.Kind() == sqlite.Text && (direct || c.Kind == sqlite.Text):
		c.Texts = append(c.Texts, v.Data())
	case v.Kind() != sqlite.Text && (direct || numeric) && -exact < number && number < exact:
		c.Numbers = append(c.Numbers, number)
	}
}

func findChecks(tokens []string) []check {
	var out []check
	depth := 0 // the depth of parentheses in a condition, 0 outside
	for i, token := range tokens {
		switch {
		case depth == 0 && token == "(" && i > 0 && strings.EqualFold(tokens[i-1], "CHECK"):
			out = append(out, check{})
			if i > 2 && strings.EqualFold(tokens[i-3], "CONSTRAINT") {
				out[len(out)-1].name = unquote(tokens[i-2])
			}
			depth = 1
			continue
		case depth > 0 && token == "(":
			depth++
		case depth > 0 && token == ")":
			depth--
		}
		if depth > 0 {
			out[len(out)-1].condition = append(out[len(out)-1].condition, token)
		}
	}
	return out
}

func unquote(name string) string { return strings.Trim(name, "\"`[]'") }

// Blamed returns the columns of the constraint that err reports, or none if err does not tell. err
// is what SQLite says about a row of the table. The columns of a partial index's condition are
// blamed, too.
func (t *Table) Blamed(err error) []int {
	var columns []int
	for _, name := range sqlite.ConstraintColumns(err) {
		if i, ok := t.Find(name); ok {
			columns = append(columns, i)
		}
	}
	for _, u := range t.Uniques {
		byName := strings.HasSuffix(err.Error(), "UNIQUE constraint failed: index '"+u.index+"'")
		if byName {
			columns = slices.Clone(u.Columns)
		}
		if byName || len(u.Where) > 0 && slices.Equal(u.Columns, columns) {
			return append(columns, u.Where...)
		}
	}
	if _, broken, ok := strings.Cut(err.Error(), "CHECK constraint failed: "); ok {
		for _, c := range t.checks {
			if c.called(broken) {
				columns = append(columns, c.columns...)
			}
		}
	}
	return columns
}

// called reports whether SQLite uses the given name for the constraint. SQLite uses the
// constraint's own name, or its condition, or, if the condition begins with a quoted name, only
// that name.
func (c *check) called(name string) bool {
	if c.name != "" {
		return c.name == name
	}
	return slices.Equal(c.condition, sqltext.Tokens(name)) ||
		len(c.condition) > 0 && c.condition[0] != name && unquote(c.condition[0]) == name
}
