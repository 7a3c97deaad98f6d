package apply

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"slices"
	"strings"

	"github.com/seedkit/seedkit/internal/rowdiff"
	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/sqlite"
)

// ErrUpdatesChanged reports that the transaction would update other rows, or other values, than the
// plan, because others have written to the target since.
var ErrUpdatesChanged = errors.New("the rows to update have changed since the plan")

// update gives the target's row the values of the seed's row.
func (x *transfer) update(
	t tablePlace, e *editor, parents []*parentFinder, d decision,
) error {
	x.updates.add(t, d)
	stranger, err := x.findStranger(t, parents, d.Row)
	if err != nil {
		return err
	}
	if stranger != nil {
		return x.estranged(*stranger)
	}
	p := updateOf(t, d.Row)
	if _, err = e.make(p); err == nil && len(editTriggers(p)) == 0 {
		err = e.checkStored(p)
	}
	if err != nil {
		if ctx := x.run.dst.Context(); ctx.Err() != nil {
			return ctx.Err()
		}
		return x.refused(&RowError{
			Table: t.there.Name, Key: rowKey(t, d.Values), Updates: true, Err: err,
		})
	}
	return x.updated(t, d)
}

// updateOf returns the edit that gives the target's row of a conflict the seed's values. The edit
// finds the row by the key, and by the values that it replaces.
func updateOf(t tablePlace, row rowdiff.Row) preparedEdit {
	p := preparedEdit{table: t.there}
	key := t.there.PrimaryKey
	at, ok := schema.Positions(t.seed.Stored(), key)
	if !ok || len(key) == 0 {
		key = row.Clash.Columns
		at, _ = schema.Positions(t.seed.Stored(), key)
	}
	p.where.columns = slices.Clone(key)
	p.where.values = sqlite.Pick(row.Clash.There, at)
	for _, d := range row.Clash.Differ {
		p.set.columns = append(p.set.columns, d.Column)
		p.set.values = append(p.set.values, d.Have)
		if !contains(key, d.Column) {
			p.where.columns = append(p.where.columns, d.Column)
			p.where.values = append(p.where.values, d.There)
		}
	}
	return p
}

// checkStored returns an error if the target stores another value than the edit sets.
func (e *editor) checkStored(p preparedEdit) error {
	stored, err := e.find(preparedEdit{table: p.table, where: p.set.over(p.where), set: p.set})
	if errors.Is(err, ErrNoRow) {
		return errNotEdited
	}
	if err != nil {
		return err
	}
	for i, v := range p.set.values {
		if stored[i] != v {
			column := p.set.columns[i]
			shown := keyTexts([]string{column, column}, []sqlite.Value{v, stored[i]})
			return &StoredError{Column: column, Seed: shown[0], Target: shown[1]}
		}
	}
	return nil
}

// whyNotUpdate returns why the target's row of the same entity must not get the seed's values, or
// "".
func (r *run) whyNotUpdate(t tablePlace, row rowdiff.Row) string {
	stored := t.seed.Stored()
	for _, d := range row.Clash.Differ {
		if child := r.refersTo(t, d.Column); child != "" && !d.There.IsNull() {
			return fmt.Sprintf("%s refers to %s, which would change", child, d.Column)
		}
		for _, u := range t.there.Uniques {
			at, ok := schema.Positions(stored, u.Columns)
			if !ok || !contains(u.Columns, d.Column) {
				continue
			}
			if hasNull(sqlite.Pick(row.Values, at)) || hasNull(sqlite.Pick(row.Clash.There, at)) {
				return fmt.Sprintf("the unique key %s would change", strings.Join(u.Columns, ", "))
			}
		}
	}
	return ""
}

// refersTo returns a table of the target that refers to a column of another, or "".
func (r *run) refersTo(t tablePlace, column string) string {
	for _, child := range r.there.Tables {
		for _, fk := range child.ForeignKeys {
			if strings.EqualFold(fk.Parent, t.there.Name) && contains(fk.ParentColumns, column) {
				return child.Name
			}
		}
	}
	return ""
}

func hasNull(values []sqlite.Value) bool { return slices.ContainsFunc(values, sqlite.Value.IsNull) }

// updateDigest is a hash of the rows that are updated, with their old and new values. So a run
// overwrites no value that the plan did not have.
type updateDigest struct{ h hash.Hash }

func newUpdateDigest() updateDigest { return updateDigest{sha256.New()} }

func (u updateDigest) add(t tablePlace, d decision) {
	text := fmt.Appendf(nil, "%q", t.there.Name)
	for _, v := range slices.Concat(d.Values, d.Clash.There) {
		text = v.AppendKey(text)
	}
	u.h.Write(text)
}

func (u updateDigest) sum() (sum [sha256.Size]byte) {
	u.h.Sum(sum[:0])
	return sum
}
