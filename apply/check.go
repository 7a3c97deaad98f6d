package apply

import (
	"context"
	"iter"
)

// Check judges the target as it is after the change, before the change is committed.
//
// query runs a SELECT and yields its rows. A value is nil, an int64, a float64, a string or a
// []byte. The last thing that it yields may be an error. query cannot write.
type Check func(
	ctx context.Context, query func(sql string, args ...any) iter.Seq2[[]any, error],
) error

// check lets the options' check judge what r.dst has.
func (r *run) check() (err error) {
	if r.opts.Check == nil {
		return nil
	}
	if err := r.dst.Exec("PRAGMA query_only = ON"); err != nil {
		return err
	}
	defer func() {
		if off := r.dst.Exec("PRAGMA query_only = OFF"); err == nil {
			err = off
		}
	}()
	return r.opts.Check(r.dst.Context(), r.query)
}

func (r *run) query(sql string, args ...any) iter.Seq2[[]any, error] {
	return func(yield func([]any, error) bool) {
		for row, err := range r.dst.Query(sql, args...) {
			if err != nil {
				yield(nil, err)
				return
			}
			values := make([]any, row.Columns())
			for i := range values {
				values[i] = row.Value(i).Any()
			}
			if !yield(values, nil) {
				return
			}
		}
	}
}
