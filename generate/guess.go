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
	make := f.drawer.meanings.makers[c]
	distinct := f.row.template.distinct[c.Index]
	switch {
	case f.drawer.times.of(c) != nil:
		return guessTime(f, c)
	case c.JSON != "":
		return guessJSON(f, c.JSON)
	case len(c.Seen) > 0 && !distinct:
		return Pick(f, c.Seen)
	case c.Event && !distinct:
		return nil
	case strings.Contains(strings.ToUpper(c.Type), "UUID"):
		return uuid(f.drawer.idTime(f.row, c))
	case f.drawer.meanings.counts[c]:
		return f.drawer.counts.next(f, c)
	case c.Kind == sqlite.Integer && distinct:
		return f.drawer.integerID(f.row, c)
	case c.Kind == sqlite.Blob:
		return f.drawer.blobID(f.row, c)
	case make != nil:
		return make(f, c)
	case c.Kind == sqlite.Integer, c.Kind == sqlite.Real:
		return guessNumber(f, c)
	}
	if code, ok := guessCode(f, c); ok {
		return code
	}
	return plain(func(f *Fake) string { return f.words.NounCommon() }).value(f, c)
}
