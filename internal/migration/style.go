package migration

import (
	"bytes"
	"fmt"
	"io"
)

// style says how to write statements into a script, so that the tool runs all of them or none.
type style struct {
	before, after string // The lines around all statements.
	between       string // The line between two statements.
	// around returns the lines around a statement that the tool would cut otherwise. It is nil if
	// no statement needs any.
	around func(statement []byte) (before, after string)
}

// inTransaction is the style for tools that run a script without a transaction.
var inTransaction = style{before: "BEGIN;\n", after: "COMMIT;\n"}

// BlockOptions say how to write a block.
type BlockOptions struct {
	// DeferForeignKeys postpones the check of foreign keys to the end of the transaction
	// (https://sqlite.org/pragma.html#pragma_defer_foreign_keys).
	DeferForeignKeys bool
	// Comment is the first line, with its "--". Empty means no comment.
	Comment string
}

// Block writes statements for [Script.Splice].
type Block struct {
	w       io.Writer
	format  Format
	style   style
	opts    BlockOptions
	between string // The line that must come before the next statement.
	begun   bool
}

// NewBlock returns a block that writes to w in the form that the script's tool needs: with a
// transaction unless the tool begins one, and with the tool's marks between the statements. It
// writes nothing before the first statement.
func (s *Script) NewBlock(w io.Writer, opts BlockOptions) *Block {
	return &Block{w: w, format: s.format, style: s.style, opts: opts}
}

// NewBlock returns a block for a new script of the format, and whether the tool runs that script in
// a transaction.
func (f Format) NewBlock(
	w io.Writer, opts BlockOptions,
) (block *Block, transaction bool, err error) {
	marks := map[Format]string{Goose: "-- +goose Up\n", Dbmate: "-- migrate:up\n-- migrate:down\n"}
	s, err := f.Parse([]byte(marks[f]))
	if err != nil {
		return nil, false, err
	}
	return s.NewBlock(w, opts), s.transaction, nil
}

// Statement writes one statement, with its semicolon. The statement must not contain the tool's
// marks; see [Format.Collides].
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

// Streams reports whether the tool takes every statement unchanged, so that the caller can write
// the statements as a stream of text.
func (b *Block) Streams() bool {
	return b.style.around == nil && b.style.between == "" && b.format.marks() == nil
}

// Write writes a part of the text of statements, each with its line end. A part may begin and end
// anywhere. Only a block that [Block.Streams] may use Write.
func (b *Block) Write(text []byte) (int, error) {
	if err := b.begin(); err != nil {
		return 0, err
	}
	return b.w.Write(text)
}

// Close ends the block. It does not close the writer.
func (b *Block) Close() error {
	if !b.begun {
		return nil
	}
	_, err := io.WriteString(b.w, b.style.after)
	return err
}

// breakpoint is the text at which drizzle's migrators cut, wherever it is (drizzle-orm,
// src/migrator.ts).
const breakpoint = "--> statement-breakpoint"

// Collides reports whether text must not be in a script of the format, not even within a string,
// because the tool would cut the script there or remove the text. Such a value must be written with
// other characters, for example as CAST(x'…' AS TEXT).
//
// Goose, dbmate, golang-migrate and Prisma have no such text if no string contains a line end:
// their marks are whole lines, or [Block] protects the statement.
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

// CollisionError reports a statement that contains a tool's mark and cannot be written in another
// way, for example because the mark is in a column's name.
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

// MaxStatementBytes returns the greatest length of a statement, or 0 if only SQLite limits the
// length. Drizzle has D1's limit because its files may run on D1.
func (f Format) MaxStatementBytes() int {
	switch f {
	case Goose:
		return gooseLine - len("\r\n")
	case D1, Drizzle:
		return 100_000 // https://developers.cloudflare.com/d1/platform/limits/
	}
	return 0
}
