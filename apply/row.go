package apply

import (
	"errors"
	"fmt"
	"iter"
	"strings"

	"github.com/seedkit/seedkit/internal/rowdiff"
	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/sqltext"
)

// rows compares a table's rows with the target's. An error names the database
// that it is about.
func (r *run) rows(t tablePlace) iter.Seq2[rowdiff.Row, error] {
	return func(yield func(rowdiff.Row, error) bool) {
		for row, err := range rowdiff.CompareGiven(r.given(t.seed), t.seed.Stored(), r.seed.UnsaidSets(t.seed), r.dst, t.there) {
			if err != nil {
				err = r.nameDatabase(err)
			}
			if !yield(row, err) {
				return
			}
		}
	}
}

func (r *run) nameDatabase(err error) error {
	if _, there := errors.AsType[*rowdiff.OtherError](err); there {
		return fmt.Errorf("%s: %w", r.path, err)
	}
	return fmt.Errorf("%s: %w", r.source, err)
}

// texts shows values to people, each on one line and not too long.
func texts(values []sqlite.Value) []string {
	const longest = 60
	out := make([]string, len(values))
	for i, v := range values {
		switch v.Kind() {
		case sqlite.Integer:
			out[i] = fmt.Sprint(v.Int64())
		case sqlite.Real:
			out[i] = string(sqltext.AppendReal(nil, v.Float64()))
		case sqlite.Text:
			out[i] = fmt.Sprintf("%q", v.Data()[:min(len(v.Data()), longest)])
		case sqlite.Blob:
			out[i] = string(sqltext.AppendBlob(nil, []byte(v.Data()[:min(len(v.Data()), longest)])))
		default:
			out[i] = "NULL"
		}
	}
	return out
}

func appendListed[T any](list []T, item T) []T {
	if len(list) == listed {
		return list
	}
	return append(list, item)
}

func existsSQL(fk schema.ForeignKey) string {
	where := make([]string, len(fk.ParentColumns))
	for i, column := range fk.ParentColumns {
		where[i] = sqltext.QuoteIdent(column) + " = ?"
	}
	return fmt.Sprintf("SELECT 1 FROM %s WHERE %s", sqltext.QuoteIdent(fk.Parent), strings.Join(where, " AND "))
}

func queryHasRow(query *sqlite.Stmt, values []sqlite.Value) (bool, error) {
	for _, err := range query.Rows(sqlite.Args(values)...) {
		return err == nil, err
	}
	return false, nil
}
