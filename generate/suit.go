package generate

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/seedkit/seedkit/internal/model"
	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/sqlite"
)

// suit returns a fixture's value as a column stores it: a time that is written in another form gets
// the column's form. A warning says what the value loses, or that a column for times gets none. An
// error says that the app cannot read the value: text in a column for numbers.
func (ts *times) suit(
	c *model.Column, v sqlite.Value,
) (out sqlite.Value, warning string, err error) {
	at := ts.byColumn[c]
	isTime := v.Kind() == sqlite.Text || v.Kind() == sqlite.Integer
	if at.holds && isTime && c.Kind != sqlite.Blob {
		out, isExact, ok := at.form.As(v)
		switch {
		case ok && isExact:
			return out, "", nil
		case ok:
			return out, fmt.Sprintf("column %q stores times as %s, %s: %s loses a part",
				c.Name, at.form.Name(), at.why, show(v)), nil
		case at.declared && v != sqlite.String(""):
			warning = fmt.Sprintf("column %q stores times as %s, %s: %s is no such time", c.Name,
				at.form.Name(), at.why, show(v))
		}
	}
	if v.Kind() == sqlite.Text && at.numeric && !isNumber(v.Data()) {
		return v, "", fmt.Errorf("the type %s is for numbers, not for %s", c.Type, show(v))
	}
	return v, warning, nil
}

// isNumeric reports whether a column is declared for numbers, and neither refers to other columns
// nor has a constraint with text.
func isNumeric(c *model.Column) bool {
	if c.Key != nil || len(c.Texts) > 0 {
		return false
	}
	switch schema.AffinityOf(c.Type) {
	case schema.IntegerAffinity, schema.RealAffinity:
		return true
	case schema.NumericAffinity:
		declared := strings.ToUpper(c.Type)
		for _, word := range []string{"NUMERIC", "DECIMAL", "BOOL"} {
			if strings.HasPrefix(declared, word) {
				return true
			}
		}
	}
	return false
}

// isNumber reports whether SQLite stores a text as a number in a column for numbers.
func isNumber(text string) bool {
	text = strings.Trim(text, " \t\n\v\f\r")
	if strings.Trim(text, "+-.0123456789eE") != "" {
		return false
	}
	_, err := strconv.ParseFloat(text, 64)
	return err == nil
}

// show shows a value in a message.
func show(v sqlite.Value) string {
	const most = 40
	text := v.Data()
	switch {
	case v.Kind() == sqlite.Integer:
		return fmt.Sprint(v.Int64())
	case len(text) > most:
		text = strings.ToValidUTF8(text[:most], "") + "…"
	}
	return fmt.Sprintf("%q", text)
}

// checkOrder warns if a row with a time of the fixture was changed before its creation.
func (d *drawer) checkOrder(r *row, values []sqlite.Value) {
	created, updated := d.times.created[r.table], d.times.updated[r.table]
	if created == nil || updated == nil || !r.template.gives(created) &&
		!r.template.gives(updated) {
		return
	}
	since, ok := d.times.read(created, values[created.Index])
	at, okAt := d.times.read(updated, values[updated.Index])
	if ok && okAt && at.Before(since) {
		d.mistakes.warn(r.template, r.path(), updated.Name, fmt.Sprintf(
			"column %q (%s) is before column %q (%s)", updated.Name,
			show(values[updated.Index]), created.Name, show(values[created.Index])))
	}
}
