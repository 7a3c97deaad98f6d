package apply

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"github.com/seedkit/seedkit/internal/journal"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/sqltext"
)

// oldValues completes the old values of the journal with those that only the backup has.
type oldValues struct {
	ctx    context.Context
	path   string // of the backup
	backup *sqlite.Conn
}

func (o *oldValues) close() {
	if o.backup != nil {
		o.backup.Close()
	}
}

// of returns the old values of a change, in the order of its columns. It returns a [*staysError] if
// nobody has them any more.
func (o *oldValues) of(t *undoTable, c journal.Change) ([]sqlite.Value, error) {
	want := c.Was
	if c.Kind == journal.Delete {
		want = c.Hash
	}
	values := make([]sqlite.Value, len(c.Old))
	hidden := false
	for i, old := range c.Old {
		values[i], hidden = old.Value, hidden || old.Hidden
	}
	if hidden {
		if err := o.complete(t, c, values); err != nil {
			return nil, err
		}
	}
	if journal.HashOf(values) != want {
		return nil, &staysError{"its backup has other values than it had"}
	}
	return values, nil
}

// complete reads the hidden values in the backup.
func (o *oldValues) complete(t *undoTable, c journal.Change, values []sqlite.Value) error {
	if len(t.Key) == 0 {
		return &staysError{"the table has no key by which the backup could be searched"}
	}
	if o.backup == nil {
		var err error
		o.backup, err = sqlite.OpenSnapshot(o.ctx, o.path)
		if errors.Is(err, fs.ErrNotExist) {
			return &staysError{"its old values are in the backup, which is gone"}
		}
		if err != nil {
			return err
		}
	}
	query := fmt.Sprintf("SELECT %s FROM %s WHERE %s", sqltext.QuoteIdents(c.Columns()),
		sqltext.QuoteIdent(t.Table.Name), sqltext.Equal(t.Key))
	for row, err := range o.backup.Query(query, sqlite.Args(oldKey(c))...) {
		if err != nil {
			return err
		}
		for i, old := range c.Old {
			if old.Hidden {
				values[i] = row.Value(i)
			}
		}
		return nil
	}
	return &staysError{"its backup does not have it"}
}

// oldKey returns the key that the row had before the change.
func oldKey(c journal.Change) []sqlite.Value {
	key := slices.Clone(c.Key)
	for _, old := range c.Old {
		if i := slices.Index(c.Table.Key, old.Column); i >= 0 {
			key[i] = old.Value
		}
	}
	return key
}
