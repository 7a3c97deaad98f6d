// Package sqlite gives seedkit access to SQLite: connections, statements, values and the online
// backup, over the C API that modernc.org/sqlite translates.
//
// seedkit cannot use database/sql, because it converts values: DATETIME columns become time.Time,
// REAL and TEXT trade places. A seed must arrive with the storage classes and bytes with which it
// was written.
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
	"syscall"
	"time"
	"unsafe"

	"modernc.org/libc"
	lib "modernc.org/sqlite/lib"
)

// Mode is what a connection may do to its file.
type Mode int

const (
	// ReadOnly opens an existing database for reading, including its -wal file.
	ReadOnly Mode = iota
	// ReadWrite opens an existing database for reading and writing.
	ReadWrite
	// Create opens a database for reading and writing, and creates the file if it does not exist.
	Create
	// immutable opens a database for reading without locks. Only [OpenSnapshot] uses it, if nobody
	// writes to the database.
	immutable
)

// Memory is the path of a private database in memory.
const Memory = ":memory:"

// Temporary is the path of a private database that SQLite keeps in memory while it is small, and
// otherwise in a file. The database is deleted when it is closed
// (https://sqlite.org/inmemorydb.html#temp_db).
const Temporary = ""

// BusyTimeout is the time that a new connection waits for a lock of another connection before it
// fails with [Busy]. [Conn.SetBusyTimeout] changes the time.
const BusyTimeout = 5 * time.Second

// Conn is one connection to one database. It belongs to one goroutine at a time.
type Conn struct {
	ctx      context.Context
	tls      *libc.TLS
	db       uintptr
	scratch  buffer
	stopped  atomic.Bool
	unlisten func() bool
	verify   func() error // the last check of [OpenSnapshot], which Close runs
	missing  []MissingObject
	// functions holds the names of the stand-ins for the app's functions; nil forbids stand-ins.
	functions map[string]bool
	vfs       *vfs     // the world of [OpenReproducible]; nil for SQLite's own VFS
	overlay   *overlay // the pages of [OpenOverlay]; nil for other connections
}

// Open opens the database at path. The connection lives as long as ctx. When ctx is done, the
// running statement is interrupted and later statements fail with the context's error. Only
// [Conn.Rollback] and [Conn.Close] still work.
//
// Open examines the path before SQLite does. The error for a missing file is [fs.ErrNotExist]
// (unless mode is [Create]), the error for a directory is [ErrIsDirectory], and the error for a
// pipe or a device is [ErrNotRegular]. SQLite reads the file with the first statement. [Conn.Check]
// reports at once whether the file is a database.
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

// begin opens the handle and lets ctx interrupt it. After an error c is closed.
func (c *Conn) begin(path string, mode Mode) error {
	if err := c.open(path, mode); err != nil {
		c.Close()
		return err
	}
	c.SetBusyTimeout(BusyTimeout)
	c.unlisten = context.AfterFunc(c.ctx, c.interrupt)
	return nil
}

var (
	// ErrIsDirectory reports a path of a directory in place of a database.
	ErrIsDirectory = errors.New("is a directory, not a database")
	// ErrNotRegular reports a path of a pipe, a socket or a device in place of a database.
	ErrNotRegular = errors.New("is not a regular file")
)

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
	case !info.Mode().IsRegular():
		return fmt.Errorf("%s %w", path, ErrNotRegular)
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
	rc := lib.Xsqlite3_open_v2(c.tls, name, out,
		flags|lib.SQLITE_OPEN_NOMUTEX|lib.SQLITE_OPEN_EXRESCODE, c.vfs.cName())
	c.db = word(out)
	if err := c.check(rc); err != nil {
		if why := lib.Xsqlite3_system_errno(c.tls, c.db); why != 0 {
			err = fmt.Errorf("%w: %w", err, syscall.Errno(why))
		}
		return err
	}
	return c.AllowQuotedStrings(false)
}

