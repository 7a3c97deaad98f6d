package generate

import (
	"strings"

	"github.com/seedkit/seedkit/internal/chance"
	"github.com/seedkit/seedkit/internal/model"
)

// fit joins the head and the tail of a text so that the text has as many characters as its column
// demands. A head that is too long loses its end, a tail loses its start. A head that is too short
// gets random characters.
func fit(random *chance.Stream, c *model.Column, head, tail string) string {
	if c.MinLength == 0 && c.MaxLength == 0 {
		return head + tail
	}
	start, end := []rune(head), []rune(tail)
	for len(start)+len(end) < c.MinLength {
		start = append(start, []rune(base36(random.Uint64(), 1))...)
	}
	if most := c.MaxLength; most > 0 {
		end = end[max(len(end)-most, 0):]
		start = start[:min(len(start), most-len(end))]
	}
	return string(start) + string(end)
}

// guessCode generates the capital letters of a short code, such as that of a country. ok is false
// if the column demands no certain length, or a greater one.
func guessCode(f *Fake, c *model.Column) (code string, ok bool) {
	const longest = 3
	if c.MaxLength == 0 || c.MaxLength != c.MinLength || c.MaxLength > longest {
		return "", false
	}
	f.as("capital letters", theCheck)
	for range c.MaxLength {
		code += string(rune('A' + f.Int(0, 25)))
	}
	return code, true
}

// inCase changes the case of letters in some attempts, because a constraint may demand it.
func inCase(f *Fake, c *model.Column, text string) string {
	switch {
	case !c.Varied:
		return text
	case f.row.tries(c)%4 == 1:
		return strings.ToLower(text)
	case f.row.tries(c)%4 == 2:
		return strings.ToUpper(text)
	}
	return text
}
