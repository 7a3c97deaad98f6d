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
	Generic    Code = lib.SQLITE_ERROR      // such as SQL that does not compile
	Busy       Code = lib.SQLITE_BUSY       // another connection holds the lock
	ReadOnlyDB Code = lib.SQLITE_READONLY   // the file or its folder cannot be written
	Interrupt  Code = lib.SQLITE_INTERRUPT  // the context was done
	Corrupt    Code = lib.SQLITE_CORRUPT    // the file's pages contradict each other
	CantOpen   Code = lib.SQLITE_CANTOPEN   // the file or one beside it cannot be opened
	IOError    Code = lib.SQLITE_IOERR      // a file cannot be read or written
	Full       Code = lib.SQLITE_FULL       // the disk is full, or a table has its last rowid
	NoMemory   Code = lib.SQLITE_NOMEM      // there is not enough memory
	Constraint Code = lib.SQLITE_CONSTRAINT // a constraint forbids the row
	Mismatch   Code = lib.SQLITE_MISMATCH   // a value that its column cannot store
	TooBig     Code = lib.SQLITE_TOOBIG     // a text or a blob that is too long
	NotADB     Code = lib.SQLITE_NOTADB     // the file is not an SQLite database, or is encrypted
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

// IsUnique reports whether err is a violation of a UNIQUE or PRIMARY KEY constraint.
func IsUnique(err error) bool {
	var e *Error
	if !errors.As(err, &e) {
		return false
	}
	switch e.Extended {
	case lib.SQLITE_CONSTRAINT_UNIQUE, lib.SQLITE_CONSTRAINT_PRIMARYKEY,
		lib.SQLITE_CONSTRAINT_ROWID:
		return true
	}
	return false
}

// IsForeignKey reports whether err says that a foreign key refers to no row.
func IsForeignKey(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.Extended == lib.SQLITE_CONSTRAINT_FOREIGNKEY
}

// ConstraintTable returns the table of the UNIQUE, PRIMARY KEY or NOT NULL constraint that err
// reports. It returns "" if SQLite does not name the table.
func ConstraintTable(err error) string {
	var e *Error
	if ConstraintColumns(err) == nil || !errors.As(err, &e) {
		return ""
	}
	_, list, _ := strings.Cut(e.Msg, " constraint failed: ")
	table, _, _ := strings.Cut(list, ".")
	return table
}

// ConstraintColumns returns the columns of the UNIQUE, PRIMARY KEY or NOT NULL constraint that err
// reports. It returns nil for other errors, and if SQLite names an index or a condition. It reads
// SQLite's message, "UNIQUE constraint failed: t.a, t.b", because the C API does not report the
// columns.
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

// check turns a result code into an error: nil for success, the context's error for an interrupt,
// and an [*Error] otherwise. If an interrupt comes while SQLite sets up a virtual table, such as a
// table-valued pragma, the code is SQLITE_ERROR and only the message reveals the interrupt.
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
	interrupted := e.Code() == Interrupt ||
		e.Msg == libc.GoString(lib.Xsqlite3_errstr(c.tls, lib.SQLITE_INTERRUPT)) ||
		strings.HasPrefix(e.Msg, "vtable constructor failed: ")
	if interrupted && c.ctx.Err() != nil {
		return c.ctx.Err()
	}
	if o := c.overlay; o != nil && o.failed != nil && e.Code() == IOError {
		return fmt.Errorf("%w: %w", e, o.failed)
	}
	return e
}

// Check reads the header and the schema. It finds a file that is not a database, is encrypted, or
// has a broken schema before any work is done. For SQLite an empty file is a database without
// tables. Check returns [ErrEmpty] for it, because the file may be the remains of a database.
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

// ErrEmpty reports an empty file in place of a database.
var ErrEmpty = errors.New("is empty, not a database")
