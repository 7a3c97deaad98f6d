package generate

import (
	"fmt"
	"slices"
	"strings"

	"github.com/seedkit/seedkit/internal/model"
	"github.com/seedkit/seedkit/internal/sqlite"
)

// Origin is where some of a column's values come from.
type Origin struct {
	// Kind is one of fixture, function, reference, part, default, key, id, guess, null and
	// generated.
	Kind string `json:"kind"`
	What string `json:"what"` // the values, in a few words
	Why  string `json:"why"`  // the reason, or the places of the fixtures
	Rows int64  `json:"rows"` // the rows with such a value
}

// origins are those of one column, without those that differ in their places alone.
type origins struct {
	all    []Origin
	places map[string][]string // by kind and what
}

// add counts an origin. The place is that of the fixture, or empty.
func (o *origins) add(next Origin, place string) {
	if o.places == nil {
		o.places = map[string][]string{}
	}
	key := next.Kind + " " + next.What + " " + next.Why
	i := slices.IndexFunc(o.all, func(other Origin) bool {
		return other.Kind == next.Kind && other.What == next.What && other.Why == next.Why
	})
	if i < 0 {
		o.all = append(o.all, next)
	} else {
		o.all[i].Rows += next.Rows
	}
	if place != "" && !slices.Contains(o.places[key], place) {
		o.places[key] = append(o.places[key], place)
	}
}

// list returns the origins with the places of fixtures as the reasons.
func (o *origins) list() (all []Origin) {
	if o == nil {
		return nil
	}
	for _, next := range o.all {
		places := o.places[next.Kind+" "+next.What+" "+next.Why]
		text := ""
		if len(places) > 0 {
			text = places[0]
		}
		if n := len(places) - 1; n > 0 {
			text += fmt.Sprintf(" and %d more", n)
		}
		next.Why = strings.TrimPrefix(strings.TrimSuffix(next.Why+", "+text, ", "), ", ")
		all = append(all, next)
	}
	return all
}

// place returns the place where a fixture gives a cell, or "".
func (d *drawer) place(r *row, c *model.Column) string {
	s := r.template.sources[c.Index]
	switch s.kind {
	case given, lazy, referred:
		return s.at.or(r.template.at).String()
	}
	return ""
}

// origin says where the value of a cell comes from.
func (d *drawer) origin(r *row, c *model.Column, at traced, v sqlite.Value) Origin {
	source := r.template.sources[c.Index]
	switch at.way {
	case byFixture:
		if v.IsNull() {
			return Origin{Kind: "null", What: "NULL", Why: "the fixture gives it"}
		}
		return Origin{Kind: "fixture", What: "the fixture's value"}
	case byFunction:
		if source.text != "" {
			return Origin{Kind: "function", What: source.text}
		}
		return Origin{Kind: "function", What: "a function of the fixture"}
	case byReference:
		return Origin{Kind: "reference", What: "the row of " + source.ref.table +
			" that the fixture names"}
	case byPart:
		return Origin{Kind: "part", What: "the row of " + r.parent.table.Name + " around it",
			Why: "foreign key"}
	case byDefault:
		if at.rule != (rule{}) { // see [drawer.clockDefault]
			return Origin{Kind: "guess", What: at.rule.what,
				Why: "rows that are made one after another, with the default " + c.Default}
		}
		return Origin{Kind: "default", What: "the default " + c.Default}
	case byKey:
		return d.keyOrigin(r, c, at, v)
	case byIntegerID:
		return Origin{Kind: "id", What: "an integer of the declaration's range",
			Why: "the primary key"}
	case byTextID:
		return Origin{Kind: "id", What: r.table.IDs.String(), Why: r.table.IDsWhy}
	case byBlobID:
		return Origin{Kind: "id", What: "the 16 bytes of a UUID", Why: "the primary key"}
	}
	return d.guessOrigin(r, c, at, v)
}

// keyOrigin says where the value of an open reference comes from.
func (d *drawer) keyOrigin(r *row, c *model.Column, at traced, v sqlite.Value) Origin {
	parent := c.Key.Parent
	why := "foreign key"
	if c.Key.Inferred {
		why = "named like a key of " + parent.Name
	}
	switch {
	case at.rule != (rule{}): // there is no row to choose
		return d.guessOrigin(r, c, at, v)
	case !v.IsNull() && r.template.contest[c.Index] != nil:
		return Origin{Kind: "key", What: "a row of " + parent.Name, Why: why + ", " +
			unlike(r.table, r.template.contest[c.Index].unique)}
	case !v.IsNull():
		return Origin{Kind: "key", What: "a row of " + parent.Name, Why: why}
	case parent == r.table:
		why = "a reference to the table itself, which may be NULL"
	case r.varies(c):
		why = "a constraint refused another value"
	case d.anyParent(r, c.Key):
		why = "no row of " + parent.Name + " is free"
	default:
		why = "there is no row of " + parent.Name
	}
	return Origin{Kind: "null", What: "NULL", Why: why}
}

// guessOrigin says where a value for the column's name and type comes from.
func (d *drawer) guessOrigin(r *row, c *model.Column, at traced, v sqlite.Value) Origin {
	by := at.rule
	switch {
	case at.way == byContest && v.IsNull():
		return Origin{Kind: "null", What: "NULL", Why: "no other value is free"}
	case at.way == byContest:
		by = choiceRule(c)
	case v.IsNull():
		return Origin{Kind: "null", What: "NULL", Why: by.what}
	}
	what, reasons := by.what, []string{by.basis.of(c)}
	switch {
	case r.template.contest[c.Index] != nil:
		reasons = append(reasons, unlike(r.table, r.template.contest[c.Index].unique))
	case r.template.distinct[c.Index]:
		reasons = append(reasons, "different in each row for a unique key")
	}
	if c.Kind == sqlite.Text && d.times.of(c) == nil && len(c.Choices) == 0 {
		what += shorter(c)
	}
	return Origin{Kind: "guess", What: what, Why: strings.Join(reasons, ", ")}
}

// of says what told a guess for a column.
func (b basis) of(c *model.Column) string {
	switch b {
	case theName:
		return "the column's name"
	case theType:
		return "the type " + strings.TrimSpace(c.Type)
	case theCheck:
		return "CHECK"
	case theRows:
		return "rows that are there"
	}
	return "no other rule"
}

// asChoice says that a guess is one of the column's few values.
func (f *Fake) asChoice(c *model.Column) {
	if f.drawer.trace != nil {
		f.rule = choiceRule(c)
	}
}

// choiceRule says why a column has only a few values.
func choiceRule(c *model.Column) rule {
	by := theName
	switch {
	case c.Varied:
		by = theCheck
	case strings.Contains(strings.ToUpper(c.Type), "BOOL"):
		by = theType
	}
	return rule{listOf(c.Choices), by}
}

// unlike says that the values of a unique key are different in each row.
func unlike(t *model.Table, u *model.Unique) string {
	return "none twice for " + columnList(t.ColumnNames(u.Columns))
}

// shorter says how long the texts of a column may be.
func shorter(c *model.Column) string {
	if c.MaxLength == 0 {
		return ""
	}
	return fmt.Sprintf(", at most %d characters", c.MaxLength)
}

// listOf lists values.
func listOf(values []sqlite.Value) string {
	const most = 5
	if len(values) == 1 {
		return show(values[0])
	}
	var texts []string
	for _, v := range values[:min(len(values), most)] {
		texts = append(texts, show(v))
	}
	if len(values) > most {
		texts = append(texts, fmt.Sprintf("%d more", len(values)-most))
	}
	return "one of " + strings.Join(texts, ", ")
}
