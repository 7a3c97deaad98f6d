package extract

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/seedkit/seedkit/internal/portable"
	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/sqltext"
)

var (
	// ErrOwnReference is in a [*ProofError] if a row of the seed refers to a row that neither the
	// seed nor the baseline has.
	ErrOwnReference = errors.New("the seed breaks a foreign key of its own")
	// ErrTriggerRow is in a [*ProofError] if a trigger may have inserted a row that the result also
	// inserts.
	ErrTriggerRow = errors.New("a trigger inserts such a row")
)

// whyRefused adds the reason to a proof's error, if the seed or the schema on c shows the reason.
func (r *run) whyRefused(c *sqlite.Conn, err error) error {
	proof, ok := errors.AsType[*ProofError](err)
	switch {
	case !ok:
		return err
	case sqlite.IsForeignKey(proof.Err):
		return r.nameReference(proof)
	case sqlite.IsUnique(proof.Err):
		return nameTriggers(c, proof)
	}
	return err
}

// nameReference names the first row that refers to a row that neither the seed nor the baseline
// has.
func (r *run) nameReference(proof *ProofError) error {
	for _, t := range r.tables {
		for _, fk := range t.ForeignKeys {
			row, err := r.danglingRow(t, fk)
			if err != nil {
				return errors.Join(proof, err)
			}
			if row == nil {
				continue
			}
			who := "a row"
			if key := keyOf(t, t.Key(), row); key != "" {
				who = "the row with " + key
			}
			return &ProofError{
				Table: t.Name,
				Msg: fmt.Sprintf("%s refers by %s to a row of %s that is not there",
					who, keyOf(t, fk.Columns, row), fk.Parent),
				Err: fmt.Errorf("%w: %w", ErrOwnReference, proof.Err),
			}
		}
	}
	return proof
}

// danglingRow returns the first row that refers by fk to a row that neither the seed nor the
// baseline has. It returns nil if there is none.
func (r *run) danglingRow(t *schema.Table, fk schema.ForeignKey) ([]sqlite.Value, error) {
	parent := r.seed.Schema.Table(fk.Parent)
	if parent == nil || len(fk.ParentColumns) != len(fk.Columns) {
		return nil, nil
	}
	var given, same []string
	for i, column := range fk.Columns {
		child := "child." + sqltext.QuoteIdent(column)
		given = append(given, child+" IS NOT NULL")
		same = append(same, "parent."+sqltext.QuoteIdent(fk.ParentColumns[i])+" = "+child)
	}
	query := fmt.Sprintf(`SELECT %s FROM %s AS child WHERE %s
		AND NOT EXISTS (SELECT 1 FROM %s AS parent WHERE %s)`,
		sqltext.QuoteIdents(t.Stored()), sqltext.QuoteIdent(t.Name), strings.Join(given, " AND "),
		sqltext.QuoteIdent(parent.Name), strings.Join(same, " AND "))
	for row, err := range r.seed.Conn.Query(query) {
		if err != nil {
			return nil, err
		}
		values := row.Values()
		there, err := r.baselineHas(t, fk, values)
		if err != nil || !there {
			return values, err
		}
	}
	return nil, nil
}

// baselineHas reports whether the baseline has the row to which a row refers by fk.
func (r *run) baselineHas(t *schema.Table, fk schema.ForeignKey, row []sqlite.Value) (bool, error) {
	parent := r.inBaseline(r.seed.Schema.Table(fk.Parent))
	if parent == nil {
		return false, nil
	}
	var where []string
	for i, column := range fk.ParentColumns {
		value := row[slices.Index(t.Stored(), fk.Columns[i])]
		name := sqltext.QuoteIdent(column)
		where = append(where, fmt.Sprintf("%s = %s", name, portable.Append(nil, value)))
	}
	n, err := r.baseline.Int64(fmt.Sprintf("SELECT EXISTS (SELECT 1 FROM %s WHERE %s)",
		sqltext.QuoteIdent(parent.Name), strings.Join(where, " AND ")))
	return n != 0, err
}

// nameTriggers names the triggers that insert into the table of the violated unique key.
func nameTriggers(c *sqlite.Conn, proof *ProofError) error {
	table := sqlite.ConstraintTable(proof.Err)
	if table == "" {
		return proof
	}
	const triggers = `SELECT name, tbl_name, sql FROM sqlite_schema
		WHERE type = 'trigger' ORDER BY rowid`
	var names []string
	for row, err := range c.Query(triggers) {
		if err != nil {
			return errors.Join(proof, err)
		}
		if insertsInto(row.View(2), table) {
			name := fmt.Sprintf("%s, when rows of %s change", row.Text(0), row.Text(1))
			names = append(names, name)
		}
	}
	if names == nil {
		return proof
	}
	msg := fmt.Sprintf("%s; a trigger inserts into %s, too: %s",
		proof.Msg, table, strings.Join(names, "; "))
	return &ProofError{Msg: msg, Err: fmt.Errorf("%w: %w", ErrTriggerRow, proof.Err)}
}

// insertsInto reports whether a CREATE TRIGGER contains an INSERT into a table.
func insertsInto(trigger []byte, table string) bool {
	for i := 0; i < len(trigger); {
		kind, n := sqltext.NextToken(trigger[i:])
		s := sqltext.Statement{Text: trigger[i:]}
		if kind == sqltext.TokWord && s.Kind() == sqltext.KindInsert {
			if _, name := s.Name(); strings.EqualFold(name, table) {
				return true
			}
		}
		i += n
	}
	return false
}
