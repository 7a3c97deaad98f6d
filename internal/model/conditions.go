package model

import (
	"math"
	"slices"
	"strings"

	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/sqltext"
)

// Order says that the values of a column are above those of another column of the row, or below.
// Equal values may be wrong.
type Order struct {
	Other int
	Above bool
}

// conditions reads facts from the conditions that every row satisfies. What it does not understand
// it leaves to SQLite.
type conditions struct {
	t     *Table
	c     *sqlite.Conn
	least map[int]float64 // the bounds of columns, inclusive
	most  map[int]float64
}

// readConditions gives the columns of a table the facts of its CHECK constraints.
func (t *Table) readConditions(c *sqlite.Conn) {
	cs := &conditions{t, c, map[int]float64{}, map[int]float64{}}
	for _, check := range t.checks {
		if slices.ContainsFunc(check.condition, func(s string) bool { return isWord(s, "CASE") }) {
			continue
		}
		cs.terms(check.condition)
	}
	for i, least := range cs.least {
		const few = 1000
		column := t.Columns[i]
		most, ok := cs.most[i]
		if !ok || column.Kind != sqlite.Integer || column.Datetime || most-least >= few ||
			column.listed {
			continue
		}
		column.Choices = nil
		for n := least; n <= most; n++ {
			column.Choices = append(column.Choices, sqlite.Int(int64(n)))
		}
	}
}

// terms reads a condition that is one term, or several that must all be true.
func (cs *conditions) terms(condition []string) {
	condition = inner(condition)
	all := split(condition, "AND")
	if len(all) == 1 || len(split(condition, "OR")) > 1 { // OR binds less than AND
		cs.term(condition)
		return
	}
	for _, term := range all {
		cs.terms(term)
	}
}

// alternatives returns the conditions of which one must be true. That a column is NULL is left out.
func alternatives(term []string) (out [][]string) {
	term = inner(term)
	parts := split(term, "OR")
	if len(parts) > 1 {
		for _, part := range parts {
			out = append(out, alternatives(part)...)
		}
		return out
	}
	if len(term) == 3 && isWord(term[1], "IS") && isWord(term[2], "NULL") {
		return nil
	}
	return [][]string{term}
}

// term reads a condition of which one alternative must be true.
func (cs *conditions) term(term []string) {
	alternatives := alternatives(term)
	var choices []sqlite.Value
	column := -1
	for _, a := range alternatives {
		i, values := cs.list(a)
		if i < 0 || column >= 0 && i != column {
			column = -1
			break
		}
		column, choices = i, append(choices, values...)
	}
	switch {
	case column >= 0:
		cs.t.Columns[column].Choices, cs.t.Columns[column].listed = choices, true
	case len(alternatives) == 1:
		cs.single(alternatives[0])
	}
}

// list reads column IN (literals), column = literal, or a column alone, which is true. Otherwise
// the column is -1.
func (cs *conditions) list(a []string) (column int, values []sqlite.Value) {
	if len(a) == 1 && cs.column(a) >= 0 && cs.t.Columns[cs.column(a)].Kind == sqlite.Integer {
		return cs.column(a), []sqlite.Value{sqlite.Int(1)}
	}
	if len(a) < 3 {
		return -1, nil
	}
	column = cs.column(a[:1])
	var literals [][]string
	switch {
	case isWord(a[1], "IN") && a[2] == "(" && a[len(a)-1] == ")":
		literals = split(a[3:len(a)-1], ",")
	case a[1] == "=" || a[1] == "==" || isWord(a[1], "IS"):
		literals = [][]string{a[2:]}
	}
	for _, l := range literals {
		v, ok := cs.literal(l)
		if !ok {
			return -1, nil
		}
		values = append(values, v)
	}
	if len(values) == 0 {
		return -1, nil
	}
	return column, values
}

// single reads a comparison, BETWEEN, or a function that says what a text is.
func (cs *conditions) single(a []string) {
	between := slices.IndexFunc(a, func(s string) bool { return isWord(s, "BETWEEN") })
	and := slices.IndexFunc(a, func(s string) bool { return isWord(s, "AND") })
	if between > 0 && and > between {
		cs.compare(a[:between], ">=", a[between+1:and])
		cs.compare(a[:between], "<=", a[and+1:])
		return
	}
	depth := 0
	for at, token := range a {
		switch {
		case token == "(":
			depth++
		case token == ")":
			depth--
		}
		if depth > 0 {
			continue
		}
		if at > 0 && (slices.Contains(comparisons, token) || isWord(token, "IS")) {
			cs.compare(a[:at], token, a[at+1:])
			return
		}
		if at > 1 && isWord(token, "IN") && at+2 < len(a) {
			cs.compare(a[:at], "=", split(a[at+2:len(a)-1], ",")[0])
			return
		}
	}
}

var comparisons = []string{"=", "==", "<", "<=", ">", ">="}

