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

// World is all that SQL can learn of what is outside its database.
type World struct {
	// Now is asked by CURRENT_TIMESTAMP and by the date and time functions
	// for 'now', in whole milliseconds.
	Now func() time.Time
	// Random is asked by random(), once a call, and by randomblob(), once
	// every 8 bytes.
	Random func() uint64
	// Script, if not nil, is told that the n-th script begins, from 0 on, so
	// that what it draws can be made independent of what others have drawn.
	Script func(n int64)
}

// OpenReproducible opens a private database, as [Temporary] is, in which the
// same SQL gives the same rows on every run: triggers, column defaults and
// scripts see no clock and no chance but the world's.
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

// BeginScript tells the world of a reproducible database that the n-th script
// begins. For other databases it does nothing.
func (c *Conn) BeginScript(n int64) {
	if c.vfs == nil || c.overlay != nil {
		return
	}
	if begin := worldOf(c.vfs.p).Script; begin != nil {
		begin(n)
	}
}

// overrideRandom puts functions of ours in the place of SQLite's, which draw
// from a generator that the whole process shares
// (https://sqlite.org/c3ref/create_function.html).
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

// sqlRandom is random(). As SQLite's, it never returns the least integer, of
// which abs() has no result.
func sqlRandom(tls *libc.TLS, ctx uintptr, _ int32, _ uintptr) {
	r := int64(worldOf(lib.Xsqlite3_user_data(tls, ctx)).Random())
	lib.Xsqlite3_result_int64(tls, ctx, max(r, -math.MaxInt64))
}

// sqlRandomBlob is randomblob(n), which returns a byte at least.
func sqlRandomBlob(tls *libc.TLS, ctx uintptr, _ int32, args uintptr) {
	world := worldOf(lib.Xsqlite3_user_data(tls, ctx))
	n := max(1, lib.Xsqlite3_value_int64(tls, word(args)))
	if n > int64(lib.Xsqlite3_limit(tls, lib.Xsqlite3_context_db_handle(tls, ctx), lib.SQLITE_LIMIT_LENGTH, -1)) {
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
