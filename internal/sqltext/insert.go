package sqltext

import (
	"bytes"
	"fmt"
	"iter"
	"strings"
)

// Insert is an INSERT of literals. Its zero value is ready for [Insert.Parse]. An Insert that reads
// all statements of a script reuses its memory, and parses the head that successive statements
// share only once.
type Insert struct {
	// Or is the action on a conflict, in upper case: ABORT, FAIL, IGNORE, REPLACE or ROLLBACK. It
	// is empty if the statement gives none. REPLACE INTO is INSERT OR REPLACE INTO.
	Or string

	Schema  string // empty if the statement does not name it
	Table   string
	Columns []string // nil if the statement does not list them

	// Tail is the ON CONFLICT and RETURNING clauses as written. It is set after the loop over
	// [Insert.Rows] has reached its end.
	Tail []byte

	head   []byte // the text through VALUES
	quick  quickReader
	values []Value // the values of a row that quick cannot read
	parser parser
}

// Row is one parenthesis after VALUES.
type Row struct {
	// Offset is the start of the row in the text of the statement.
	Offset int

	// Values, and their bytes, are valid until the next iteration over [Insert.Rows].
	Values []Value
}

// Parse reads the statement up to its rows:
//
//	INSERT [OR action] INTO [schema.]table [AS alias] [(columns)] VALUES
//
// or REPLACE INTO in place of INSERT INTO. Any other statement is a [*NotLiteralError]. The caller
// must not change the statement until its rows are read.
func (in *Insert) Parse(statement Statement) error {
	p := &in.parser
	p.statement, in.Tail = statement, nil
	text := statement.Text
	if len(in.head) > 0 && bytes.HasPrefix(text, in.head) && !inWord[at(text, len(in.head))] {
		return nil
	}
	p.cursor = cursorAt(text, 0)
	in.head = in.head[:0]
	in.Or, in.Columns = "", nil
	if err := in.parseVerb(p); err != nil {
		return err
	}
	if err := in.parseTable(p); err != nil {
		return err
	}
	if !p.is("VALUES") {
		return p.unexpected("VALUES")
	}
	in.head = append(in.head, text[:p.end]...)
	return nil
}

// Head is the text of the parsed statement through VALUES. If another statement starts with the
// same bytes, followed by a parenthesis, it inserts into the same columns. Head is valid until the
// next Parse.
func (in *Insert) Head() []byte { return in.head }

func (in *Insert) parseVerb(p *parser) error {
	switch {
	case p.accept("REPLACE"):
		in.Or = "REPLACE"
	case !p.accept("INSERT"):
		return p.unexpected("INSERT")
	case p.accept("OR"):
		in.Or = strings.ToUpper(string(p.token()))
		if !p.acceptAny("ABORT", "FAIL", "IGNORE", "REPLACE", "ROLLBACK") {
			return p.unexpected("ABORT, FAIL, IGNORE, REPLACE or ROLLBACK")
		}
	}
	if !p.accept("INTO") {
		return p.unexpected("INTO")
	}
	return nil
}

func (in *Insert) parseTable(p *parser) error {
	var ok bool
	if in.Schema, in.Table, ok = p.qualifiedName(); !ok {
		return p.unexpected("the name of a table")
	}
	if p.accept("AS") {
		if _, ok := p.name(); !ok {
			return p.unexpected("an alias")
		}
	}
	if p.kind != TokLeftParen {
		return nil
	}
	for more := true; more; more = p.kind == TokComma {
		p.next()
		column, ok := p.name()
		if !ok {
			return p.unexpected("the name of a column")
		}
		in.Columns = append(in.Columns, column)
	}
	return p.closingParen()
}

// Rows yields the rows of the statement that [Insert.Parse] has read. An error is the last thing
// yielded: a [*NotLiteralError] at the first value that is not a literal, or a [*SyntaxError] at
// text that SQLite would refuse, such as a row with more values than columns.
//
// A literal is a number with its sign, a string, a blob, NULL, TRUE, FALSE, and the functions that
// dumps write in place of a literal: unistr('…'), CAST(x'…' AS TEXT), char(…) of integers and
// replace(…) of texts.
func (in *Insert) Rows() iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		p := &in.parser
		p.cursor = cursorAt(p.statement.Text, len(in.head))
		want := len(in.Columns)
		for {
			row, err := in.row(p, want)
			if !yield(row, err) || err != nil {
				return
			}
			if p.kind != TokComma {
				break
			}
			p.next()
			want = len(row.Values)
		}
		if err := in.parseTail(p); err != nil {
			yield(Row{}, err)
		}
	}
}

// row reads a row of want values, or of any number of values if want is 0.
func (in *Insert) row(p *parser, want int) (Row, error) {
	offset := p.start
	if p.kind != TokLeftParen {
		return Row{}, p.unexpected("(")
	}
	in.quick.reset()
	if end := in.quick.row(p.text, p.end); end > 0 && (want == 0 || want == len(in.quick.values)) {
		p.cursor = cursorAt(p.text, end)
		return Row{Offset: offset, Values: in.quick.values}, nil
	}
	return in.carefulRow(p, want)
}

// carefulRow reads any row and reports the error of a broken row. The parser must be on the row's
// parenthesis.
func (in *Insert) carefulRow(p *parser, want int) (Row, error) {
	offset := p.start
	in.values, p.scratch, p.work = in.values[:0], p.scratch[:0], 0
	for more := true; more; more = p.kind == TokComma {
		p.next()
		value, err := p.literal()
		if err != nil {
			return Row{}, err
		}
		in.values = append(in.values, value)
	}
	if got := len(in.values); want != 0 && got != want {
		msg := fmt.Sprintf("%d values where %d are expected", got, want)
		return Row{}, p.syntaxError(offset, msg)
	}
	if err := p.closingParen(); err != nil {
		return Row{}, err
	}
	return Row{Offset: offset, Values: in.values}, nil
}

func (p *parser) closingParen() error {
	if p.kind != TokRightParen {
		return p.unexpected("a comma or )")
	}
	p.next()
	return nil
}

func (in *Insert) parseTail(p *parser) error {
	switch {
	case p.kind == TokEOF, p.kind == TokSemicolon:
		return nil
	case p.is("ON"), p.is("RETURNING"):
		in.Tail = bytes.TrimSuffix(p.text[p.start:], []byte(";"))
		return nil
	}
	return p.unexpected("a comma or the end of the statement")
}
