package main

import (
	"bytes"
	"context"
	"io"
	"os"
	"unicode/utf8"

	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/seed"
)

// warnEncoding warns of a script that is not UTF-8, such as one in Latin-1. SQLite keeps its bytes
// as they are, and so does seedkit: a dump of a database has such bytes if the database has them. A
// pipe is not read, because it could not be read a second time.
func (t *terminal) warnEncoding(ctx context.Context, path string) {
	info, err := os.Stat(path)
	if err != nil || !info.Mode().IsRegular() {
		return // what opens the script tells
	}
	if script, err := (seed.Source{Path: path}).IsScript(); err != nil || !script {
		return
	}
	f, err := schema.OpenScript(ctx, path)
	if err != nil {
		return
	}
	defer f.Close()
	_, _ = io.Copy(io.Discard, &encodingReader{r: f, name: path, term: t})
}

// checked returns a reader of the script from standard input that warns as warnEncoding does.
func (t *terminal) checked(r io.Reader) io.Reader {
	return &encodingReader{r: r, name: "standard input", term: t}
}

// encodingReader reads a script, and warns once of the first line that is not UTF-8.
type encodingReader struct {
	r      io.Reader
	name   string
	term   *terminal
	lines  int    // that were read
	rest   []byte // the beginning of a character
	warned bool
}

// Read reads what r has, to the letter.
func (e *encodingReader) Read(p []byte) (int, error) {
	n, err := e.r.Read(p)
	if !e.warned {
		e.check(append(e.rest, p[:n]...), err == io.EOF)
	}
	return n, err
}

// check warns of text that is not UTF-8. Unless text is the last, a character may end after it.
func (e *encodingReader) check(text []byte, last bool) {
	e.rest = nil
	valid := text
	if !utf8.Valid(text) {
		valid = text[:validLen(text)]
		if wrong := text[len(valid):]; utf8.FullRune(wrong) || last {
			e.warned = true
			line := e.lines + bytes.Count(valid, []byte("\n")) + 1
			e.term.warnf("line %d of %s is not UTF-8: its bytes are taken as they are", line, e.name)
			return
		}
		e.rest = bytes.Clone(text[len(valid):])
	}
	e.lines += bytes.Count(valid, []byte("\n"))
}

// validLen returns how many of the first bytes of text are UTF-8.
func validLen(text []byte) int {
	for i := 0; ; {
		r, size := utf8.DecodeRune(text[i:])
		if r == utf8.RuneError && size <= 1 {
			return i
		}
		i += size
	}
}
