package backup

import (
	"context"
	"errors"
	"os"

	"github.com/seedkit/seedkit/internal/journal"
	"github.com/seedkit/seedkit/internal/live"
	"github.com/seedkit/seedkit/internal/sqlite"
)

// Rehearsal is a private copy of a database, to try a change on.
type Rehearsal struct {
	// Path is the path of the copy.
	Path string
	copy *verifiedCopy
}

// MakeRehearsal copies the database at path db into the folder in which [Make] would put a backup,
// and verifies the copy as Make does. The copy has the journal mode of the database, and only its
// owner can read it. There must be room for a change of every page. After a kill, [Leftovers] finds
// the copy. The errors are those of Make; opts.Path must be empty.
func MakeRehearsal(ctx context.Context, db string, opts Options) (*Rehearsal, error) {
	v, err := copyVerified(ctx, db, opts, forRehearsal, false)
	if err != nil {
		return nil, err
	}
	r := &Rehearsal{Path: v.file.path, copy: v}
	err = live.CheckSpace(v.name.dir(), v.manifest.bytes())
	if err == nil && v.manifest.JournalMode == "wal" {
		err = useWAL(ctx, r.Path)
	}
	if err != nil {
		r.Close()
		return nil, err
	}
	return r, nil
}

func useWAL(ctx context.Context, path string) error {
	c, err := sqlite.Open(ctx, path, sqlite.ReadWrite)
	if err != nil {
		return err
	}
	return errors.Join(c.Exec("PRAGMA journal_mode = WAL"), c.Close())
}

// Close removes the copy, the journal of a run on it, and the folders that were made for it.
func (r *Rehearsal) Close() {
	os.Remove(r.Path + journal.Suffix)
	r.copy.discard()
}
