package generate

import (
	"strings"

	"github.com/seedkit/seedkit/internal/model"
	"github.com/seedkit/seedkit/internal/sqlite"
)

// guess generates a value that suits a column's name and type.
func guess(f *Fake, c *model.Column) any {
	if value, ok := guessByCheck(f, c); ok {
		return value
	}
	return guessPlain(f, c)
}

// guessPlain generates a value without regard to constraints.
func guessPlain(f *Fake, c *model.Column) any {
	meaning, named := f.drawer.meanings.byColumn[c]
	distinct := f.row.template.distinct[c.Index]
	switch {
	case f.drawer.times.of(c) != nil:
		return guessTime(f, c)
	case c.JSON != "":
		by := theCheck
		if strings.Contains(strings.ToUpper(c.Type), "JSON") {
			by = theType
		}
		f.as("JSON of the type "+c.JSON, by)
		return guessJSON(f, c.JSON)
	case len(c.Seen) > 0 && !distinct:
		f.as("one of the values that rows have", theRows)
		return Pick(f, c.Seen)
	case c.Event && !distinct:
		f.as("an event that may not have happened", theName)
		return nil
	case strings.Contains(strings.ToUpper(c.Type), "UUID"):
		f.as("a UUID", theType)
		return uuid(f.drawer.idTime(f.row, c))
	case f.drawer.meanings.counts[c]:
		f.as("1, 2, 3 for the rows of a parent", theName)
		return f.drawer.counts.next(f, c)
	case c.Kind == sqlite.Integer && distinct:
		f.as("an integer of the declaration's range", theType)
		return f.drawer.integerID(f.row, c)
	case c.Kind == sqlite.Blob:
		f.as("the 16 bytes of a UUID", noBasis)
		return f.drawer.blobID(f.row, c)
	case named:
		f.as(meaning.what, theName)
		return meaning.make(f, c)
	case c.Kind == sqlite.Integer, c.Kind == sqlite.Real:
		f.as("a number from 0 to 1000", noBasis)
		return guessNumber(f, c)
	}
	if code, ok := guessCode(f, c); ok {
		return code
	}
	f.as("a word", noBasis)
	return plain(func(f *Fake) string { return sample(f.stream, commonNouns) }).value(f, c)
}
