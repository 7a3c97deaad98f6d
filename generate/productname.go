package generate

import (
	"strings"

	"github.com/brianvoe/gofakeit/v6/data"

	"github.com/seedkit/seedkit/internal/chance"
)

// productForms are the forms of the names of products, as gofakeit has them.
var productForms = [10]string{
	"adjective name suffix", "name adjective feature", "adjective material name",
	"color name suffix", "feature name adjective", "material color name", "name suffix material",
	"adjective feature name", "color material name", "suffix adjective name",
}

// productName returns the name of a product, such as "Compact Copper Fan". The name's noun is drawn
// first, and then the form.
func productName(s *chance.Stream) string {
	noun := sample(s, data.Product["name"])
	form := productForms[s.Int63()%int64(len(productForms))]
	var words []string
	for part := range strings.FieldsSeq(form) {
		word := noun
		switch part {
		case "name":
		case "color":
			word = sample(s, data.Data["color"]["safe"])
		default:
			word = sample(s, data.Product[part])
		}
		words = append(words, word)
	}
	return titled(strings.Join(words, " "))
}

// titled returns the English text with a capital letter at the start of each word. A sign other
// than an underscore ends a word.
func titled(text string) string {
	letters, inWord := []byte(text), false
	for i, c := range letters {
		isLower := 'a' <= c && c <= 'z'
		if isLower && !inWord {
			letters[i] = c - 'a' + 'A'
		}
		inWord = isLower || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '_'
	}
	return string(letters)
}
