package sqlite

import (
	"iter"

	"modernc.org/libc"
	lib "modernc.org/sqlite/lib"
)

// Exec runs one statement to its end.
func (c *Conn) Exec(sql string, args ...any) error {
	s, err := c.PrepareOne(sql)
	if err != nil {
		return err
	}
	defer s.Close()
	return s.Exec(args...)
}

// Query yields a statement for every row of its result. An error is the last thing yielded, with a
// nil statement. The statement belongs to the loop.
func (c *Conn) Query(sql string, args ...any) iter.Seq2[*Stmt, error] {
	return func(yield func(*Stmt, error) bool) {
		s, err := c.PrepareOne(sql)
		if err != nil {
			yield(nil, err)
			return
		}
		defer s.Close()
		for row, err := range s.Rows(args...) {
			if !yield(row, err) {
				return
			}
		}
	}
}

// Value returns the first column of a query's first row, or NULL if there is no row.
func (c *Conn) Value(sql string, args ...any) (Value, error) {
	for row, err := range c.Query(sql, args...) {
		if err != nil {
			return Value{}, err
		}
		return row.Value(0), nil
	}
	return Value{}, nil
}

// Int64 returns the first column of a query's first row as an integer, or 0 if there is no row.
func (c *Conn) Int64(sql string, args ...any) (int64, error) {
	for row, err := range c.Query(sql, args...) {
		if err != nil {
			return 0, err
		}
		return row.Int64(0), nil
	}
	return 0, nil
}

// DataVersion returns a number that changes whenever another connection commits to the main
// database (https://sqlite.org/c3ref/c_fcntl_begin_atomic_write.html, SQLITE_FCNTL_DATA_VERSION).
// The number belongs to the state that the connection's current transaction sees, or, if none is
// open, its last one. Only numbers of the same connection can be compared.
func (c *Conn) DataVersion() (uint32, error) {
	out := libc.Xcalloc(c.tls, 1, ptrSize)
	defer libc.Xfree(c.tls, out)
	main := c.scratch.put(c.tls, "main\x00")
	rc := lib.Xsqlite3_file_control(c.tls, c.db, main, lib.SQLITE_FCNTL_DATA_VERSION, out)
	return uint32(word(out)), c.check(rc)
}

// Rollback ends an open transaction and undoes its changes. It also works after the context is
// done.
func (c *Conn) Rollback() {
	if !c.InTransaction() {
		return
	}
	sql := c.scratch.put(c.tls, "ROLLBACK\x00")
	lib.Xsqlite3_exec(c.tls, c.db, sql, 0, 0, 0)
}
