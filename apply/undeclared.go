package apply

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/seedkit/seedkit/internal/model"
	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/seed"
	"github.com/seedkit/seedkit/internal/sqlite"
)

// UndeclaredError reports a column that, by its name, refers to a row with another key in the
// target. No foreign key says so, and the value of the column would refer to another row there.
type UndeclaredError struct {
	Table, Column string
	Row           string // the row with the reference: `id = 7`, or empty
	Parent        string // the table of the row with another key
	From, To      string // its key in the seed and in the target, written as in [Differing]
}

func (e *UndeclaredError) Error() string {
	row := ""
	if e.Row != "" {
		row = " of the row with " + e.Row
	}
	return fmt.Sprintf("%s.%s%s seems to refer to the row of %s with %s, which is %s in the "+
		"target, but no foreign key says so", e.Table, e.Column, row, e.Parent, e.From, e.To)
}

func isUndeclared(err error) bool {
	_, ok := errors.AsType[*UndeclaredError](err)
	return ok
}

// undeclared is a column that refers to a table by its name, without a foreign key.
type undeclared struct {
	at, typeAt int // the positions of the column, and of the column with the table's name, or -1
	parent     *mover
	id         string // the parent's primary key
	inSeed     *seed.Finder
}

// checkUndeclared returns an [*UndeclaredError] for the first row with a reference that does not
// follow.
func (r *run) checkUndeclared() error {
	if len(r.moves.movers) == 0 {
		return nil
	}
	names := model.OfSchema(r.there)
	for _, t := range r.tables {
		columns, err := r.undeclaredIn(names, t)
		if err == nil && len(columns) > 0 {
			err = r.checkRows(t, columns)
		}
		for _, u := range columns {
			u.inSeed.Close()
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// undeclaredIn returns the columns of a table that refer to tables with rows that have other keys.
// The caller must close their finders.
func (r *run) undeclaredIn(names *model.Model, t tablePlace) (found []undeclared, err error) {
	stored := t.seed.Stored()
	add := func(column, typeColumn string, c *mover) {
		u := undeclared{at: slices.Index(stored, column), typeAt: -1, parent: c}
		if typeColumn != "" {
			u.typeAt = slices.Index(stored, typeColumn)
		}
		id := c.place.there.PrimaryKey
		if err != nil || u.at < 0 || c.keys.count == 0 || len(id) != 1 {
			return
		}
		u.id = id[0]
		if u.inSeed, err = r.seed.Finder(c.place.seed, id); err == nil {
			found = append(found, u)
		}
	}
	table := names.Table(t.there.Name)
	for _, fk := range table.References() {
		if parent := r.placeOf(fk.Parent.Name); fk.Inferred && parent.seed != nil {
			if c := r.moves.mover(parent.seed); c != nil {
				add(table.Columns[fk.Columns[0]].Name, "", c)
			}
		}
	}
	for _, column := range stored {
		of := slices.IndexFunc(stored, func(other string) bool { return isTypeOf(other, column) })
		if of < 0 || isReference(t, column) {
			continue
		}
		for _, c := range r.moves.movers {
			add(column, stored[of], c)
		}
	}
	if err != nil {
		err = r.nameDatabase(err)
	}
	return found, err
}

func isReference(t tablePlace, column string) bool {
	return slices.ContainsFunc(references(t), func(fk schema.ForeignKey) bool {
		return contains(fk.Columns, column)
	})
}

// isTypeOf reports whether a column says to which table another column refers: owner_type for
// owner_id.
func isTypeOf(column, id string) bool {
	a, b := schema.Words(column), schema.Words(id)
	last := len(a) - 1
	return last > 0 && len(a) == len(b) && slices.Equal(a[:last], b[:last]) &&
		a[last] == "type" && b[last] == "id"
}

// checkRows looks for a row that refers to a row with another key.
func (r *run) checkRows(t tablePlace, columns []undeclared) error {
	for row, err := range r.seed.Rows(t.seed) {
		if err != nil {
			return r.nameDatabase(err)
		}
		for _, u := range columns {
			if err := u.check(t, row); err != nil {
				return err
			}
		}
	}
	return nil
}

func (u undeclared) check(t tablePlace, row seed.Row) error {
	value, c := row.Values[u.at], u.parent
	theirs := row.Theirs != nil && row.Theirs[u.at]
	if value.IsNull() || theirs || u.typeAt >= 0 && !names(row.Values[u.typeAt], c.place.there) {
		return nil
	}
	parent, ok, err := u.inSeed.Find([]sqlite.Value{value})
	if err != nil || !ok {
		return err
	}
	moved, _, ok, err := c.keys.find(sqlite.Pick(parent.Values, c.at))
	at := slices.IndexFunc(c.columns, func(name string) bool {
		return strings.EqualFold(name, u.id)
	})
	if err != nil || !ok || moved[at] == parent.Values[c.at[at]] {
		return err
	}
	texts := keyTexts([]string{u.id, u.id}, []sqlite.Value{parent.Values[c.at[at]], moved[at]})
	return &UndeclaredError{
		Table: t.there.Name, Column: t.seed.Stored()[u.at], Row: rowKey(t, row.Values),
		Parent: c.place.there.Name, From: u.id + " = " + texts[0], To: texts[1],
	}
}

// names reports whether a value names a table as Rails' and Laravel's polymorphic references do:
// Post and App\Models\Post name posts.
func names(v sqlite.Value, t *schema.Table) bool {
	text := v.Data()
	text = text[strings.LastIndexAny(text, `\:.`)+1:]
	return slices.ContainsFunc(model.Plurals(strings.Join(schema.Words(text), "_")),
		func(name string) bool {
			return strings.EqualFold(name, strings.Join(schema.Words(t.Name), "_"))
		})
}
