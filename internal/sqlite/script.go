package sqlite

import (
	"fmt"
	"strings"

	"modernc.org/libc"
	lib "modernc.org/sqlite/lib"
)

// ScriptError reports an error in a statement of a script.
type ScriptError struct {
	Line int // the line of the statement's first token, counted from 1
	Err  error
}

func (e *ScriptError) Error() string { return fmt.Sprintf("line %d: %v", e.Line, e.Err) }

// Unwrap returns the error of the statement.
func (e *ScriptError) Unwrap() error { return e.Err }

// ExecScript runs every statement of sql, in order, until one fails with a [*ScriptError]. SQLite
// finds the ends of the statements.
func (c *Conn) ExecScript(sql string) error {
	z, err := libc.CString(sql)
	if err != nil {
		return err
	}
	defer libc.Xfree(c.tls, z)
	for at := 0; at < len(sql); {
		s, n, err := c.prepareAt(z+uintptr(at), len(sql)-at)
		if err == nil && s != nil {
			err = s.Exec()
			s.Close()
		}
		if err != nil {
			return &ScriptError{Line: firstTokenLine(sql, at), Err: err}
		}
		at += n
	}
	return nil
}

// Complete reports whether sql ends after a statement, and not within a statement, a string or a
// comment (https://sqlite.org/c3ref/complete.html).
func (c *Conn) Complete(sql string) bool {
	return lib.Xsqlite3_complete(c.tls, c.scratch.put(c.tls, sql+"\x00")) != 0
}

// prepareAt compiles the first statement in the n bytes at z, which a NUL must follow, and returns
// the number of bytes that it read. The statement is nil if there is none.
func (c *Conn) prepareAt(z uintptr, n int) (*Stmt, int, error) {
	if c.stopped.Load() {
		return nil, 0, c.ctx.Err()
	}
	out := libc.Xcalloc(c.tls, 2, ptrSize)
	defer libc.Xfree(c.tls, out)
	rest := out + uintptr(ptrSize)
	err := c.check(lib.Xsqlite3_prepare_v2(c.tls, c.db, z, int32(n+1), out, rest))
	for err != nil && c.standInFor(err) {
		err = c.check(lib.Xsqlite3_prepare_v2(c.tls, c.db, z, int32(n+1), out, rest))
	}
	if err != nil {
		return nil, 0, err
	}
	took := int(word(rest) - z)
	if word(out) == 0 {
		return nil, max(took, 1), nil
	}
	return &Stmt{c: c, stmt: word(out)}, took, nil
}

// firstTokenLine returns the line of the first byte at or after at that is neither white space nor
// part of a comment.
func firstTokenLine(sql string, at int) int {
	for rest := sql[at:]; ; rest = sql[at:] {
		switch {
		case rest == "":
		case strings.ContainsRune(" \t\r\n\f", rune(rest[0])):
			at++
			continue
		case strings.HasPrefix(rest, "--"):
			at += skip(rest, "\n")
			continue
		case strings.HasPrefix(rest, "/*"):
			at += skip(rest, "*/")
			continue
		}
		return 1 + strings.Count(sql[:at], "\n")
	}
}

func skip(text, end string) int {
	before, _, _ := strings.Cut(text, end)
	return min(len(before)+len(end), len(text))
}
