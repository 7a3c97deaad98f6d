package apply

import (
	"github.com/seedkit/seedkit/internal/journal"
	"github.com/seedkit/seedkit/internal/sqlite"
)

// noteUnnamed notes the hash of an inserted row that has no key.
func (w *takingBack) noteUnnamed(t *undoTable, h journal.Hash) error {
	if t.unnamed == "" {
		t.unnamed = t.doomed + "_hashes"
		err := w.c.Exec("CREATE TABLE " + t.unnamed +
			"(hash BLOB PRIMARY KEY, n INTEGER, present INTEGER) WITHOUT ROWID")
		if err != nil {
			return err
		}
	}
	return w.c.Exec("INSERT INTO "+t.unnamed+
		" VALUES(?, 1, 0) ON CONFLICT DO UPDATE SET n = n + 1", h[:])
}

// gatherUnnamed looks for the rows without a key. If the table has more rows with the same values
// than the run has inserted, nobody can tell which of them are the run's, and all of them stay.
func (w *takingBack) gatherUnnamed(t *undoTable) error {
	const isPresent = " SET present = present + 1 WHERE hash = ?"
	err := w.eachUnnamed(t, "UPDATE "+t.unnamed+isPresent,
		func([]sqlite.Value) error { return nil })
	if err != nil {
		return err
	}
	const shared = "SELECT coalesce(sum(n), 0) FROM "
	kept, err := w.c.Int64(shared + t.unnamed + " WHERE present > n")
	if err != nil {
		return err
	}
	for range kept {
		w.keep(t, nil, "other rows have the same values")
	}
	const missing = "SELECT coalesce(sum(n - present), 0) FROM "
	gone, err := w.c.Int64(missing + t.unnamed + " WHERE present <= n")
	if err != nil {
		return err
	}
	t.Gone += gone
	const take = " SET present = present WHERE hash = ? AND present <= n"
	return w.eachUnnamed(t, "UPDATE "+t.unnamed+take, func(id []sqlite.Value) error {
		return t.doom.Exec(sqlite.Args(id)...)
	})
}

// eachUnnamed runs an update of the notes with the hash of each row of the table, and calls found
// with the identity of each row for which the update finds a note.
func (w *takingBack) eachUnnamed(
	t *undoTable, update string, found func(id []sqlite.Value) error,
) error {
	f, err := t.finder(w.c, t.Columns)
	if err != nil {
		return err
	}
	note, err := w.c.PrepareOne(update)
	if err != nil {
		return err
	}
	defer note.Close()
	for row, err := range f.All() {
		if err == nil {
			err = note.Exec(row.Hash[:])
		}
		if err == nil && w.c.Changes() == 1 {
			err = found(row.ID)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
