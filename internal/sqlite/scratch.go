package sqlite

import "context"

// OpenScratch opens a private database for loading rows. The database is deleted when it is closed.
// It is in memory while it is small, and otherwise in a file, and takes at most about 16 MB of
// memory. Its SQL sees the given world. See [OpenReproducible].
func OpenScratch(ctx context.Context, world World) (*Conn, error) {
	c, err := OpenReproducible(ctx, world)
	if err != nil {
		return nil, err
	}
	// Larger pages need fewer writes. Nobody needs the database after a crash, but SQLite must undo
	// a statement that fails.
	const settings = "PRAGMA page_size = 8192; PRAGMA cache_size = -6000; " +
		"PRAGMA journal_mode = MEMORY"
	if err := c.ExecScript(settings); err != nil {
		c.Close()
		return nil, err
	}
	return c, nil
}
