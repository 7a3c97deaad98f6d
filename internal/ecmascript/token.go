// Package ecmascript reads TypeScript and JavaScript: it finds calls by the name of the function,
// and the texts that an argument can have.
//
// The package does not check syntax. It tells comments, strings, templates, regular expressions and
// the text of JSX from code, so that it neither misses a call nor takes words for one.
package ecmascript

// A kind says what a token is.
type kind byte

const (
	word   kind = iota // an identifier or a keyword
	text               // a string, or a template without substitutions: value has what it means
	other              // a number or a regular expression
	sign               // an operator or a separator
	opener             // value names the group: ( [ { ` ${ or <, which is a JSX element
	closer
)

// A token is a piece of code. The parts of a template are texts between its opener and its closer.
type token struct {
	kind       kind
	value      string
	start, end int // offsets in the source
	mate       int // of an opener or a closer: the index of the other, -1 if it has none
}

func (t token) is(k kind, value string) bool { return t.kind == k && t.value == value }

// pair sets the mates. A closer that fits no opener is left alone, and so are the openers that
// nothing closes.
func pair(tokens []token) {
	closes := map[string]string{"(": ")", "[": "]", "{": "}", "`": "`", "${": "}", "<": ">"}
	var open []int
	for i := range tokens {
		tokens[i].mate = -1
		switch tokens[i].kind {
		case opener:
			open = append(open, i)
		case closer:
			for n := len(open) - 1; n >= 0; n-- {
				if closes[tokens[open[n]].value] == tokens[i].value {
					tokens[i].mate, tokens[open[n]].mate = open[n], i
					open = open[:n]
					break
				}
			}
		}
	}
}
