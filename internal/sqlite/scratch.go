package sqlite

import "context"

// OpenScratch opens a database of its own to load rows into, which is gone
// when it is closed. It is in memory as long as it is small, else in a file,
// and takes some 16 MB of memory at most. Its SQL sees the given world; see
// [OpenReproducible].
func OpenScratch(ctx context.Context, world World) (*Conn, error) {
	c, err := OpenReproducible(ctx, world)
	if err != nil {
		return nil, err
	}
	// Larger pages take fewer writes. Nobody needs the database after a
	// crash, but a statement that fails must still leave nothing behind.
	if err := c.ExecScript("PRAGMA page_size = 8192; PRAGMA cache_size = -16000; PRAGMA journal_mode = MEMORY"); err != nil {
		c.Close()
		return nil, err
	}
	return c, nil
}
