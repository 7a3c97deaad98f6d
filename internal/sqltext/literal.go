package sqltext

import "bytes"

// literal moves past a literal and returns its value. The bytes of the value are a view into the
// statement or into p.scratch.
func (p *parser) literal() (Value, error) {
	switch p.kind {
	case TokString:
		return p.stringLiteral(), nil
	case TokNumber:
		return p.number(false)
	case TokBlob:
		return p.blob(), nil
	case TokWord:
		return p.wordLiteral()
	case TokOperator:
		return p.signedNumber()
	}
	return Value{}, p.unexpected("a literal")
}

func (p *parser) signedNumber() (Value, error) {
	after := p.cursor
	after.next()
	sign := p.token()[0]
	if sign != '-' && sign != '+' || after.kind != TokNumber {
		return Value{}, p.unexpected("a literal")
	}
	p.cursor = after
	return p.number(sign == '-')
}

func (p *parser) number(negative bool) (Value, error) {
	value, wrong := parseNumber(p.token(), negative)
	if wrong != "" {
		return Value{}, p.syntaxError(p.start, shortened(p.token())+": "+wrong)
	}
	p.next()
	return value, nil
}

func (p *parser) stringLiteral() Value {
	token := p.token()
	p.next()
	if inner := token[1 : len(token)-1]; bytes.IndexByte(inner, '\'') < 0 {
		return Value{Type: Text, Bytes: inner}
	}
	return Value{Type: Text, Bytes: p.keep(appendUnquoted(p.scratch, token))}
}

func (p *parser) blob() Value {
	token := p.token()
	p.next()
	scratch := p.scratch
	for digits := token[2 : len(token)-1]; len(digits) > 1; digits = digits[2:] {
		scratch = append(scratch, byte(hexDigit[digits[0]]<<4|hexDigit[digits[1]]))
	}
	return Value{Type: Blob, Bytes: p.keep(scratch)}
}

// keep extends p.scratch by the bytes appended to it, and returns these bytes.
func (p *parser) keep(scratch []byte) []byte {
	appended := scratch[len(p.scratch):len(scratch):len(scratch)]
	p.scratch = scratch
	return appended
}

func (p *parser) wordLiteral() (Value, error) {
	switch {
	case p.accept("NULL"):
		return Value{}, nil
	case p.accept("TRUE"):
		return Value{Type: Integer, Int: 1}, nil
	case p.accept("FALSE"):
		return Value{Type: Integer, Int: 0}, nil
	}
	text, err := p.call()
	if err != nil {
		return Value{}, err
	}
	return Value{Type: Text, Bytes: text}, nil
}
