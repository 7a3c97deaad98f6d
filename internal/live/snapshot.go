package live

import (
	"context"

	"github.com/seedkit/seedkit/internal/litefs"
	"github.com/seedkit/seedkit/internal/sqlite"
)

// OpenAtPosition opens a snapshot of the database and returns the position of LiteFS that belongs
// to it. The position is empty without LiteFS, and if the write lock cannot be had, without which
// no position is certain. locked reports that the caller holds the write lock.
func OpenAtPosition(ctx context.Context, db string, locked bool) (*sqlite.Conn, string, error) {
	if err := litefs.RefuseData(db); err != nil {
		return nil, "", err
	}
	_, found, err := litefs.Position(db)
	if err != nil {
		return nil, "", err
	}
	if found && !locked {
		lock, err := sqlite.Open(ctx, db, sqlite.ReadWrite)
		if err != nil {
			return nil, "", err
		}
		defer lock.Close() // after the snapshot is open, so it is not the last connection
		defer lock.Rollback()
		locked = lock.Exec("BEGIN IMMEDIATE") == nil
	}
	c, err := sqlite.OpenSnapshot(ctx, db)
	if err != nil || !locked {
		return c, "", err
	}
	position, _, err := litefs.Position(db)
	if err != nil {
		c.Close()
		return nil, "", err
	}
	return c, position, nil
}
