package sqlite

import (
	"fmt"

	"modernc.org/libc"
	lib "modernc.org/sqlite/lib"
)

// Bind sets the statement's parameters, in order. See [ValueOf] for the types. There must be as
// many values as the statement has parameters.
func (s *Stmt) Bind(args ...any) error {
	if want := int(lib.Xsqlite3_bind_parameter_count(s.c.tls, s.stmt)); want != len(args) {
		return fmt.Errorf("bind: want %d values, have %d", want, len(args))
	}
	for i, a := range args {
		v, err := ValueOf(a)
		if err != nil {
			return fmt.Errorf("bind parameter %d: %w", i+1, err)
		}
		if err := s.bind(i+1, v); err != nil {
			return fmt.Errorf("bind parameter %d: %w", i+1, err)
		}
	}
	return nil
}

// BindValues does the same as [Stmt.Bind] for a row of values.
func (s *Stmt) BindValues(row []Value) error {
	for i, v := range row {
		if err := s.bind(i+1, v); err != nil {
			return fmt.Errorf("bind parameter %d: %w", i+1, err)
		}
	}
	return nil
}

// transient tells SQLite to copy the bytes of a value (SQLITE_TRANSIENT).
const transient = ^uintptr(0)

func (s *Stmt) bind(i int, v Value) error {
	tls, n := s.c.tls, int32(i)
	switch v.kind {
	case Integer:
		return s.c.check(lib.Xsqlite3_bind_int64(tls, s.stmt, n, v.bits))
	case Real:
		return s.c.check(lib.Xsqlite3_bind_double(tls, s.stmt, n, v.Float64()))
	case Text:
		p := s.c.scratch.put(tls, v.data)
		return s.c.check(lib.Xsqlite3_bind_text64(tls, s.stmt, n, p, uint64(len(v.data)), transient,
			lib.SQLITE_UTF8))
	case Blob:
		p := s.c.scratch.put(tls, v.data)
		return s.c.check(lib.Xsqlite3_bind_blob64(tls, s.stmt, n, p, uint64(len(v.data)),
			transient))
	}
	return s.c.check(lib.Xsqlite3_bind_null(tls, s.stmt, n))
}

// buffer is memory of SQLite's kind. SQLite must not read Go's memory, because the race detector
// checks pointers.
type buffer struct {
	p    uintptr
	size int
}

// put copies data into the buffer and returns its address, which is valid until the next put. The
// address is never 0, because SQLite would read 0 as NULL.
func (b *buffer) put(tls *libc.TLS, data string) uintptr {
	if b.p == 0 || b.size < len(data) {
		b.free(tls)
		b.size = max(4096, 2*len(data))
		b.p = libc.Xmalloc(tls, libc.Tsize_t(b.size))
		if b.p == 0 {
			panic(fmt.Sprintf("sqlite: no memory for %d bytes", b.size))
		}
	}
	copy(libc.GoBytes(b.p, b.size), data)
	return b.p
}

func (b *buffer) free(tls *libc.TLS) {
	if b.p != 0 {
		libc.Xfree(tls, b.p)
		b.p = 0
	}
}
