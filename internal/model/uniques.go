package model

import (
	"fmt"
	"slices"
	"strings"

	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/sqltext"
)

// Unique is a unique key without generated columns: a constraint or a unique index.
type Unique struct {
	Columns []int  // the columns of the key, and those that its expressions mention
	Equal   string // the condition that a row has the key of the parameters, one for each column
	Folds   bool   // texts may be equal that differ in small and capital letters
	Nulls   bool   // rows with NULL in a column may have the same key, because of an expression

	// A partial index has only the rows for which Within is true. Its parameters are the values of
	// the columns Where. Within is empty if the key is of all rows.
	Where  []int
	Within string

	index, where string
}

// readUniques reads the unique keys: first the constraints and indexes of columns, with the primary
// key at their head, then the indexes that have an expression or not all rows.
func (t *Table) readUniques(c *sqlite.Conn) error {
	for _, u := range t.Schema.Uniques {
		if columns, ok := t.Indexes(u.Columns); ok {
			t.addUnique(Unique{Columns: columns, Equal: u.Equal(), index: u.Index})
		}
	}
	const indexes = `SELECT l.name, s.sql FROM pragma_index_list(?1) l
		JOIN sqlite_schema s ON s.type = 'index' AND s.name = l.name
		WHERE l."unique" AND (l.partial
			OR EXISTS (SELECT 1 FROM pragma_index_xinfo(l.name) WHERE key AND cid = -2))
		ORDER BY l.seq DESC`
	for row, err := range c.Query(indexes, t.Name) {
		if err != nil {
			return fmt.Errorf("read the indexes of %s: %w", t.Name, err)
		}
		if err := t.readIndex(c, row.Text(0), row.Text(1)); err != nil {
			return fmt.Errorf("read the index %s: %w", row.Text(0), err)
		}
	}
	t.Pair = t.pair()
	return nil
}

// pair returns the columns of a table with two keys and otherwise only times, unless a unique key
// keeps the pairs different.
func (t *Table) pair() *Unique {
	if len(t.Keys) != 2 || slices.ContainsFunc(t.Columns, func(c *Column) bool {
		return c.Key == nil && !c.Datetime
	}) {
		return nil
	}
	columns := slices.Concat(t.Keys[0].Columns, t.Keys[1].Columns)
	slices.Sort(columns)
	if slices.ContainsFunc(t.Uniques, func(u Unique) bool {
		return u.Within == "" && !slices.ContainsFunc(u.Columns, func(i int) bool {
			return !slices.Contains(columns, i)
		})
	}) {
		return nil
	}
	return &Unique{Columns: slices.Compact(columns)}
}

func (t *Table) addUnique(u Unique) {
	u.Folds = u.Nulls || strings.Contains(strings.ToUpper(u.Equal), "NOCASE")
	t.Uniques = append(t.Uniques, u)
	for _, i := range slices.Concat(u.Columns, u.Where) {
		t.Columns[i].Unique = true
	}
}

// readIndex reads a unique index from its CREATE INDEX. An index of generated columns is left out.
func (t *Table) readIndex(c *sqlite.Conn, name, sql string) error {
	u := Unique{index: name}
	terms, where := indexTerms(sqltext.Tokens(sql))
	var equal []string
	const keys = `SELECT coalesce(name, ''), coll FROM pragma_index_xinfo(?)
		WHERE key ORDER BY seqno`
	for row, err := range c.Query(keys, name) {
		if err != nil {
			return err
		}
		column, collation := row.Text(0), sqltext.QuoteIdent(row.Text(1))
		term, operator := terms[len(equal)], "IS"
		if column != "" {
			term, operator = []string{sqltext.QuoteIdent(column)}, "="
		}
		u.Nulls = u.Nulls || column == ""
		mentions, ok := t.mention(term)
		if !ok {
			return nil
		}
		for _, i := range mentions {
			if !slices.Contains(u.Columns, i) {
				u.Columns = append(u.Columns, i)
			}
		}
		equal = append(equal, fmt.Sprintf("(%s) COLLATE %s %s (%s)",
			strings.Join(term, " "), collation, operator, t.withParameters(term, u.Columns)))
	}
	if len(where) > 0 {
		var ok bool
		if u.Where, ok = t.mention(where); !ok {
			return nil
		}
		u.where = strings.Join(where, " ")
		u.Within = t.withParameters(where, u.Where)
		equal = append(equal, "("+u.where+")")
	}
	u.Equal = strings.Join(equal, " AND ")
	t.addUnique(u)
	return nil
}

// indexTerms returns the terms of an index, without ASC and DESC, and its condition.
func indexTerms(tokens []string) (terms [][]string, where []string) {
	depth := 0
	for i, token := range tokens {
		switch upper := strings.ToUpper(token); {
		case depth == 0 && upper == "WHERE":
			return terms, tokens[i+1:]
		case upper == "(":
			if depth++; depth == 1 {
				terms = append(terms, nil)
				continue
			}
		case upper == ")":
			depth--
		case depth == 1 && upper == ",":
			terms = append(terms, nil)
			continue
		case depth == 1 && (upper == "ASC" || upper == "DESC"):
			continue
		}
		if depth > 0 {
			terms[len(terms)-1] = append(terms[len(terms)-1], token)
		}
	}
	return terms, nil
}

// mention returns the columns that an expression mentions, once each. ok is false if it mentions a
// generated column.
func (t *Table) mention(expression []string) (columns []int, ok bool) {
	for at := range expression {
		name := columnAt(expression, at)
		if _, exists := t.Schema.Column(name); name == "" || !exists {
			continue
		}
		i, stored := t.Find(name)
		if !stored {
			return nil, false
		}
		if !slices.Contains(columns, i) {
			columns = append(columns, i)
		}
	}
	return columns, true
}

// withParameters replaces columns in an expression by parameters: ?1 for the first of the given
// columns, and so on.
func (t *Table) withParameters(expression []string, columns []int) string {
	out := slices.Clone(expression)
	for at := range out {
		name := columnAt(expression, at)
		if name == "" {
			continue
		}
		if i, ok := t.Find(name); ok {
			out[at] = fmt.Sprintf("?%d", slices.Index(columns, i)+1)
		}
	}
	return strings.Join(out, " ")
}

// columnAt returns the name at a place of an expression, without quotes, if it may be a column's.
func columnAt(expression []string, at int) string {
	kind, _ := sqltext.NextToken([]byte(expression[at]))
	function := at+1 < len(expression) && expression[at+1] == "("
	if kind != sqltext.TokWord && kind != sqltext.TokQuotedName || function {
		return ""
	}
	return unquote(expression[at])
}
