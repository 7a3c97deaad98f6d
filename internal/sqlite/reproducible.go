package sqlite

import (
	"context"
	"encoding/binary"
	"fmt"
	"math"
	"time"

	"modernc.org/libc"
	lib "modernc.org/sqlite/lib"
)

// World is everything that SQL can learn from outside its database.
type World struct {
	// Now is the time, in whole milliseconds, for CURRENT_TIMESTAMP and for 'now' in the date and
	// time functions.
	Now func() time.Time
	// Random is called once by every random(), and once for every 8 bytes of randomblob().
	Random func() uint64
	// Script, if not nil, is called when the n-th script begins, counted from 0. It can make the
	// random numbers of a script independent of what earlier scripts drew.
	Script func(n int64)
}

// OpenReproducible opens a private database, like [Temporary], in which the same SQL yields the
// same rows on every run. Triggers, column defaults and scripts get the time and random numbers
// only from the world.
func OpenReproducible(ctx context.Context, world World) (*Conn, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	c := &Conn{ctx: ctx, tls: libc.NewTLS()}
	var err error
	if c.vfs, err = newVFS(c.tls, world); err == nil {
		err = c.begin(Temporary, Create)
	}
	if err == nil {
		err = c.overrideRandom()
	}
	if err != nil {
		c.Close()
		return nil, fmt.Errorf("open a temporary database: %w", err)
	}
	return c, nil
}

// BeginScript tells the world of a reproducible database that the n-th script begins. For other
// databases it does nothing.
func (c *Conn) BeginScript(n int64) {
	if c.vfs == nil || c.overlay != nil {
		return
	}
	if begin := worldOf(c.vfs.p).Script; begin != nil {
		begin(n)
	}
}

// overrideRandom replaces SQLite's random functions, which use a generator that the whole process
// shares (https://sqlite.org/c3ref/create_function.html).
func (c *Conn) overrideRandom() error {
	for _, f := range []struct {
		name string
		args int32
		call func(*libc.TLS, uintptr, int32, uintptr)
	}{
		{"random\x00", 0, sqlRandom},
		{"randomblob\x00", 1, sqlRandomBlob},
	} {
		rc := lib.Xsqlite3_create_function_v2(c.tls, c.db, c.scratch.put(c.tls, f.name), f.args,
			lib.SQLITE_UTF8|lib.SQLITE_INNOCUOUS, c.vfs.p, cFunction(f.call), 0, 0, 0)
		if err := c.check(rc); err != nil {
			return err
		}
	}
	return nil
}

// sqlRandom is random(). Like SQLite's, it never returns the smallest integer, because abs() cannot
// compute its absolute value.
func sqlRandom(tls *libc.TLS, ctx uintptr, _ int32, _ uintptr) {
	r := int64(worldOf(lib.Xsqlite3_user_data(tls, ctx)).Random())
	lib.Xsqlite3_result_int64(tls, ctx, max(r, -math.MaxInt64))
}

// sqlRandomBlob is randomblob(n), which returns at least one byte.
func sqlRandomBlob(tls *libc.TLS, ctx uintptr, _ int32, args uintptr) {
	world := worldOf(lib.Xsqlite3_user_data(tls, ctx))
	n := max(1, lib.Xsqlite3_value_int64(tls, word(args)))
	db := lib.Xsqlite3_context_db_handle(tls, ctx)
	if n > int64(lib.Xsqlite3_limit(tls, db, lib.SQLITE_LIMIT_LENGTH, -1)) {
		lib.Xsqlite3_result_error_toobig(tls, ctx)
		return
	}
	var drawn []byte
	for int64(len(drawn)) < n {
		drawn = binary.LittleEndian.AppendUint64(drawn, world.Random())
	}
	var blob buffer
	defer blob.free(tls)
	lib.Xsqlite3_result_blob(tls, ctx, blob.put(tls, string(drawn)), int32(n), transient)
}
