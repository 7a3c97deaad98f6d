// Package sqlite is seedkit's way to SQLite: connections, statements, values
// and the online backup, over the C API that modernc.org/sqlite translates.
//
// database/sql is not used: it converts values on the way (DATETIME columns
// become time.Time, REAL and TEXT trade places), and a seed must arrive with
// the storage classes and bytes that it was written with.
package sqlite

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"strings"
	"sync/atomic"
	"time"
	"unsafe"

	"modernc.org/libc"
	lib "modernc.org/sqlite/lib"
)

// Mode says what a connection may do to its file.
type Mode int

const (
	// ReadOnly opens an existing database for reading. Its -wal file, if
	// there is one, is read too.
	ReadOnly Mode = iota
	// ReadWrite opens an existing database for reading and writing.
	ReadWrite
	// Create opens a database for reading and writing, and makes the file
	// when it does not exist.
	Create
	// immutable opens a database that nobody writes to, for reading without
	// locks. It is [OpenSnapshot]'s.
	immutable
)

// Memory is the path of a private database that lives in memory.
const Memory = ":memory:"

// Temporary is the path of a private database that SQLite keeps in memory as
// long as it is small, else in a file, and that is gone when it is closed
// (https://sqlite.org/inmemorydb.html#temp_db).
const Temporary = ""

// BusyTimeout is how long a new connection waits for another's lock before
// it gives up with [Busy]. [Conn.SetBusyTimeout] changes it.
const BusyTimeout = 5 * time.Second

// Conn is one connection to one database. It belongs to one goroutine at a
// time.
type Conn struct {
	ctx      context.Context
	tls      *libc.TLS
	db       uintptr
	scratch  buffer
	stopped  atomic.Bool
	unlisten func() bool
	verify   func() error // what [OpenSnapshot] wants looked at once more when all is read
	missing  []MissingObject
	// functions are those that stand in for the app's own, by name; nil if none may.
	functions map[string]bool
	vfs       *vfs     // what [OpenReproducible] reaches the operating system through; nil is SQLite's own way
	overlay   *overlay // what [OpenOverlay] reads and writes; else nil
}

// Open opens the database at path. The connection lives as long as ctx: once
// ctx is done, the statement that is running is interrupted, later ones are
// refused with the context's error, and only [Conn.Rollback] and [Conn.Close]
// still work.
//
// Open looks at the path before it lets SQLite have it: a missing file is an
// error that is [fs.ErrNotExist] (unless mode is [Create]), a directory is
// [ErrIsDirectory]. SQLite reads the file only with the first statement; use
// [Conn.Check] to learn at once whether it is a database.
func Open(ctx context.Context, path string, mode Mode) (*Conn, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if path != Memory && path != Temporary {
		if err := checkPath(path, mode); err != nil {
			return nil, err
		}
	}
	c := &Conn{ctx: ctx, tls: libc.NewTLS()}
	if err := c.begin(path, mode); err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	return c, nil
}

// begin opens the handle and lets ctx end it; after an error c is closed.
func (c *Conn) begin(path string, mode Mode) error {
	if err := c.open(path, mode); err != nil {
		c.Close()
		return err
	}
	c.SetBusyTimeout(BusyTimeout)
	c.unlisten = context.AfterFunc(c.ctx, c.interrupt)
	return nil
}

// ErrIsDirectory reports a path that names a directory where a database
// belongs.
var ErrIsDirectory = errors.New("is a directory, not a database")

func checkPath(path string, mode Mode) error {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist) && mode == Create:
		return nil
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("%s: %w", path, fs.ErrNotExist)
	case err != nil:
		return err
	case info.IsDir():
		return fmt.Errorf("%s %w", path, ErrIsDirectory)
	}
	return nil
}

func (c *Conn) open(path string, mode Mode) error {
	flags := map[Mode]int32{
		ReadOnly:  lib.SQLITE_OPEN_READONLY,
		ReadWrite: lib.SQLITE_OPEN_READWRITE,
		Create:    lib.SQLITE_OPEN_READWRITE | lib.SQLITE_OPEN_CREATE,
		immutable: lib.SQLITE_OPEN_READONLY | lib.SQLITE_OPEN_URI,
	}[mode]
	if mode == immutable {
		path = "file:" + uriEscaper.Replace(path) + "?immutable=1"
	}
	name, err := libc.CString(path)
	if err != nil {
		return err
	}
	defer libc.Xfree(c.tls, name)
	out := libc.Xcalloc(c.tls, 1, ptrSize)
	defer libc.Xfree(c.tls, out)
	rc := lib.Xsqlite3_open_v2(c.tls, name, out, flags|lib.SQLITE_OPEN_NOMUTEX|lib.SQLITE_OPEN_EXRESCODE, c.vfs.cName())
	c.db = word(out)
	if err := c.check(rc); err != nil {
		return err
	}
	return c.AllowQuotedStrings(false)
}

