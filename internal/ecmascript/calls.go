package ecmascript

import "slices"

// A Call is a call of a function, by its own name, as a method, or by a name that an import gives
// it.
type Call struct {
	Function string // as the function is called where it is declared
	Offset   int    // of the name in the source
	// Arguments may be fewer than the function takes. What follows a spread is left out.
	Arguments []Argument
}

// An Argument is an expression that is given to a function.
type Argument struct {
	Offset int
	// Values are what the expression can give: more than one for a ? b : c.
	Values []Value
}

// A Value is a text in parts. The source does not tell the text between two parts. So a known text
// has one part, and an unknown value has two empty parts.
type Value struct {
	Offset int // of the first quote
	Parts  []string
}

// Known returns the text, and whether all of it is known.
func (v Value) Known() (text string, ok bool) {
	if len(v.Parts) != 1 {
		return "", false
	}
	return v.Parts[0], true
}

// A File is what a source has.
type File struct {
	Calls []Call   // of the functions that are looked for, in the order of the source
	Texts []string // each string, those in calls and the parts of templates included
}

// Read reads a source. jsx says that it can have JSX, as all but .ts, .mts and .cts files can.
func Read(source string, jsx bool, functions []string) File {
	tokens := scan(source, jsx)
	var texts []string
	for _, t := range tokens {
		if t.kind == text {
			texts = append(texts, t.value)
		}
	}
	return File{Calls: callsIn(tokens, functions), Texts: texts}
}

func callsIn(tokens []token, functions []string) []Call {
	names := map[string]string{}
	for _, name := range functions {
		names[name] = name
	}
	for i := 1; i+2 < len(tokens); i++ {
		if name, ok := names[tokens[i].value]; ok && isRenamed(tokens, i) {
			names[tokens[i+2].value] = name
		}
	}
	var calls []Call
	for i, t := range tokens {
		function, ok := names[t.value]
		if !ok || t.kind != word || isDeclared(tokens, i) {
			continue
		}
		if open := argumentsAfter(tokens, i); open >= 0 {
			call := Call{Function: function, Offset: t.start}
			if call.arguments(tokens, open) {
				calls = append(calls, call)
			}
		}
	}
	return calls
}

// isRenamed reports whether the token i is the first of "name as other" in an import.
func isRenamed(tokens []token, i int) bool {
	before := tokens[i-1]
	return tokens[i].kind == word && tokens[i+1].is(word, "as") && tokens[i+2].kind == word &&
		(before.is(opener, "{") || before.is(sign, ","))
}

func isDeclared(tokens []token, i int) bool {
	if i > 0 && tokens[i-1].is(sign, "*") {
		i-- // a generator
	}
	return i > 0 && tokens[i-1].is(word, "function")
}

// argumentsAfter returns the index of the parenthesis that opens the arguments after the name i, -1
// if the name is not called.
func argumentsAfter(tokens []token, i int) int {
	i++
	if i < len(tokens) && tokens[i].is(sign, "?.") {
		i++
	}
	if i < len(tokens) && tokens[i].is(sign, "<") {
		i = afterTypeArguments(tokens, i)
	}
	if i < len(tokens) && tokens[i].is(opener, "(") && tokens[i].mate >= 0 {
		return i
	}
	return -1
}

// afterTypeArguments returns the index of the token after <…>.
func afterTypeArguments(tokens []token, i int) int {
	const most = 200
	for depth, end := 0, min(len(tokens), i+most); i < end; i++ {
		switch {
		case tokens[i].is(sign, "<"):
			depth++
		case tokens[i].is(sign, ">"):
			if depth--; depth == 0 {
				return i + 1
			}
		case tokens[i].is(sign, ";"):
			return len(tokens)
		}
	}
	return len(tokens)
}

// arguments reads the arguments after the parenthesis. It reports false for the parameters of a
// method that is declared here.
func (c *Call) arguments(tokens []token, open int) bool {
	end := tokens[open].mate
	if end+1 < len(tokens) && tokens[end+1].is(opener, "{") {
		return false
	}
	for _, e := range split(expression(tokens, open+1, end), ",") {
		switch {
		case e.empty(): // after the last comma
		case e.first().is(sign, "..."):
			return true
		case e.isParameter():
			return false
		default:
			c.Arguments = append(c.Arguments, Argument{Offset: e.first().start, Values: e.values()})
		}
	}
	return true
}

// isParameter reports whether e is a parameter with its type, such as name?: string.
func (e code) isParameter() bool {
	types := slices.IndexFunc(e.tokens[e.from:e.to], func(t token) bool { return t.is(sign, ":") })
	switch types {
	case 1:
		return e.first().kind == word
	case 2:
		return e.first().kind == word && e.tokens[e.from+1].is(sign, "?")
	}
	return false
}
