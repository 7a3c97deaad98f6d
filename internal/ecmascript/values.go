package ecmascript

// A code is an expression, or a part of one: the tokens from from up to to.
type code struct {
	tokens   []token
	from, to int
}

func expression(tokens []token, from, to int) code { return code{tokens, from, to} }

func (e code) empty() bool  { return e.from >= e.to }
func (e code) first() token { return e.tokens[e.from] }

// group returns what is between the brackets if e is one group that value opens.
func (e code) group(value string) (inner code, ok bool) {
	if e.empty() || !e.first().is(opener, value) || e.first().mate != e.to-1 {
		return code{}, false
	}
	return expression(e.tokens, e.from+1, e.to-1), true
}

// find returns the index of the first token, not within brackets, that fits, or -1.
func (e code) find(fits func(token) bool) int {
	for i := e.from; i < e.to; i++ {
		if fits(e.tokens[i]) {
			return i
		}
		if t := e.tokens[i]; t.kind == opener && t.mate > i {
			i = t.mate
		}
	}
	return -1
}

// split cuts e at each of the signs that is not within brackets.
func split(e code, signs ...string) []code {
	var parts []code
	for {
		i := e.find(func(t token) bool { return isSign(t, signs...) })
		if i < 0 {
			return append(parts, e)
		}
		parts = append(parts, expression(e.tokens, e.from, i))
		e.from = i + 1
	}
}

func isSign(t token, signs ...string) bool {
	for _, s := range signs {
		if t.is(sign, s) {
			return true
		}
	}
	return false
}

// mostValues is how many values of an expression are told apart.
const mostValues = 64

// values returns what e can give.
func (e code) values() []Value {
	e = e.withoutType()
	if e.empty() || isSign(e.first(), "...") {
		return e.unknown()
	}
	if inner, ok := e.group("("); ok {
		return inner.values()
	}
	if e.find(func(t token) bool { return isSign(t, "=>") }) >= 0 {
		return e.unknown()
	}
	if a, b, ok := e.branches(); ok {
		return e.limited(append(a.values(), b.values()...))
	}
	if either := split(e, "||", "??"); len(either) > 1 {
		return e.union(either)
	}
	if both := split(e, "&&"); len(both) > 1 {
		return both[len(both)-1].values()
	}
	if sum := split(e, "+"); len(sum) > 1 {
		return e.joined(sum)
	}
	return e.simple()
}

// simple returns the values of an expression without operators.
func (e code) simple() []Value {
	if inner, ok := e.group("["); ok {
		return inner.elements()
	}
	if inner, ok := e.group("`"); ok {
		return e.joined(inner.parts())
	}
	if e.to-e.from != 1 {
		return e.unknown()
	}
	switch t := e.first(); {
	case t.kind == text:
		return []Value{{Offset: t.start, Parts: []string{t.value}}}
	case t.kind == word && (t.value == "undefined" || t.value == "null" || t.value == "false"):
		return nil
	}
	return e.unknown()
}

func (e code) unknown() []Value {
	offset := 0
	if !e.empty() {
		offset = e.first().start
	}
	return []Value{{Offset: offset, Parts: []string{"", ""}}}
}

// withoutType cuts what TypeScript adds to a value: as X, satisfies X, and !.
func (e code) withoutType() code {
	i := e.find(func(t token) bool {
		return t.is(word, "as") || t.is(word, "satisfies") || isSign(t, "!!")
	})
	if i > e.from {
		e.to = i
	}
	return e
}

// branches returns b and c of a ? b : c.
func (e code) branches() (b, c code, ok bool) {
	question := e.find(func(t token) bool { return isSign(t, "?") })
	if question < 0 {
		return code{}, code{}, false
	}
	depth := 0
	rest := expression(e.tokens, question+1, e.to)
	colon := rest.find(func(t token) bool {
		if isSign(t, "?") {
			depth++
		} else if isSign(t, ":") {
			depth--
		}
		return depth < 0
	})
	if colon < 0 {
		return code{}, code{}, false
	}
	return expression(e.tokens, question+1, colon), expression(e.tokens, colon+1, e.to), true
}

// elements returns the values of a list's elements.
func (e code) elements() []Value {
	var parts []code
	for _, part := range split(e, ",") {
		if !part.empty() {
			parts = append(parts, part)
		}
	}
	return e.union(parts)
}

// parts returns the texts of a template, and the code of its substitutions.
func (e code) parts() []code {
	var parts []code
	for i := e.from; i < e.to; i++ {
		if t := e.tokens[i]; t.is(opener, "${") && t.mate > i {
			parts = append(parts, expression(e.tokens, i+1, t.mate))
			i = t.mate
		} else {
			parts = append(parts, expression(e.tokens, i, i+1))
		}
	}
	return parts
}

func (e code) union(parts []code) []Value {
	var values []Value
	for _, part := range parts {
		values = append(values, part.values()...)
	}
	return e.limited(values)
}

// joined returns each value of the first part with each of the next after it, and so on.
func (e code) joined(parts []code) []Value {
	values := []Value{{Offset: e.first().start, Parts: []string{""}}}
	for _, part := range parts {
		var longer []Value
		for _, before := range values {
			for _, after := range part.values() {
				longer = append(longer, before.with(after))
			}
		}
		if values = e.limited(longer); len(longer) == 0 {
			return e.unknown()
		}
	}
	return values
}

// with returns v with the value after it.
func (v Value) with(after Value) Value {
	last := len(v.Parts) - 1
	parts := append(v.Parts[:last:last], v.Parts[last]+after.Parts[0])
	return Value{Offset: v.Offset, Parts: append(parts, after.Parts[1:]...)}
}

// limited returns the values, or that nothing is known if they are too many.
func (e code) limited(values []Value) []Value {
	if len(values) > mostValues {
		return e.unknown()
	}
	return values
}