// compare reads left operator right.
func (cs *conditions) compare(left []string, operator string, right []string) {
	left, right = inner(left), inner(right)
	if _, ok := cs.literal(left); ok {
		turned := strings.NewReplacer("<", ">", ">", "<").Replace(operator)
		left, operator, right = right, turned, left
	}
	above, below := operator[0] == '>', operator[0] == '<'
	i := cs.column(left)
	if other := cs.column(right); i >= 0 && other >= 0 && i != other && (above || below) {
		cs.t.order(i, other, above)
		return
	}
	v, ok := cs.literal(right)
	if !ok {
		return
	}
	number, strict := v.Float64()+float64(v.Int64()), len(operator) == 1
	switch {
	case math.Abs(number) > exact:
	case i >= 0 && v.Kind() != sqlite.Text && (above || below):
		cs.bound(i, number, above, strict)
	default:
		cs.compareCall(left, v, int(number), above, below, strict)
	}
}

// bound records the bound of an integer.
func (cs *conditions) bound(i int, number float64, above, strict bool) {
	least, most := math.Ceil(number), math.Floor(number)
	if strict {
		least, most = math.Floor(number)+1, math.Ceil(number)-1
	}
	if other, ok := cs.least[i]; above && (!ok || least > other) {
		cs.least[i] = least
	}
	if other, ok := cs.most[i]; !above && (!ok || most < other) {
		cs.most[i] = most
	}
}

// compareCall reads the comparison of a function of a column with a value.
func (cs *conditions) compareCall(left []string, v sqlite.Value, n int, above, below, strict bool) {
	switch {
	case strict && above:
		n++
	case strict && below:
		n--
	}
	if i := cs.argument(left, "length"); i >= 0 && v.Kind() == sqlite.Integer {
		c := cs.t.Columns[i]
		if !below {
			c.MinLength = max(c.MinLength, n)
		}
		if !above && (c.MaxLength == 0 || n < c.MaxLength) {
			c.MaxLength = n
		}
	}
	if i := cs.argument(left, "json_type"); i >= 0 && v.Kind() == sqlite.Text {
		cs.t.Columns[i].JSON = v.Data()
	}
	kinds := map[string]sqlite.Kind{
		"integer": sqlite.Integer, "real": sqlite.Real, "text": sqlite.Text, "blob": sqlite.Blob,
	}
	if i := cs.argument(left, "typeof"); i >= 0 {
		if kind, ok := kinds[v.Data()]; ok {
			cs.t.Columns[i].Kind = kind
		}
	}
}

// order records that column i is above another, unless the other is above it because of other
// constraints.
func (t *Table) order(i, other int, above bool) {
	if !above {
		i, other = other, i
	}
	if !t.above(other, i) {
		t.Columns[i].Orders = append(t.Columns[i].Orders, Order{other, true})
		t.Columns[other].Orders = append(t.Columns[other].Orders, Order{i, false})
	}
}

// above reports whether column i is known to be above another.
func (t *Table) above(i, other int) bool {
	return slices.ContainsFunc(t.Columns[i].Orders, func(o Order) bool {
		return o.Above && (o.Other == other || t.above(o.Other, other))
	})
}

// column returns the column that an expression is, or -1.
func (cs *conditions) column(expression []string) int {
	if len(expression) == 1 {
		if i, ok := cs.t.Find(columnAt(expression, 0)); ok {
			return i
		}
	}
	return -1
}

// argument returns the column that is the first argument of a call of a function, or -1.
func (cs *conditions) argument(call []string, function string) int {
	if len(call) < 4 || !strings.EqualFold(call[0], function) || call[1] != "(" ||
		call[3] != ")" && call[3] != "," {
		return -1
	}
	return cs.column(call[2:3])
}

// literal evaluates a literal.
func (cs *conditions) literal(tokens []string) (v sqlite.Value, ok bool) {
	literal, sign := "", ""
	for _, token := range tokens {
		kind, _ := sqltext.NextToken([]byte(token))
		_, isColumn := cs.t.Find(unquote(token))
		switch {
		case token == "-" && literal == "" && sign == "":
			sign = token
		case literal != "":
			return v, false
		case kind == sqltext.TokString || kind == sqltext.TokNumber:
			literal = sign + token
		case kind == sqltext.TokQuotedName && !isColumn:
			literal = string(sqltext.AppendText(nil, []byte(unquote(token))))
		case isWord(token, "TRUE") || isWord(token, "FALSE"):
			literal = token
		default:
			return v, false
		}
	}
	if literal == "" {
		return v, false
	}
	v, err := cs.c.Value("SELECT " + literal)
	return v, err == nil
}

// split splits an expression at an operator outside of parentheses. The AND of BETWEEN is no
// operator.
func split(tokens []string, operator string) (parts [][]string) {
	start, depth, between := 0, 0, false
	for i, token := range tokens {
		switch {
		case token == "(":
			depth++
		case token == ")":
			depth--
		case depth > 0:
		case isWord(token, "BETWEEN"):
			between = true
		case between && isWord(token, "AND"):
			between = false
		case isWord(token, operator):
			parts, start = append(parts, tokens[start:i]), i+1
		}
	}
	return append(parts, tokens[start:])
}

// inner removes parentheses around an expression.
func inner(tokens []string) []string {
	for len(tokens) > 2 && tokens[0] == "(" {
		depth := 0
		for i, token := range tokens {
			if token == "(" {
				depth++
			} else if token == ")" {
				depth--
			}
			if depth == 0 && i < len(tokens)-1 {
				return tokens
			}
		}
		tokens = tokens[1 : len(tokens)-1]
	}
	return tokens
}

func isWord(token, keyword string) bool { return strings.EqualFold(token, keyword) }
