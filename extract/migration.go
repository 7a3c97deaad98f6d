package extract

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/seedkit/seedkit/internal/migration"
	"github.com/seedkit/seedkit/internal/sqlite"
)

// Edit is a migration as it is and as it would be with the seed in it.
type Edit struct {
	Path     string
	Old, New []byte // Old is nil for a migration that is to be made
	Others   []File // that are written with it, after it
	// Nothing says that there is nothing to insert, so that [New] makes no
	// migration: New is nil, and there are no Others.
	Nothing bool
	// Recorded says that the migration's tool keeps a record of what has run.
	Recorded bool
	Report   Report

	down *migration.Script // what takes the inserted rows back, nil for nothing
}

// File is a file to be written.
type File struct {
	Path string
	Old  []byte // nil for one that is to be made, or that the tool writes anew
	Text []byte
}

// AppliedError says that a database has a record that a migration has run.
// Its tool goes by that record and never runs the migration again, however
// the file is edited.
type AppliedError struct {
	Migration string
	Database  string
}

func (e *AppliedError) Error() string {
	return fmt.Sprintf("the migration %s has run in %s already, so what is added to it now would never run there", e.Migration, e.Database)
}

// Into extracts the seed at source into the block that seedkit keeps in the
// migration at path, which must exist. Nothing is written: the edit says
// what to write. The block is written in the way of the migration's tool: at
// the end of what it runs, all or nothing, and cut by nobody.
//
// Unless opts has a Baseline, the migrations beside the one at path are it,
// and so is what the one at path inserts outside of the block. The proof
// replays all of them by the tool's own rules, the edited one included.
func Into(ctx context.Context, path, source string, opts Options) (Edit, error) {
	old, err := os.ReadFile(path) // not nil, even if it is empty
	if errors.Is(err, fs.ErrNotExist) {
		err = fmt.Errorf("%s: %w", path, fs.ErrNotExist)
	}
	if err != nil {
		return Edit{}, err
	}
	folder, err := folderOf(path, opts.Format)
	if err != nil {
		return Edit{}, err
	}
	if opts.AppliedIn != "" {
		if err := refuseApplied(ctx, folder, path, opts.AppliedIn); err != nil {
			return Edit{}, err
		}
	}
	edit := Edit{Path: path, Old: old, New: old, Recorded: isRecorded(folder)}
	return splice(ctx, folder, edit, source, opts)
}

// New extracts the seed at source into a new migration, the next one in the
// folder dir, named and numbered as its tool would. Nothing is written; the
// edit's Path may be in a folder that is to be made.
//
// Unless opts has a Baseline, the folder's migrations are it.
func New(ctx context.Context, name, dir, source string, opts Options) (Edit, error) {
	folder, err := openFolder(dir, opts.Format)
	if err != nil && !errors.Is(err, migration.ErrNone) || folder.Format == "" {
		return Edit{}, err
	}
	files, err := folder.Next(name, opts.Now)
	if err != nil {
		return Edit{}, err
	}
	edit := Edit{Path: files[0].Path, New: files[0].Text}
	for _, f := range files[1:] {
		edit.Others = append(edit.Others, File{Path: f.Path, Text: f.Text})
	}
	return splice(ctx, folder, edit, source, opts)
}

// openFolder reads a folder of migrations, of the given format or of the one
// that it shows. The error is [migration.ErrNone] if it holds none; if its
// format is known nevertheless, there is a folder, too.
func openFolder(dir, format string) (migration.Folder, error) {
	if format != "" {
		f, err := migration.ParseFormat(format)
		if err != nil {
			return migration.Folder{}, err
		}
		return f.Read(dir)
	}
	_, f, err := migration.Detect(dir)
	if err != nil {
		return migration.Folder{}, err
	}
	return f.Read(dir)
}

// folderOf returns the folder of the migration at path: for a plain script,
// which is in none, one without migrations.
func folderOf(path, format string) (migration.Folder, error) {
	if format == "" {
		dir, f, err := migration.Detect(path)
		if err != nil || dir == "" {
			return migration.Folder{Format: f}, err
		}
		return f.Read(dir)
	}
	f, err := migration.ParseFormat(format)
	switch {
	case err != nil || f == migration.SQL:
		return migration.Folder{Format: f}, err
	case f == migration.Prisma, f == migration.Drizzle && filepath.Base(path) == "migration.sql":
		return f.Read(filepath.Join(filepath.Dir(path), ".."))
	}
	return f.Read(filepath.Dir(path))
}

// isRecorded reports whether a database may have a record that a folder's
// migration has run.
func isRecorded(folder migration.Folder) bool {
	return folder.Dir != "" && folder.Format != migration.SQL
}

func refuseApplied(ctx context.Context, folder migration.Folder, path, db string) error {
	if !isRecorded(folder) {
		_, err := os.Stat(db)
		return err
	}
	m, err := folder.At(path)
	if err != nil {
		return err
	}
	c, err := sqlite.OpenSnapshot(ctx, db)
	if errors.Is(err, sqlite.ErrEmpty) {
		return nil
	}
	if err != nil {
		return err
	}
	defer c.Close()
	applied, err := folder.Applied(c, m)
	if err != nil {
		return fmt.Errorf("%s: %w", db, err)
	}
	if applied {
		return &AppliedError{Migration: m.Name, Database: db}
	}
	return nil
}
