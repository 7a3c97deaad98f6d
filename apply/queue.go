package apply

import (
	"errors"
	"fmt"

	"github.com/seedkit/seedkit/internal/rowdiff"
	"github.com/seedkit/seedkit/internal/sqlite"
)

// queue has rows of the seed that one statement shall insert. Nobody has looked for the rows in the
// target. If the statement inserts a row, the row is new: SQLite enforces every unique key. If the
// target has a key of a row already, the statement ends before the row, and keeps the rows before.
// Only then a lookup tells what the row is.
type queue struct {
	rows []queued
	size int // the bytes of the rows
	// doubt says how many rows are compared one by one before a statement tries many again. It
	// grows with each row that is there already, because an attempt in vain costs more than a
	// lookup.
	doubt, left int
}

type queued struct {
	rowdiff.Row
	given   rowdiff.Given
	planned bool // the row is new
}

const (
	mostQueued = 256 << 10 // bytes
	mostDoubt  = 1 << 10
)

// manyError is an error of a statement that inserts many rows. Nobody knows which row it is about,
// and how many rows before it were inserted.
type manyError struct {
	Table string
	Err   error
}

func (e *manyError) Error() string { return fmt.Sprintf("insert into %s: %v", e.Table, e.Err) }

// Unwrap returns SQLite's error.
func (e *manyError) Unwrap() error { return e.Err }

// compared notes whether a row that was looked for is new.
func (q *queue) compared(row rowdiff.Row) {
	q.left--
	if row.Class == rowdiff.New {
		q.left = 0
	}
}

// take empties the queue. The rows are valid until the next one is added.
func (q *queue) take() []queued {
	rows := q.rows
	q.rows, q.size = rows[:0], 0
	return rows
}

// inVain notes that a statement has found the key of a row in the target.
func (q *queue) inVain() {
	q.doubt = min(mostDoubt, 2*q.doubt+1)
	q.left = q.doubt
}

// mayWait reports whether a row can be inserted without a lookup: its keys, in one form only, tell
// whether it is new, and the target certainly stores its values as they are.
func (tt *tableTransfer) mayWait(given rowdiff.Given) bool {
	return tt.inserter.many != nil && tt.queue.left <= 0 && !tt.matcher.Follows() &&
		len(tt.parents) == 0 &&
		given.Unsaid == nil && given.Before == nil && given.Usual == nil && !given.Moved &&
		!tt.run.times.converters[tt.place.seed].Noted() &&
		tt.matcher.HasKey(given) && tt.inserter.keeps(given.Values)
}

// insertPlanned inserts a row that the plan has found to be new.
func (tt *tableTransfer) insertPlanned(d decision) error {
	if tt.inserter.many != nil && d.Unsaid == nil && tt.inserter.keeps(d.Values) {
		return tt.add(queued{Row: d.Row, planned: true})
	}
	if err := tt.flush(); err != nil {
		return err
	}
	return tt.settle(d)
}

// add adds a row to the queue, and inserts the queue if it is full.
func (tt *tableTransfer) add(row queued) error {
	q := &tt.queue
	q.rows = append(q.rows, row)
	for _, v := range row.Values {
		q.size += len(v.Data())
	}
	switch {
	case len(q.rows) == tt.inserter.most:
		return tt.insertQueue()
	case q.size > mostQueued:
		return tt.flush()
	}
	return nil
}

// insertQueue inserts all rows of the queue by one statement, or the rows before the first one
// whose key is in the target. That row and the others follow one by one.
func (tt *tableTransfer) insertQueue() error {
	rows := tt.queue.take()
	inserted, err := tt.inserter.insertMany(rows)
	switch {
	case err == nil:
		tt.queue.doubt = 0
	case tt.run.dst.Context().Err() != nil:
		return tt.run.dst.Context().Err()
	case !sqlite.IsUnique(err):
		return &manyError{Table: tt.place.there.Name, Err: err}
	default:
		tt.queue.inVain()
	}
	for _, row := range rows[:inserted] {
		err := tt.decided(tt.place, decision{Row: row.Row, fate: insert})
		if err == nil {
			err = tt.inserted(tt.place, row.Values)
		}
		if err != nil {
			return err
		}
	}
	return tt.oneByOne(rows[inserted:])
}

// flush inserts the rows of the queue one by one.
func (tt *tableTransfer) flush() error { return tt.oneByOne(tt.queue.take()) }

func (tt *tableTransfer) oneByOne(rows []queued) error {
	for _, row := range rows {
		var err error
		if row.planned {
			err = tt.settle(decision{Row: row.Row, fate: insert})
		} else {
			err = tt.compare(row.given, false)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// insertMany inserts the rows by one statement, and returns how many it has inserted. If err is a
// violation of a unique key, it is about the next row. After any other error the number means
// nothing.
func (in *inserter) insertMany(rows []queued) (inserted int, err error) {
	in.values.Reset()
	for _, row := range rows {
		in.values.Append(row.Values)
	}
	if err := in.many.BindBatch(&in.values, 0, len(rows)*len(in.columns)); err != nil {
		return 0, err
	}
	if _, err = in.many.Step(); err == nil {
		return len(rows), nil
	}
	return int(in.c.Changes()), err
}

// isMany reports whether err is one of a statement that inserts many rows.
func isMany(err error) bool {
	_, ok := errors.AsType[*manyError](err)
	return ok
}
