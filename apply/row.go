package apply

import (
	"errors"
	"fmt"
	"iter"

	"github.com/seedkit/seedkit/internal/rowdiff"
	"github.com/seedkit/seedkit/internal/sqlite"
)

// rows compares a table's rows with the target's. An error names the database
// that it is about.
func (r *run) rows(t tablePlace) iter.Seq2[rowdiff.Row, error] {
	return func(yield func(rowdiff.Row, error) bool) {
		columns, unsaid := t.seed.Stored(), r.seed.UnsaidSets(t.seed)
		for row, err := range rowdiff.CompareGiven(r.allGiven(t.seed), columns, unsaid, r.dst, t.there) {
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

func appendListed[T any](list []T, item T) []T {
	if len(list) == listed {
		return list
	}
	return append(list, item)
}

func queryHasRow(query *sqlite.Stmt, values []sqlite.Value) (bool, error) {
	for _, err := range query.Rows(sqlite.Args(values)...) {
		return err == nil, err
	}
	return false, nil
}
