package sqlite

import (
	"fmt"
	"iter"
	"strings"

	"modernc.org/libc"
	lib "modernc.org/sqlite/lib"
)

// Stmt is a prepared statement. Its column methods return values of the row that the last
// [Stmt.Step] produced.
type Stmt struct {
	c    *Conn
	stmt uintptr
}

// Prepare compiles the first statement of sql and returns the text after it. The statement is nil
// if the text is only white space and comments.
func (c *Conn) Prepare(sql string) (s *Stmt, tail string, err error) {
	z, err := libc.CString(sql)
	if err != nil {
		return nil, "", err
	}
	defer libc.Xfree(c.tls, z)
	s, n, err := c.prepareAt(z, len(sql))
	return s, sql[min(n, len(sql)):], err
}

// PrepareOne compiles sql, which must contain exactly one statement.
func (c *Conn) PrepareOne(sql string) (*Stmt, error) {
	s, tail, err := c.Prepare(sql)
	if err != nil {
		return nil, err
	}
	if s == nil || strings.TrimSpace(tail) != "" {
		s.Close()
		return nil, fmt.Errorf("want one statement, have %q", sql)
	}
	return s, nil
}

// Close frees the statement. Closing nil does nothing.
func (s *Stmt) Close() {
	if s != nil && s.stmt != 0 {
		lib.Xsqlite3_finalize(s.c.tls, s.stmt)
		s.stmt = 0
	}
}

// Step runs the statement to its next row and reports whether there is one. After the last row, and
// after an error, the statement is reset and can be bound and stepped again.
func (s *Stmt) Step() (bool, error) {
	if s.c.stopped.Load() {
		return false, s.c.ctx.Err()
	}
	rc := lib.Xsqlite3_step(s.c.tls, s.stmt)
	if rc == lib.SQLITE_ROW {
		return true, nil
	}
	err := s.c.check(rc)
	lib.Xsqlite3_reset(s.c.tls, s.stmt)
	return false, err
}

// Reset ends the statement before its last row, so that it can be bound and stepped again.
func (s *Stmt) Reset() { lib.Xsqlite3_reset(s.c.tls, s.stmt) }

// Exec binds args to the statement, runs it to its end and resets it.
func (s *Stmt) Exec(args ...any) error {
	if err := s.Bind(args...); err != nil {
		return err
	}
	for {
		if more, err := s.Step(); !more {
			return err
		}
	}
}

// Rows binds args and yields the statement for every row. An error is the last thing yielded, with
// a nil statement. Leaving the loop resets the statement.
func (s *Stmt) Rows(args ...any) iter.Seq2[*Stmt, error] {
	return func(yield func(*Stmt, error) bool) {
		if err := s.Bind(args...); err != nil {
			yield(nil, err)
			return
		}
		for {
			more, err := s.Step()
			if err != nil {
				yield(nil, err)
			}
			if !more {
				return
			}
			if !yield(s, nil) {
				lib.Xsqlite3_reset(s.c.tls, s.stmt)
				return
			}
		}
	}
}

// Columns returns the number of columns of a row.
func (s *Stmt) Columns() int { return int(lib.Xsqlite3_column_count(s.c.tls, s.stmt)) }

// ColumnName returns the name of column i, counted from 0.
func (s *Stmt) ColumnName(i int) string {
	return libc.GoString(lib.Xsqlite3_column_name(s.c.tls, s.stmt, int32(i)))
}

// Kind returns the storage class of column i, counted from 0.
func (s *Stmt) Kind(i int) Kind {
	return kindOf(lib.Xsqlite3_column_type(s.c.tls, s.stmt, int32(i)))
}

// Int64 returns column i as an integer. SQLite converts other values.
func (s *Stmt) Int64(i int) int64 {
	return lib.Xsqlite3_column_int64(s.c.tls, s.stmt, int32(i))
}

// Bool reports whether column i, as an integer, is not zero.
func (s *Stmt) Bool(i int) bool { return s.Int64(i) != 0 }

// Float64 returns column i as a floating-point number. SQLite converts other values.
func (s *Stmt) Float64(i int) float64 {
	return lib.Xsqlite3_column_double(s.c.tls, s.stmt, int32(i))
}

// Text returns a copy of column i as text, and the empty string for NULL.
func (s *Stmt) Text(i int) string { return string(s.textView(i)) }

// View returns the bytes of column i without copying them. Text is UTF-8. The bytes are valid until
// the next call of Step, Text or Close.
func (s *Stmt) View(i int) []byte {
	if s.Kind(i) == Blob {
		return s.view(i, lib.Xsqlite3_column_blob(s.c.tls, s.stmt, int32(i)))
	}
	return s.textView(i)
}

func (s *Stmt) textView(i int) []byte {
	return s.view(i, lib.Xsqlite3_column_text(s.c.tls, s.stmt, int32(i)))
}

func (s *Stmt) view(i int, p uintptr) []byte {
	n := int(lib.Xsqlite3_column_bytes(s.c.tls, s.stmt, int32(i)))
	if p == 0 || n == 0 {
		return nil
	}
	return libc.GoBytes(p, n)
}

func (s *Stmt) Value(i int) Value {
	switch k := s.Kind(i); k {
	case Integer:
		return Int(s.Int64(i))
	case Real:
		return Float(s.Float64(i))
	case Text:
		return Value{kind: Text, data: s.Text(i)}
	case Blob:
		return Value{kind: Blob, data: string(s.View(i))}
	default:
		return Value{}
	}
}

// Is reports whether column i has the value, in storage class and bytes. It copies nothing.
func (s *Stmt) Is(i int, v Value) bool {
	switch kind := s.Kind(i); {
	case kind != v.kind:
		return false
	case kind == Text || kind == Blob:
		return string(s.View(i)) == v.data
	}
	return s.Value(i) == v
}

func (s *Stmt) Values() []Value {
	row := make([]Value, s.Columns())
	for i := range row {
		row[i] = s.Value(i)
	}
	return row
}
