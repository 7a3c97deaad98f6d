package document

import "regexp"

// The words and numbers of YAML's core schema (https://yaml.org/spec/1.2.2/#103-core-schema). A
// number in octal with only a zero before it, as in YAML 1.1, counts as a number: the reader of the
// value decides about it.
var (
	nullWord = regexp.MustCompile(`^(~|null|Null|NULL|)$`)
	boolWord = regexp.MustCompile(`^(true|True|TRUE|false|False|FALSE)$`)
	number   = regexp.MustCompile(`^([-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?` +
		`|0o[0-7]+|0x[0-9a-fA-F]+|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN))$`)
)

// Plain returns the kind of a text that has no quotes.
func Plain(text string) Kind {
	switch {
	case nullWord.MatchString(text):
		return Null
	case boolWord.MatchString(text):
		return Bool
	case number.MatchString(text):
		return Number
	}
	return Text
}
