package sqltext

import (
	"bytes"
	"slices"
)

// Select is a query of the one form that [LookupInsert] can have. It selects values and columns of
// tables. Equalities, all of which must hold, join and restrict the tables.
//
//	SELECT term [AS name], …
//	[FROM table [[AS] alias], table JOIN table ON … [WHERE term = term AND …]]
//
// A row of VALUES is a Select without tables.
type Select struct {
	// Offset is the position of the query in the text of the statement.
	Offset int
	Terms  []Term
	From   []FromTable
	// Where also holds the equalities after ON.
	Where []Equality
}

// FromTable is a table of a [Select].
type FromTable struct {
	Offset int
	Table  string
	Alias  string // The table's name if the query gives no alias.
}

// Equality says that two terms must be equal.
type Equality struct {
	Offset      int
	Left, Right Term
}

// Term is a literal, a query of one value, or a column. The field of these that is not nil or empty
// tells which.
type Term struct {
	Offset  int
	Literal *Value // The Term owns the literal's bytes.
	Select  *Select
	Table   string // The table or alias before the column; empty if none.
	Column  string
}

// selectQuery reads a query. The parser must be at its SELECT.
func (p *parser) selectQuery() (*Select, error) {
	q := &Select{Offset: p.start}
	if p.depth == maxDepth {
		return nil, p.syntaxError(p.start, "queries nested too deep")
	}
	p.depth++
	defer func() { p.depth-- }()
	if !p.accept("SELECT") {
		return nil, p.unexpected("SELECT")
	}
	for more := true; more; {
		term, err := p.term()
		if err != nil {
			return nil, err
		}
		q.Terms = append(q.Terms, term)
		if p.accept("AS") {
			if _, ok := p.name(); !ok {
				return nil, p.unexpected("a name")
			}
		}
		more = p.acceptComma()
	}
	if !p.accept("FROM") {
		return q, nil
	}
	if err := p.fromTables(q); err != nil {
		return nil, err
	}
	if !p.accept("WHERE") {
		return q, nil
	}
	return q, p.equalities(q)
}

func (p *parser) acceptComma() bool {
	if p.kind != TokComma {
		return false
	}
	p.next()
	return true
}

func (p *parser) fromTables(q *Select) error {
	for {
		at := p.start
		schema, table, ok := p.qualifiedName()
		if !ok || schema != "" && !isWord([]byte(schema), "MAIN") {
			return p.unexpected("the name of a table")
		}
		from := FromTable{Offset: at, Table: table, Alias: table}
		if p.accept("AS") || p.kind == TokQuotedName || p.kind == TokWord && !p.isAny(afterTable) {
			if from.Alias, ok = p.name(); !ok {
				return p.unexpected("an alias")
			}
		}
		q.From = append(q.From, from)
		joined := len(q.From) > 1
		if joined && p.is("ON") && !p.beginsUpsert() {
			p.next()
			if err := p.equalities(q); err != nil {
				return err
			}
		}
		if p.acceptComma() || p.accept("JOIN") {
			continue
		}
		if !p.acceptAny("CROSS", "INNER") {
			return nil
		}
		if !p.accept("JOIN") {
			return p.unexpected("JOIN")
		}
	}
}

// afterTable lists the keywords that may follow the name of a table, so that they cannot be its
// alias.
var afterTable = []string{
	"WHERE", "ON", "JOIN", "CROSS", "INNER", "LEFT", "RIGHT", "FULL", "OUTER", "NATURAL", "USING",
	"GROUP", "ORDER",
	"HAVING", "LIMIT", "UNION", "EXCEPT", "INTERSECT", "WINDOW", "INDEXED", "NOT", "RETURNING",
}

func (p *parser) isAny(keywords []string) bool { return slices.ContainsFunc(keywords, p.is) }

// beginsUpsert reports whether the ON at the cursor begins ON CONFLICT.
func (p *parser) beginsUpsert() bool {
	next := p.cursor
	next.next()
	return next.is("CONFLICT")
}

// equalities reads term = term AND ….
func (p *parser) equalities(q *Select) error {
	for {
		e := Equality{Offset: p.start}
		var err error
		if e.Left, err = p.term(); err != nil {
			return err
		}
		operator := string(p.token())
		if p.kind != TokOperator || operator != "=" && operator != "==" {
			return p.unexpected("=")
		}
		p.next()
		if e.Right, err = p.term(); err != nil {
			return err
		}
		q.Where = append(q.Where, e)
		if !p.accept("AND") {
			return nil
		}
	}
}

// term reads a literal, a column, or a query in parentheses.
func (p *parser) term() (Term, error) {
	term := Term{Offset: p.start}
	var err error
	switch {
	case p.kind == TokLeftParen:
		p.next()
		if term.Select, err = p.selectQuery(); err != nil {
			return Term{}, err
		}
		return term, p.closingParen()
	case p.kind == TokQuotedName, p.kind == TokWord && !p.isLiteral():
		var ok bool
		if term.Table, term.Column, ok = p.qualifiedName(); !ok {
			return Term{}, p.unexpected("the name of a column")
		}
		return term, nil
	}
	value, err := p.literal()
	if err != nil {
		return Term{}, err
	}
	value.Bytes = bytes.Clone(value.Bytes)
	term.Literal = &value
	return term, nil
}

// isLiteral reports whether the word at the cursor is a literal, begins one, or is the name of a
// called function.
func (p *parser) isLiteral() bool {
	next := p.cursor
	next.next()
	return next.kind == TokLeftParen || p.isAny([]string{"NULL", "TRUE", "FALSE"})
}