// uriEscaper escapes the characters that end or change a path in a URI, and drops a second slash
// (https://sqlite.org/uri.html).
var uriEscaper = strings.NewReplacer("%", "%25", "?", "%3f", "#", "%23", "//", "/")

// AllowQuotedStrings lets statements write the string 'x' as "x". SQLite allows that by default if
// there is no column x (https://sqlite.org/quirks.html#dblquote). A new connection does not allow
// it, because a query of seedkit that names a missing column would return the name and not an
// error. Scripts of users need it.
func (c *Conn) AllowQuotedStrings(allow bool) error {
	return c.configure(lib.SQLITE_DBCONFIG_DQS_DML, allow)
}

// EnableTriggers allows or forbids triggers to fire. A new connection allows it.
func (c *Conn) EnableTriggers(enable bool) error {
	return c.configure(lib.SQLITE_DBCONFIG_ENABLE_TRIGGER, enable)
}

func (c *Conn) configure(option int32, on bool) error {
	args := libc.Xcalloc(c.tls, 2, 8)
	defer libc.Xfree(c.tls, args)
	return c.check(lib.Xsqlite3_db_config(c.tls, c.db, option,
		libc.VaList(args, libc.Bool32(on), uintptr(0))))
}

const ptrSize = libc.Tsize_t(unsafe.Sizeof(uintptr(0)))

// word reads the pointer that SQLite stored at p.
func word(p uintptr) uintptr {
	return *(*uintptr)(unsafe.Pointer(unsafe.SliceData(libc.GoBytes(p, int(ptrSize)))))
}

// Close rolls back an open transaction and frees the connection. The caller must close statements
// first.
func (c *Conn) Close() error {
	if c.tls == nil {
		return nil
	}
	if c.unlisten != nil && !c.unlisten() {
		// The interrupt has begun in another goroutine. It uses the handle, so it must finish
		// before the handle is freed.
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

// interrupt runs in its own goroutine, so it needs its own TLS.
func (c *Conn) interrupt() {
	tls := libc.NewTLS()
	lib.Xsqlite3_interrupt(tls, c.db)
	tls.Close()
	c.stopped.Store(true)
}

// Context returns the context that ends the connection.
func (c *Conn) Context() context.Context { return c.ctx }

// SetBusyTimeout sets the time that a statement waits for a lock of another connection. Zero means
// that it does not wait.
func (c *Conn) SetBusyTimeout(d time.Duration) {
	lib.Xsqlite3_busy_timeout(c.tls, c.db, int32(d.Milliseconds()))
}

// Changes returns the number of rows that the last INSERT, UPDATE or DELETE changed.
func (c *Conn) Changes() int64 { return lib.Xsqlite3_changes64(c.tls, c.db) }

// TotalChanges returns the number of rows that all INSERTs, UPDATEs and DELETEs of the connection
// have changed, with those of triggers and of foreign keys
// (https://sqlite.org/c3ref/total_changes.html).
func (c *Conn) TotalChanges() int64 { return lib.Xsqlite3_total_changes64(c.tls, c.db) }

// InTransaction reports whether a transaction is open.
func (c *Conn) InTransaction() bool { return lib.Xsqlite3_get_autocommit(c.tls, c.db) == 0 }

// ForbidAttach makes ATTACH and VACUUM INTO fail, so that a user's script cannot write to a file
// that it names.
func (c *Conn) ForbidAttach() {
	lib.Xsqlite3_limit(c.tls, c.db, lib.SQLITE_LIMIT_ATTACHED, 0)
}

// LimitLength sets the largest size of a value or a row in bytes. A larger one is an error and
// takes no memory.
func (c *Conn) LimitLength(bytes int64) {
	lib.Xsqlite3_limit(c.tls, c.db, lib.SQLITE_LIMIT_LENGTH, int32(min(bytes, math.MaxInt32)))
}

// Version returns the version of the built-in SQLite, such as "3.54.1".
func Version() string { return lib.SQLITE_VERSION }
