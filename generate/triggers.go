package generate

import (
	"fmt"
	"strings"

	"github.com/seedkit/seedkit/internal/model"
	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/sqltext"
	"github.com/seedkit/seedkit/internal/timeform"
)

// readTriggers adds the forms in which triggers write times to columns: SET column = expression,
// where the expression depends on the clock alone.
func readTriggers(s *scratch, m *model.Model, written map[*model.Column]columnTime) error {
	if err := s.c.AllowQuotedStrings(true); err != nil {
		return err
	}
	defer s.c.AllowQuotedStrings(false)
	sets, err := readAssignments(s.c)
	if err != nil {
		return err
	}
	for _, set := range sets {
		t := m.Table(set.table)
		if t == nil {
			continue
		}
		c := columnOf(t, set.column)
		if c == nil || written[c].form != (timeform.Form{}) {
			continue
		}
		form := s.expressionForm(set.expression, c)
		if form != (timeform.Form{}) {
			written[c] = columnTime{form: form, why: fmt.Sprintf(
				"as the trigger %s writes %s.%s", set.trigger, t.Name, c.Name)}
		}
	}
	return nil
}

// readAssignments returns what the UPDATE statements of all triggers set.
func readAssignments(c *sqlite.Conn) (sets []assignment, err error) {
	const triggers = "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' ORDER BY rowid"
	for row, err := range c.Query(triggers) {
		if err != nil {
			return nil, fmt.Errorf("read the triggers: %w", err)
		}
		for _, set := range assignments(sqltext.Tokens(row.Text(1))) {
			set.trigger = row.Text(0)
			sets = append(sets, set)
		}
	}
	return sets, nil
}

// columnOf returns the column with a name, or nil.
func columnOf(t *model.Table, name string) *model.Column {
	if i, ok := t.Find(name); ok {
		return t.Columns[i]
	}
	return nil
}

// expressionForm returns the form of the times that an expression makes of the clock, as a column
// stores them. It returns the zero Form for other expressions.
func (s *scratch) expressionForm(expression string, c *model.Column) timeform.Form {
	if schema.AffinityOf(c.Type) == schema.IntegerAffinity { // strftime('%s') is text
		expression = "CAST(" + expression + " AS INTEGER)"
	}
	s.askedClock = false
	form := s.writtenForm(func() (sqlite.Value, error) {
		return s.c.Value("SELECT " + expression)
	})
	if !s.askedClock || !form.Fits(c.Type) {
		return timeform.Form{}
	}
	return form
}

func unquote(name string) string { return strings.Trim(name, "\"`[]") }

// assignment is what an UPDATE sets in a column.
type assignment struct{ trigger, table, column, expression string }

// assignments returns what the UPDATE statements of a trigger set, one column each.
func assignments(tokens []string) (sets []assignment) {
	is := func(i int, words ...string) bool {
		for _, word := range words {
			if i < len(tokens) && strings.EqualFold(tokens[i], word) {
				return true
			}
		}
		return false
	}
	table := ""
	for i := 0; i < len(tokens); i++ {
		switch {
		case is(i, "UPDATE") && is(i+1, "OR"):
			i += 2
			fallthrough
		case is(i, "UPDATE"):
			if i+1 < len(tokens) {
				table = unquote(tokens[i+1])
			}
		case table != "" && (is(i, "SET") || is(i, ",")) && is(i+2, "="):
			start, depth := i+3, 0
			end := start
			for ; end < len(tokens); end++ {
				if depth == 0 && is(end, ",", "WHERE", "FROM", ";", "RETURNING", ")") {
					break
				}
				if is(end, "(") {
					depth++
				} else if is(end, ")") {
					depth--
				}
			}
			sets = append(sets, assignment{
				table: table, column: unquote(tokens[i+1]),
				expression: strings.Join(tokens[start:end], " "),
			})
			i = end - 1
		case is(i, ";", "WHERE"):
			table = ""
		}
	}
	return sets
}
