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

// Edit is a migration before and after the seed is added.
type Edit struct {
	Path     string
	Old, New []byte // Old is nil for a new migration.
	Others   []File // Files to write after the migration.
	// Nothing says that there is nothing to insert. Then [New] makes no migration: New is nil, and
	// there are no Others. [Into] adds no block.
	Nothing bool
	// Recorded says that the migration's tool records which migrations have run.
	Recorded bool
	Report   Report

	down *migration.Script // Deletes the inserted rows; nil if there is nothing to delete.
}

// File is a file to write.
type File struct {
	Path string
	Old  []byte // Nil for a new file, and for a file that the tool replaces as a whole.
	Text []byte
}

// AppliedError reports that a database records that a migration has run. Because of that record,
// the migration's tool never runs the migration there again, even after an edit.
type AppliedError struct {
	Migration string
	Database  string
}

func (e *AppliedError) Error() string {
	return fmt.Sprintf("the migration %s has run in %s already, so what is added to it now would never run there", e.Migration, e.Database)
}

// Into extracts the seed at source into seedkit's block in the migration at path, which must exist.
// Into writes no file: the edit says what to write. The block is at the end of the part that the
// migration's tool runs. It is in the form that the tool needs, so that the tool runs all of its
// statements or none, and cuts none.
//
// Unless opts has a Baseline, the baseline consists of the other migrations in the folder and of
// the rows that the migration at path inserts outside of the block. Of plain scripts,
// only the one at path counts, after the seed's tables that it does not make. The proof replays all
// migrations by the tool's rules, the edited one included.
//
// If there is nothing to insert, and the block has statements, the error is [ErrEmptied].
func Into(ctx context.Context, path, source string, opts Options) (Edit, error) {
	folder, edit, err := openMigration(ctx, path, opts)
	if err != nil {
		return Edit{}, err
	}
	return splice(ctx, folder, edit, source, opts)
}

// openMigration reads the migration at path and its folder.
func openMigration(ctx context.Context, path string, opts Options) (migration.Folder, Edit, error) {
	if info, err := os.Stat(path); err == nil && !info.IsDir() && !info.Mode().IsRegular() {
		return migration.Folder{}, Edit{}, fmt.Errorf("%s %w", path, sqlite.ErrNotRegular)
	}
	old, err := os.ReadFile(path) // not nil, even if the file is empty
	if errors.Is(err, fs.ErrNotExist) {
		err = fmt.Errorf("%s: %w", path, fs.ErrNotExist)
	}
	if err != nil {
		return migration.Folder{}, Edit{}, err
	}
	folder, err := folderOf(path, opts.Format)
	if err == nil && opts.AppliedIn != "" {
		err = refuseApplied(ctx, folder, path, opts.AppliedIn)
	}
	return folder, Edit{Path: path, Old: old, New: old, Recorded: isRecorded(folder)}, err
}

// New extracts the seed at source into a new migration, the next one in the folder dir. It names
// and numbers the migration as the folder's tool would. New writes no file, and the edit's Path may
// be in a folder that does not exist yet.
//
// Unless opts has a Baseline, the folder's migrations are the baseline.
func New(ctx context.Context, name, dir, source string, opts Options) (Edit, error) {
	folder, edit, err := nextMigration(name, dir, opts)
	if err != nil {
		return Edit{}, err
	}
	return splice(ctx, folder, edit, source, opts)
}

// nextMigration returns the next migration of the folder dir, without statements.
func nextMigration(name, dir string, opts Options) (migration.Folder, Edit, error) {
	folder, err := openFolder(dir, opts.Format)
	if err != nil && !errors.Is(err, migration.ErrNone) || folder.Format == "" {
		return folder, Edit{}, err
	}
	files, err := folder.Next(name, opts.Now)
	if err != nil {
		return folder, Edit{}, err
	}
	edit := Edit{Path: files[0].Path, New: files[0].Text}
	for _, f := range files[1:] {
		edit.Others = append(edit.Others, File{Path: f.Path, Text: f.Text})
	}
	return folder, edit, nil
}

// openFolder reads a folder of migrations in the given format, or in the format that the folder
// shows if format is empty. The error is [migration.ErrNone] if the folder has no migrations. If
// the format is known even so, openFolder also returns the folder.
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

// folderOf returns the folder of the migration at path. For a plain script, which belongs to no
// folder, it returns a folder without migrations.
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

// isRecorded reports whether a database may record that a migration of the folder has run.
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
