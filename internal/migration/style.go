package migration

import (
	"bytes"
	"fmt"
	"io"
)

// style is how statements are written into a script, so that the tool runs
// all of them or none.
type style struct {
	before, after string // lines around the statements
	between       string // a line between two of them
	// around returns lines to put around a statement that the tool would cut
	// otherwise; nil where there are none.
	around func(statement []byte) (before, after string)
}

// inTransaction is for tools that run a script without one.
var inTransaction = style{before: "BEGIN;\n", after: "COMMIT;\n"}

// BlockOptions say how a block is written.
type BlockOptions struct {
	// DeferForeignKeys puts off the check of foreign keys to the end of the
	// transaction (https://sqlite.org/pragma.html#pragma_defer_foreign_keys).
	DeferForeignKeys bool
	// Comment, if not empty, is the first line, with its "--".
	Comment string
}

// Block writes statements, one after another, for [Script.Splice].
type Block struct {
	w       io.Writer
	format  Format
	style   style
	opts    BlockOptions
	between string // what is due before the next statement
	begun   bool
}

// NewBlock returns a block that is written to w as the script's tool needs
// it: with a transaction unless the tool has one, with the tool's marks
// between the statements. As long as it holds no statement nothing is
// written.
func (s *Script) NewBlock(w io.Writer, opts BlockOptions) *Block {
	return &Block{w: w, format: s.format, style: s.style, opts: opts}
}

// NewBlock returns a block for a script of the format that nobody has yet, and
// whether the tool runs it in a transaction of its own.
func (f Format) NewBlock(w io.Writer, opts BlockOptions) (block *Block, transaction bool, err error) {
	marks := map[Format]string{Goose: "-- +goose Up\n", Dbmate: "-- migrate:up\n-- migrate:down\n"}
	s, err := f.Parse([]byte(marks[f]))
	if err != nil {
		return nil, false, err
	}
	return s.NewBlock(w, opts), s.transaction, nil
}

// Statement writes one statement, with its semicolon. Only the tool's own
// marks may not occur in it: see [Format.Collides].
func (b *Block) Statement(text []byte) error {
	if b.format.Collides(text) {
		return &CollisionError{Format: b.format, Statement: string(text)}
	}
	if err := b.begin(); err != nil {
		return err
	}
	return b.statement(text)
}

func (b *Block) begin() error {
	if b.begun {
		return nil
	}
	b.begun = true
	if b.opts.Comment != "" {
		if _, err := fmt.Fprintln(b.w, b.opts.Comment); err != nil {
			return err
		}
	}
	if _, err := io.WriteString(b.w, b.style.before); err != nil {
		return err
	}
	if b.opts.DeferForeignKeys {
		return b.statement([]byte("PRAGMA defer_foreign_keys=ON;"))
	}
	return nil
}

func (b *Block) statement(text []byte) error {
	before, after := b.between, ""
	if b.style.around != nil {
		before, after = b.style.around(text)
	}
	b.between = b.style.between
	_, err := fmt.Fprintf(b.w, "%s%s\n%s", before, bytes.TrimRight(text, "\n"), after)
	return err
}

// Streams reports whether the tool takes any statement as it is, so that they
// can be written as a stream of text.
func (b *Block) Streams() bool {
	return b.style.around == nil && b.style.between == "" && b.format.marks() == nil
}

// Write writes text that statements are made of, each with its line end, cut
// anywhere. It is for a block that [Block.Streams].
func (b *Block) Write(text []byte) (int, error) {
	if err := b.begin(); err != nil {
		return 0, err
	}
	return b.w.Write(text)
}

// Close ends the block. It leaves the writer open.
func (b *Block) Close() error {
	if !b.begun {
		return nil
	}
	_, err := io.WriteString(b.w, b.style.after)
	return err
}

// breakpoint is where drizzle's migrators cut, wherever it stands
// (drizzle-orm, src/migrator.ts).
const breakpoint = "--> statement-breakpoint"

// Collides reports whether text must not occur in a script of the format, not
// even within a string: the tool would cut there or take it out. Such a value
// has to be written in other characters, as CAST(x'…' AS TEXT) say.
//
// For goose, dbmate, golang-migrate and Prisma there is no such text, as long
// as no string holds a line end: their marks are whole lines, or [Block] has
// a way around them.
func (f Format) Collides(text []byte) bool {
	for _, mark := range f.marks() {
		if bytes.Contains(text, []byte(mark)) {
			return true
		}
	}
	return false
}

func (f Format) marks() []string {
	switch f {
	case Drizzle:
		return []string{breakpoint, wranglerBegin, wranglerCommit}
	case D1:
		return []string{wranglerBegin, wranglerCommit}
	}
	return nil
}

// CollisionError says that a statement holds a tool's mark where it cannot be
// written otherwise, in the name of a column for instance.
type CollisionError struct {
	Format    Format
	Statement string
}

func (e *CollisionError) Error() string {
	const most = 80
	text := e.Statement
	if len(text) > most {
		text = text[:most] + "…"
	}
	return fmt.Sprintf("%s would cut the statement: %s", e.Format, text)
}

// MaxStatementBytes returns how long a statement may be; 0 is any length that
// SQLite takes. Drizzle's limit is that of D1, where its files may run.
func (f Format) MaxStatementBytes() int {
	switch f {
	case Goose:
		return gooseLine - len("\r\n")
	case D1, Drizzle:
		return 100_000 // https://developers.cloudflare.com/d1/platform/limits/
	}
	return 0
}
