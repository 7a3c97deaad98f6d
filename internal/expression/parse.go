package expression

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// template reads text, which begins at an offset of the whole text.
func (p *parser) template(start int, text string, quoted bool) *Expression {
	var parts []*Expression
	literal := &Expression{Offset: start, Quoted: quoted}
	flush := func() {
		if literal.Text != "" {
			parts = append(parts, literal)
		}
	}
	for i := 0; i < len(text); {
		dollar := strings.IndexByte(text[i:], '$')
		if dollar < 0 {
			literal.Text += text[i:]
			break
		}
		literal.Text += text[i : i+dollar]
		i += dollar
		switch after := rest(text, i+1); {
		case strings.HasPrefix(after, "$"):
			literal.Text += "$"
			i += 2
		case strings.HasPrefix(after, "{"):
			flush()
			var part *Expression
			part, i = p.braces(start, text, i)
			parts = append(parts, part)
			literal = &Expression{Offset: start + i, Quoted: quoted}
		default:
			if word := identifier(after); word != "" {
				literal.Words = append(literal.Words, Word{start + i, word})
			}
			literal.Text += "$"
			i++
		}
	}
	if len(parts) == 0 {
		return literal
	}
	flush()
	return &Expression{Kind: Concat, Offset: start, Parts: parts}
}

// braces reads ${…} at text[i:] and returns the offset after it. The text in the braces is a column
// with any name, or a generator.
func (p *parser) braces(start int, text string, i int) (*Expression, int) {
	inner := &parser{text: p.text[:start+len(text)], next: start + i + 2, levels: p.levels}
	inner.space()
	if inner.peek() == '$' {
		p.fail(inner.next, "there is no dollar in the braces of ${…}")
	}
	end := strings.IndexAny(inner.text[inner.next:], "}(")
	if end < 0 {
		p.fail(start+i, "the brace of ${ is not closed")
	}
	if inner.text[inner.next+end] == '}' {
		name := strings.TrimSpace(inner.text[inner.next : inner.next+end])
		if name == "" {
			p.fail(start+i, "the braces of ${} are empty: write $$ for a dollar")
		}
		e := &Expression{Kind: Name, Offset: inner.next, Text: name}
		if column, ok := strings.CutPrefix(name, "parent."); ok && column != "" {
			e.Parent, e.Text = true, column
		}
		return e, inner.next + end + 1 - start
	}
	e := inner.name(inner.next)
	inner.space()
	if inner.peek() != '}' {
		p.fail(start+i, "the brace of ${ is not closed")
	}
	return e, inner.next + 1 - start
}

// name reads a name after its dollar, which is at an offset, and its arguments.
func (p *parser) name(dollar int) *Expression {
	e := &Expression{Kind: Name, Offset: dollar}
	if e.Text = p.identifier(); e.Text == "" {
		p.fail(dollar, "the name of a generator or a column is missing")
	}
	if e.Text == "parent" && p.peek() == '.' {
		p.next++
		e.Parent = true
		if e.Text = p.identifier(); e.Text == "" {
			p.fail(p.next, "$parent. needs the name of a column")
		}
		return e
	}
	if p.peek() == '(' {
		e.Called = true
		if p.levels++; p.levels > mostLevels {
			p.fail(dollar, "there are more than %d generators in one another", mostLevels)
		}
		e.Args = p.arguments(e.Text)
		p.levels--
	}
	return e
}

// arguments reads "(a, b)".
func (p *parser) arguments(of string) (args []*Expression) {
	open := p.next
	p.next++
	if p.space(); p.peek() == ')' {
		p.next++
		return nil
	}
	for {
		p.space()
		arg := p.argument(of)
		args = append(args, arg)
		p.space()
		if p.peek() == '*' {
			p.next++
			arg.Weight = p.weight(of)
		}
		switch p.peek() {
		case ',':
			p.next++
		case ')':
			p.next++
			return args
		case 0:
			p.fail(open, "the parenthesis of $%s( is not closed; within { } or [ ] of YAML, "+
				"a generator with a comma needs quotes around it", of)
		default:
			p.fail(p.next, "after an argument of $%s there must be a comma or a parenthesis", of)
		}
	}
}

// argument reads a generator, a column, a text in quotes, or a text without quotes, commas and
// parentheses.
func (p *parser) argument(of string) *Expression {
	switch c := p.peek(); {
	case c == '$' && isLetter(rest(p.text, p.next+1)):
		p.next++
		return p.name(p.next - 1)
	case c == '\'' || c == '"':
		return p.quoted(c)
	}
	start := p.next
	for p.next < len(p.text) && !strings.ContainsRune(",()", rune(p.text[p.next])) {
		if strings.HasPrefix(p.text[p.next:], "${") {
			p.fail(p.next, "write $column for a column's value, or put the text in quotes")
		}
		p.next++
	}
	if p.peek() == '(' {
		p.fail(p.next, "an argument of $%s with a parenthesis needs quotes", of)
	}
	text := strings.TrimSpace(p.text[start:p.next])
	if text == "" && p.next < len(p.text) {
		p.fail(start, "an argument of $%s is missing", of)
	}
	if parts := weighted.FindStringSubmatch(text); parts != nil {
		arg := p.template(start, parts[1], false)
		arg.Weight = parts[2]
		return arg
	}
	return p.template(start, text, false)
}

// weighted matches an argument without quotes that has a star and a number at its end.
var weighted = regexp.MustCompile(`^(.*\S)\s*\*\s*([-+.0-9]\S*)$`)

// weight reads the number after the star of an argument.
func (p *parser) weight(of string) string {
	p.space()
	start := p.next
	for p.next < len(p.text) && !strings.ContainsRune(",() \t\n", rune(p.text[p.next])) {
		p.next++
	}
	if p.next == start {
		p.fail(start, "after the star in an argument of $%s a number is missing", of)
	}
	text := p.text[start:p.next]
	p.space()
	return text
}

// quoted reads a text in quotes, up to the next such quote.
func (p *parser) quoted(quote byte) *Expression {
	start := p.next + 1
	end := strings.IndexByte(p.text[start:], quote)
	if end < 0 {
		p.fail(p.next, "the quote %c is not closed", quote)
	}
	p.next = start + end + 1
	return p.template(start, p.text[start:start+end], true)
}

func (p *parser) identifier() string {
	name := identifier(p.text[p.next:])
	p.next += len(name)
	return name
}

// peek returns the next byte, or 0 at the end.
func (p *parser) peek() byte {
	if p.next >= len(p.text) {
		return 0
	}
	return p.text[p.next]
}

func (p *parser) space() {
	for p.peek() == ' ' || p.peek() == '\t' || p.peek() == '\n' {
		p.next++
	}
}

// identifier returns the name at the start of text, or "".
func identifier(text string) string {
	if !isLetter(text) {
		return ""
	}
	end := strings.IndexFunc(text, func(r rune) bool {
		return r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r)
	})
	if end < 0 {
		return text
	}
	return text[:end]
}

// isLetter reports whether text begins with a letter or an underscore.
func isLetter(text string) bool {
	r, _ := utf8.DecodeRuneInString(text)
	return r == '_' || unicode.IsLetter(r)
}

func rest(text string, from int) string { return text[min(from, len(text)):] }