// uriEscaper escapes what ends or changes a path in a URI, a second slash at
// its start included (https://sqlite.org/uri.html).
var uriEscaper = strings.NewReplacer("%", "%25", "?", "%3f", "#", "%23", "//", "/")

// AllowQuotedStrings lets statements write the string 'x' as "x", as SQLite
// does by default where there is no such column
// (https://sqlite.org/quirks.html#dblquote). A new connection does not: a
// query of ours that names a missing column would return that text instead of
// an error. It is for scripts of others.
func (c *Conn) AllowQuotedStrings(allow bool) error {
	return c.configure(lib.SQLITE_DBCONFIG_DQS_DML, allow)
}

// EnableTriggers lets triggers fire, as a new connection does, or not.
func (c *Conn) EnableTriggers(enable bool) error {
	return c.configure(lib.SQLITE_DBCONFIG_ENABLE_TRIGGER, enable)
}

func (c *Conn) configure(option int32, on bool) error {
	args := libc.Xcalloc(c.tls, 2, 8)
	defer libc.Xfree(c.tls, args)
	return c.check(lib.Xsqlite3_db_config(c.tls, c.db, option, libc.VaList(args, libc.Bool32(on), uintptr(0))))
}

const ptrSize = libc.Tsize_t(unsafe.Sizeof(uintptr(0)))

// word reads the pointer that SQLite stored at p.
func word(p uintptr) uintptr {
	return *(*uintptr)(unsafe.Pointer(unsafe.SliceData(libc.GoBytes(p, int(ptrSize)))))
}

// Close rolls back an open transaction and frees the connection. Statements
// must be closed before it.
func (c *Conn) Close() error {
	if c.tls == nil {
		return nil
	}
	if c.unlisten != nil && !c.unlisten() {
		// The interrupt has begun in another goroutine: let it finish before
		// the handle that it uses goes away.
		for !c.stopped.Load() {
			time.Sleep(time.Microsecond)
		}
	}
	var err error
	if c.db != 0 {
		err = c.check(lib.Xsqlite3_close_v2(c.tls, c.db))
	}
	c.scratch.free(c.tls)
	c.overlay.close()
	c.vfs.free(c.tls)
	c.tls.Close()
	c.tls, c.db = nil, 0
	if err == nil && c.verify != nil {
		err = c.verify()
	}
	return err
}

// interrupt runs in a goroutine of its own, so it brings its own TLS.
func (c *Conn) interrupt() {
	tls := libc.NewTLS()
	lib.Xsqlite3_interrupt(tls, c.db)
	tls.Close()
	c.stopped.Store(true)
}

// Context returns the context that the connection lives as long as.
func (c *Conn) Context() context.Context { return c.ctx }

// SetBusyTimeout sets how long a statement waits for a lock that another
// connection holds. Zero means not at all.
func (c *Conn) SetBusyTimeout(d time.Duration) {
	lib.Xsqlite3_busy_timeout(c.tls, c.db, int32(d.Milliseconds()))
}

// Changes returns how many rows the last INSERT, UPDATE or DELETE changed.
func (c *Conn) Changes() int64 { return lib.Xsqlite3_changes64(c.tls, c.db) }

// InTransaction reports whether a transaction is open.
func (c *Conn) InTransaction() bool { return lib.Xsqlite3_get_autocommit(c.tls, c.db) == 0 }

// ForbidAttach makes ATTACH and VACUUM INTO fail, so that a script which is
// not ours cannot write to a file of its choosing.
func (c *Conn) ForbidAttach() {
	lib.Xsqlite3_limit(c.tls, c.db, lib.SQLITE_LIMIT_ATTACHED, 0)
}

// LimitLength sets how many bytes a value or a row may have: a longer one is an
// error, and takes no memory.
func (c *Conn) LimitLength(bytes int64) {
	lib.Xsqlite3_limit(c.tls, c.db, lib.SQLITE_LIMIT_LENGTH, int32(min(bytes, math.MaxInt32)))
}

// Version returns the version of the SQLite inside, such as "3.54.1".
func Version() string { return lib.SQLITE_VERSION }
