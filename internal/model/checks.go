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
// they mention. status IN ('draft', 'live') means that status may have these two values.
func (t *Table) readChecks(c *sqlite.Conn) error {
	sql, err := c.Value("SELECT sql FROM sqlite_schema WHERE type = 'table' AND name = ?", t.Name)
	if err != nil {
		return fmt.Errorf("read the definition of %s: %w", t.Name, err)
	}
	t.checks = findChecks(sqltext.Tokens(sql.Data()))
	for i := range t.checks {
		var literals []string
		t.checks[i].columns, literals = t.mentioned(t.checks[i].condition)
		for _, column := range t.checks[i].columns {
			for _, literal := range literals {
				t.Columns[column].addHint(c, literal)
			}
		}
	}
	return nil
}

// addHint records a literal that a constraint of the column compares with.
func (c *Column) addHint(conn *sqlite.Conn, literal string) {
	v, err := conn.Value("SELECT " + literal)
	number := v.Float64() + float64(v.Int64()) // one of the two is 0
	const exact = 1 << 53                      // the range of exact integers in a float64
	switch {
	case err != nil: // SQLite cannot read the number
	case v.Kind() == sqlite.Text:
		c.Texts = append(c.Texts, v.Data())
	case -exact < number && number < exact:
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
// is what SQLite says about a row of the table.
func (t *Table) Blamed(err error) []int {
	var columns []int
	for _, name := range sqlite.ConstraintColumns(err) {
		if i, ok := t.Find(name); ok {
			columns = append(columns, i)
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

// mentioned returns the columns and the literals in a condition. A quoted name that is not a column
// is a string for SQLite (https://sqlite.org/quirks.html#dblquote).
func (t *Table) mentioned(condition []string) (columns []int, literals []string) {
	minus := ""
	for _, token := range condition {
		kind, _ := sqltext.NextToken([]byte(token))
		name := unquote(token)
		i, isColumn := t.Find(name)
		switch {
		case isColumn && (kind == sqltext.TokWord || kind == sqltext.TokQuotedName):
			columns = append(columns, i)
		case kind == sqltext.TokQuotedName:
			literals = append(literals, string(sqltext.AppendText(nil, []byte(name))))
		case kind == sqltext.TokString:
			literals = append(literals, token)
		case kind == sqltext.TokNumber:
			literals = append(literals, minus+token)
		}
		if minus = ""; token == "-" {
			minus = token
		}
	}
	return columns, literals
}
