package extract

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"

	"github.com/seedkit/seedkit/internal/migration"
	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/sqltext"
)

// addDown writes the part of the edited migration that deletes the inserted rows. If the migration
// exists, its part stays as it is unless the part has seedkit's block.
func (r *run) addDown(edit *Edit) error {
	part, err := r.downPart(edit)
	if part == nil || err != nil || edit.Old != nil && !part.script.HasBlock() {
		return err
	}
	var block bytes.Buffer
	opts := migration.BlockOptions{DeferForeignKeys: r.cyclic}
	kept, err := r.writeDeletes(part.script.NewBlock(&block, opts))
	if err != nil {
		return err
	}
	edit.Report.Kept = kept
	blocks := func(k LeftOut) bool { return strings.HasSuffix(k.Why, inTheWay) }
	if block.Len() > 0 && !slices.ContainsFunc(kept, blocks) {
		if edit.down, err = part.script.Alone(block.Bytes()); err != nil {
			return fmt.Errorf("%s: %w", part.path, err)
		}
	}
	text, err := part.script.Splice(append(keptComments(kept), block.Bytes()...))
	if err != nil {
		return fmt.Errorf("%s: %w", part.path, err)
	}
	part.put(text)
	return nil
}

// keptComments returns comments for the migration that name the rows that remain.
func keptComments(kept []LeftOut) (lines []byte) {
	for _, k := range kept {
		name := strings.NewReplacer("\n", " ", "\r", " ").Replace(sqltext.QuoteIdent(k.Table))
		rows := "1 row of %s stays"
		if k.Rows > 1 {
			rows = fmt.Sprint(k.Rows) + " rows of %s stay"
		}
		lines = fmt.Appendf(lines, "-- "+rows+": %s.\n", name, k.Why)
	}
	return lines
}

// downPart is the part of a migration that reverses it.
type downPart struct {
	path   string // The path of the part's file.
	script *migration.Script
	put    func(text []byte) // Puts another text of the part into the edit.
}

// downPart returns the part that reverses the edited migration, or nil if the migration has none.
func (r *run) downPart(edit *Edit) (*downPart, error) {
	path := r.format.DownPath(edit.Path)
	if path == "" {
		whole, err := r.format.Parse(edit.New)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", edit.Path, err)
		}
		script, err := whole.Down()
		if script == nil || err != nil {
			return nil, err
		}
		put := func(text []byte) { edit.New = whole.WithDown(text) }
		return &downPart{edit.Path, script, put}, nil
	}
	var old []byte
	if edit.Old != nil {
		var err error
		if old, err = os.ReadFile(path); errors.Is(err, fs.ErrNotExist) {
			return nil, nil
		} else if err != nil {
			return nil, err
		}
	}
	script, err := r.format.ParseDown(old)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	put := func(text []byte) { edit.putOther(File{Path: path, Old: old, Text: text}) }
	return &downPart{path, script, put}, nil
}

// putOther adds a file to the edit and removes another file with the same path.
func (e *Edit) putOther(f File) {
	e.Others = slices.DeleteFunc(e.Others, func(other File) bool { return other.Path == f.Path })
	e.Others = append(e.Others, f)
}

// proveDown deletes the inserted rows from a database that has them. It checks that each table then
// has as many rows as the migrations insert without the edit, in addition to the rows that remain.
func (r *run) proveDown(c *sqlite.Conn, edit *Edit) error {
	// Nothing reads the scratch database after this, so it needs no journal.
	if err := c.ExecScript("PRAGMA foreign_keys = ON; PRAGMA journal_mode = OFF"); err != nil {
		return err
	}
	if err := edit.down.Run(c); err != nil {
		return &ProofError{Msg: "to take the rows back: " + err.Error(), Err: err}
	}
	there, err := schema.Read(c)
	if err != nil {
		return err
	}
	for _, t := range r.tables {
		after := there.Table(t.Name)
		if after == nil {
			continue
		}
		have, err := countRows(c, after)
		if err != nil {
			return err
		}
		want, err := r.countBefore(t)
		if err != nil {
			return err
		}
		for _, kept := range edit.Report.Kept {
			if kept.Table == t.Name {
				want += kept.Rows
			}
		}
		if have != want {
			return mismatch(t, "taken back, it has %d rows, and should have %d", have, want)
		}
	}
	return nil
}
