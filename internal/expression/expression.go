// Package expression reads the texts of fixture files. A text may be a generator, such as
// $sentence(5), or have generators and columns in it, such as ${username}@example.com.
//
// A text that begins with a dollar and a letter is one generator or column. In any other text ${…}
// is replaced by its value, $$ is a dollar, and any other dollar is itself.
package expression

import "fmt"

// Kind is the kind of an expression.
type Kind int

// The kinds of expressions.
const (
	// Literal is a text that is meant as it is.
	Literal Kind = iota
	// Name is a generator, a column of the row, or a column of the row's parent.
	Name
	// Concat is the texts of its parts, one after the other.
	Concat
)

// An Expression is a value that a fixture describes.
type Expression struct {
	Kind   Kind
	Offset int    // of the first byte in the text of the fixture
	Text   string // of a Literal, or the name without its dollar and without "parent."

	// Of a Literal:
	Quoted bool   // the literal is an argument in quotes
	Words  []Word // the dollars in it that a letter follows, which may be mistakes

	// Of a Name:
	Whole  bool // the name is the whole text, not an argument or part of a text
	Parent bool // the column belongs to the row's parent
	Called bool // the name has parentheses, so that it is a generator
	Args   []*Expression

	// Weight is the number after the star of an argument such as draft * 3. It is empty for an
	// argument without a star, and any text that begins like a number otherwise.
	Weight string

	Parts []*Expression // of a Concat
}

// A Word is a name after a dollar that is no expression, because the dollar is within a text.
type Word struct {
	Offset int
	Name   string
}

// An Error is a text that cannot be read.
type Error struct {
	Offset int
	Msg    string
}

func (e *Error) Error() string { return e.Msg }

// mostLevels limits the levels of generators in generators, because the parser recurses.
const mostLevels = 20

// Parse reads the text of a fixture. An error is an [*Error].
func Parse(text string) (e *Expression, err error) {
	p := &parser{text: text}
	defer func() {
		switch failure := recover().(type) {
		case nil:
		case *Error:
			e, err = nil, failure
		default:
			panic(failure)
		}
	}()
	if len(text) < 2 || text[0] != '$' || !isLetter(rest(text, 1)) {
		return p.template(0, text, false), nil
	}
	p.next = 1
	e = p.name(0)
	if p.next < len(text) {
		p.fail(p.next, "there is more after $%s: in a text write ${%s}, and $$ for a dollar",
			e.Text, e.Text)
	}
	e.Whole = true
	return e, nil
}

type parser struct {
	text   string
	next   int // the offset of the next byte
	levels int
}

func (p *parser) fail(offset int, format string, args ...any) {
	panic(&Error{offset, fmt.Sprintf(format, args...)})
}
