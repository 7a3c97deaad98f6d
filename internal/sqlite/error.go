package sqlite

import (
	"errors"
	"fmt"
	"strings"

	"modernc.org/libc"
	lib "modernc.org/sqlite/lib"
)

// Code is a primary result code of SQLite (https://sqlite.org/rescode.html).
type Code int32

// The result codes that callers branch on.
const (
	Generic    Code = lib.SQLITE_ERROR      // what has no code of its own, such as SQL that does not compile
	Busy       Code = lib.SQLITE_BUSY       // another connection holds the lock
	ReadOnlyDB Code = lib.SQLITE_READONLY   // the file or its folder cannot be written
	Interrupt  Code = lib.SQLITE_INTERRUPT  // the context was done
	IOErr      Code = lib.SQLITE_IOERR      // the operating system refused a read or a write
	Corrupt    Code = lib.SQLITE_CORRUPT    // the file's pages contradict each other
	Full       Code = lib.SQLITE_FULL       // the disk is full
	CantOpen   Code = lib.SQLITE_CANTOPEN   // the file or one beside it cannot be opened
	Constraint Code = lib.SQLITE_CONSTRAINT // a constraint forbids the row
	NotADB     Code = lib.SQLITE_NOTADB     // the file is no SQLite database, or is encrypted
)

// Error is an error that SQLite reported.
type Error struct {
	Extended int32  // the extended result code
	Msg      string // SQLite's own message
	Offset   int    // byte offset of the offending token in the SQL text, or -1
}

func (e *Error) Error() string { return e.Msg }

// Code returns the primary result code.
func (e *Error) Code() Code { return Code(e.Extended & 0xff) }

// Is reports whether err is an [Error] with the given primary result code.
func Is(err error, code Code) bool {
	var e *Error
	return errors.As(err, &e) && e.Code() == code
}

// IsUnique reports whether err says that a row breaks a UNIQUE or PRIMARY KEY
// constraint.
func IsUnique(err error) bool {
	var e *Error
	if !errors.As(err, &e) {
		return false
	}
	switch e.Extended {
	case lib.SQLITE_CONSTRAINT_UNIQUE, lib.SQLITE_CONSTRAINT_PRIMARYKEY, lib.SQLITE_CONSTRAINT_ROWID:
		return true
	}
	return false
}

// IsForeignKey reports whether err says that a reference leads nowhere.
func IsForeignKey(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.Extended == lib.SQLITE_CONSTRAINT_FOREIGNKEY
}

// ConstraintTable returns the table that err says a UNIQUE, PRIMARY KEY or NOT
// NULL constraint of is broken, "" where SQLite does not name it.
func ConstraintTable(err error) string {
	var e *Error
	if ConstraintColumns(err) == nil || !errors.As(err, &e) {
		return ""
	}
	_, list, _ := strings.Cut(e.Msg, " constraint failed: ")
	table, _, _ := strings.Cut(list, ".")
	return table
}

// ConstraintColumns returns the columns that err says break a UNIQUE, PRIMARY
// KEY or NOT NULL constraint; nil for other errors, and where SQLite names an
// index or a condition instead. It reads SQLite's message, since the C API
// tells it in no other way: "UNIQUE constraint failed: t.a, t.b".
func ConstraintColumns(err error) []string {
	var e *Error
	if !errors.As(err, &e) || e.Code() != Constraint {
		return nil
	}
	kind, list, ok := strings.Cut(e.Msg, " constraint failed: ")
	if !ok || kind == "CHECK" || strings.HasPrefix(list, "index ") {
		return nil
	}
	var columns []string
	for _, name := range strings.Split(list, ", ") {
		_, column, _ := strings.Cut(name, ".")
		columns = append(columns, column)
	}
	return columns
}

// check turns a result code into an error: nil for success, the context's
// error for an interrupt, else an [*Error]. An interrupt that comes while
// SQLite sets up a table-valued pragma is SQLITE_ERROR, and only the message
// tells.
func (c *Conn) check(rc int32) error {
	switch rc {
	case lib.SQLITE_OK, lib.SQLITE_ROW, lib.SQLITE_DONE:
		return nil
	}
	e := &Error{Extended: rc, Offset: -1, Msg: libc.GoString(lib.Xsqlite3_errstr(c.tls, rc))}
	if c.db != 0 && lib.Xsqlite3_extended_errcode(c.tls, c.db) == rc {
		e.Msg = libc.GoString(lib.Xsqlite3_errmsg(c.tls, c.db))
		e.Offset = int(lib.Xsqlite3_error_offset(c.tls, c.db))
	}
	interrupted := e.Code() == Interrupt || e.Msg == libc.GoString(lib.Xsqlite3_errstr(c.tls, lib.SQLITE_INTERRUPT))
	if interrupted && c.ctx.Err() != nil {
		return c.ctx.Err()
	}
	return e
}

// Check reads the header and the schema, so that a file which is no database,
// is encrypted, or has a broken schema is found before anything is done
// with it. An empty file is a database without tables to SQLite; here it is
// [ErrEmpty], since it may as well be what is left of one.
func (c *Conn) Check() error {
	pages, err := c.Int64("PRAGMA page_count")
	if err != nil {
		return err
	}
	if pages == 0 {
		return ErrEmpty
	}
	if _, err := c.Int64("SELECT count(*) FROM sqlite_schema"); err != nil {
		return fmt.Errorf("read the schema: %w", err)
	}
	return nil
}

// ErrEmpty reports a file of no bytes where a database belongs.
var ErrEmpty = errors.New("is empty, not a database")
