package sqltext

// LookupInsert is an INSERT whose rows may hold values to look up, as well as literals:
// sub-selects, or the columns of an INSERT … SELECT.
type LookupInsert struct {
	// Head is the beginning of the statement, INSERT INTO table (columns), without VALUES.
	Head []byte
	Rows []*Select
	// Tail is the text of the ON CONFLICT and RETURNING clauses.
	Tail []byte

	Schema  string // Empty if the statement names none.
	Table   string
	Columns []string // Nil if the statement has no list of columns.
}

// ParseLookups reads a statement such as
//
//	INSERT [OR action] INTO table [AS alias] [(columns)] VALUES (term, …), …
//	INSERT [OR action] INTO table [AS alias] [(columns)] SELECT …
//
// with terms and queries as [Select] describes them. For any other statement the error is a
// [*NotLiteralError] or a [*SyntaxError].
func ParseLookups(statement Statement) (*LookupInsert, error) {
	p := &parser{statement: statement, cursor: cursorAt(statement.Text, 0)}
	var in Insert
	if err := in.parseVerb(p); err != nil {
		return nil, err
	}
	if err := in.parseTable(p); err != nil {
		return nil, err
	}
	out := &LookupInsert{Head: statement.Text[:p.start], Schema: in.Schema, Table: in.Table,
		Columns: in.Columns}
	var err error
	if p.accept("VALUES") {
		out.Rows, err = p.lookupRows()
	} else {
		var query *Select
		query, err = p.selectQuery()
		out.Rows = []*Select{query}
	}
	if err == nil {
		err = in.parseTail(p)
	}
	if err != nil {
		return nil, err
	}
	out.Tail = in.Tail
	return out, nil
}

func (p *parser) lookupRows() ([]*Select, error) {
	var rows []*Select
	for more := true; more; more = p.acceptComma() {
		if p.kind != TokLeftParen {
			return nil, p.unexpected("(")
		}
		row := &Select{Offset: p.start}
		p.next()
		for more := true; more; more = p.acceptComma() {
			term, err := p.term()
			if err != nil {
				return nil, err
			}
			row.Terms = append(row.Terms, term)
		}
		if err := p.closingParen(); err != nil {
			return nil, err
		}
		rows = append(rows, row)
	}
	return rows, nil
}
