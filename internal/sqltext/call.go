package sqltext

import (
	"bytes"
	"fmt"
)

// Limits that keep a script from exhausting the stack, the memory or the time.
const (
	maxDepth = 1000 // the depth of functions within functions, which is SQLite's limit, too
	// maxGrowth is how many bytes the values of a row may have beyond the length of the statement.
	// Dumps write replace() only where it makes a text shorter. SQLite's limit for a value is 1 GB
	// (https://www.sqlite.org/limits.html).
	maxGrowth = 16 << 20
	// maxWork is how many times as many bytes replace() may read and write for a row.
	maxWork = 8
)

// call moves past one of the functions that dumps write in place of a string, and returns its text.
func (p *parser) call() ([]byte, error) {
	function := p.function()
	after := p.cursor
	after.next()
	if function == nil || after.kind != TokLeftParen {
		return nil, p.unexpected("a literal")
	}
	if p.depth == maxDepth {
		msg := fmt.Sprintf("functions nested more than %d deep", maxDepth)
		return nil, p.syntaxError(p.start, msg)
	}
	p.depth++
	defer func() { p.depth-- }()

	before := len(p.scratch)
	p.cursor = after
	p.next()
	text, err := function(p)
	if err != nil {
		return nil, err
	}
	if p.kind != TokRightParen {
		return nil, p.unexpected(")")
	}
	p.next()
	p.scratch = p.scratch[:before] // the text replaces the arguments in the scratch
	return p.keep(append(p.scratch, text...)), nil
}

// function returns the method that reads the arguments of the function under the cursor. It returns
// nil for a function that dumps do not write.
func (p *parser) function() func(*parser) ([]byte, error) {
	switch {
	case p.is("UNISTR"):
		return (*parser).unistr
	case p.is("REPLACE"):
		return (*parser).replace
	case p.is("CHAR"):
		return (*parser).char
	case p.is("CAST"):
		return (*parser).castAsText
	}
	return nil
}

func (p *parser) unistr() ([]byte, error) {
	start := p.start
	if p.kind != TokString {
		return nil, p.unexpected("a string")
	}
	escaped := p.stringLiteral()
	text, ok := appendUnescaped(p.scratch, escaped.Bytes)
	if !ok {
		return nil, p.syntaxError(start, "invalid Unicode escape")
	}
	return p.keep(text), nil
}

func (p *parser) castAsText() ([]byte, error) {
	before := p.cursor
	value, err := p.literal()
	if err != nil {
		return nil, err
	}
	if value.Type != Text && value.Type != Blob {
		p.cursor = before
		return nil, p.unexpected("a blob or a text")
	}
	if !p.accept("AS") {
		return nil, p.unexpected("AS")
	}
	if !p.accept("TEXT") {
		return nil, p.unexpected("TEXT")
	}
	return value.Bytes, nil
}

func (p *parser) char() ([]byte, error) {
	var text []byte
	for more := p.kind != TokRightParen; more; {
		before := p.cursor
		value, err := p.literal()
		if err != nil {
			return nil, err
		}
		if value.Type != Integer {
			p.cursor = before
			return nil, p.unexpected("an integer")
		}
		text = appendChar(text, value.Int)
		if more = p.kind == TokComma; more {
			p.next()
		}
	}
	return text, nil
}

func (p *parser) replace() ([]byte, error) {
	var arguments [3][]byte
	start := p.start
	for i := range arguments {
		if i > 0 {
			if p.kind != TokComma {
				return nil, p.unexpected("a comma")
			}
			p.next()
		}
		before := p.cursor
		value, err := p.literal()
		if err != nil {
			return nil, err
		}
		if value.Type != Text {
			p.cursor = before
			return nil, p.unexpected("a text")
		}
		arguments[i] = value.Bytes
	}
	text, from, to := arguments[0], arguments[1], arguments[2]
	if len(from) == 0 || from[0] == 0 {
		return text, nil
	}
	size := len(text) + bytes.Count(text, from)*(len(to)-len(from))
	most := len(p.text) + maxGrowth
	p.work += len(text) + size
	if len(p.scratch)+size > most || p.work > maxWork*most {
		msg := fmt.Sprintf("replace() makes the values of a row longer than %d MB, the limit here",
			maxGrowth>>20)
		return nil, p.syntaxError(start, msg)
	}
	return p.keep(appendReplaced(p.scratch, text, from, to)), nil
}

func appendReplaced(dst, text, from, to []byte) []byte {
	for {
		i := bytes.Index(text, from)
		if i < 0 {
			return append(dst, text...)
		}
		dst = append(append(dst, text[:i]...), to...)
		text = text[i+len(from):]
	}
}
