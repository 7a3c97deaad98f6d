package generate

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/brianvoe/gofakeit/v6/data"

	"github.com/seedkit/seedkit/internal/chance"
)

// The words of gofakeit that a database may need millions of. gofakeit looks its lists up by name
// for each word. These functions draw the same words from the same stream in a tenth of the time.
var (
	firstNames  = data.Data["person"]["first"]
	lastNames   = data.Data["person"]["last"]
	loremWords  = data.Data["lorem"]["word"]
	commonNouns = data.Data["word"]["noun_common"]
)

// sample returns one of the words.
func sample(s *chance.Stream, words []string) string { return words[s.Index(len(words))] }

// sampleWords returns n words of a list, with spaces between them.
func sampleWords(s *chance.Stream, words []string, n int) string {
	var text strings.Builder
	text.Grow(n * lettersPerWord)
	for i := range n {
		if i > 0 {
			text.WriteByte(' ')
		}
		text.WriteString(sample(s, words))
	}
	return text.String()
}

// lettersPerWord is about the length of a word of lorem ipsum with a space.
const lettersPerWord = 7

// addSentence adds a sentence of lorem ipsum with n words to a text. Without words, it adds
// nothing.
func addSentence(text *strings.Builder, s *chance.Stream, n int) {
	for i := range n {
		word := sample(s, loremWords)
		if i == 0 {
			first, size := utf8.DecodeRuneInString(word)
			text.WriteRune(unicode.ToTitle(first))
			word = word[size:]
		} else {
			text.WriteByte(' ')
		}
		text.WriteString(word)
	}
	if n > 0 {
		text.WriteByte('.')
	}
}

// sentence returns a sentence of lorem ipsum with n words.
func sentence(s *chance.Stream, n int) string {
	var text strings.Builder
	text.Grow(n * lettersPerWord)
	addSentence(&text, s, n)
	return text.String()
}

// paragraphs returns n paragraphs of lorem ipsum, separated by empty lines.
func paragraphs(s *chance.Stream, n int) string {
	const sentences, words = 4, 9
	var text strings.Builder
	text.Grow(n * sentences * words * lettersPerWord)
	for i := range n {
		if i > 0 {
			text.WriteString("\n\n")
		}
		for j := range sentences {
			if j > 0 {
				text.WriteByte(' ')
			}
			addSentence(&text, s, words)
		}
	}
	return text.String()
}
