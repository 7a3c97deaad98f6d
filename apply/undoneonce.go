package apply

import (
	"slices"

	"github.com/seedkit/seedkit/backup"
	"github.com/seedkit/seedkit/internal/journal"
	"github.com/seedkit/seedkit/internal/sqlite"
)

// undone knows which rows of a run earlier undos have taken back. If such a row is there again, it
// is another's.
type undone struct {
	c    *sqlite.Conn
	some bool
}

// newUndone reads the earlier undos.
func newUndone(c *sqlite.Conn, earlier []journal.Entry) (*undone, error) {
	u := &undone{c: c, some: len(earlier) > 0}
	const table = "CREATE TEMP TABLE seedkit_undone(tbl, key, hash, n, PRIMARY KEY(tbl, key, hash))"
	if err := c.Exec(table); err != nil {
		return nil, err
	}
	for _, e := range earlier {
		for change, err := range e.Changes() {
			if err == nil {
				err = u.add(change)
			}
			if err != nil {
				return nil, err
			}
		}
	}
	return u, nil
}

func (u *undone) add(c journal.Change) error {
	// What an undo has replaced is what the run had written.
	wrote := c.Hash
	if c.Kind == journal.Update {
		wrote = c.Was
	}
	const add = "INSERT INTO temp.seedkit_undone VALUES(?, ?, ?, 1) " +
		"ON CONFLICT DO UPDATE SET n = n + 1"
	key := journal.HashOf(c.Key)
	return u.c.Exec(add, c.Table.Name, key[:], wrote[:])
}

// has reports whether a change of the run was taken back. It answers so only once for each time.
func (u *undone) has(c journal.Change) (bool, error) {
	if !u.some {
		return false, nil
	}
	const take = "UPDATE temp.seedkit_undone SET n = n - 1 " +
		"WHERE tbl = ? AND key = ? AND hash = ? AND n > 0"
	key := journal.HashOf(oldKey(c))
	err := u.c.Exec(take, c.Table.Name, key[:], c.Hash[:])
	return err == nil && u.c.Changes() == 1, err
}

// earlierUndos reads the undos of a run that the journal has.
func earlierUndos(runs []backup.Run, id string) (all []journal.Entry, err error) {
	for _, r := range slices.Backward(runs) {
		took := r.Outcome == backup.Committed ||
			r.Outcome == backup.Unknown && (r.Seen == nil || r.Seen.Done > 0)
		if r.Err != nil || r.Verb != undoVerb || r.Source != id || !took {
			continue
		}
		e, err := journal.Read(r.Path)
		if err != nil {
			return nil, err
		}
		all = append(all, e)
	}
	return all, nil
}
