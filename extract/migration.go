package extract

import (
	"bytes"
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
	Path   string // The path of the migration's file.
	Old    []byte // Nil for a new migration.
	New    []byte
	Others []File // Files to write after the migration.
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
	return fmt.Sprintf("the migration %s has run in %s already, "+
		"so what is added to it now would never run there", e.Migration, e.Database)
}

// ErrEmptied reports that the seed has nothing to insert, while the block of the migration has
// statements.
var ErrEmptied = errors.New("the block has statements, and the seed has nothing to insert there")

// Into extracts the seed at source into seedkit's block in the migration at path, which must exist.
// Into writes no file: the edit says what to write. The block is at the end of the part that the
// migration's tool runs. The block has the form that the tool needs: the tool runs all statements
// of the block or none, and cuts no statement.
//
// Unless opts has a Baseline, the baseline consists of the other migrations in the folder and of
// the rows that the migration at path inserts outside of the block. If the file at path is a plain
// script, which belongs to no tool, the baseline consists of that script alone, after the seed's
// tables that the script does not make.
//
// The proof replays all migrations by the tool's rules, with the edited one.
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
	old, err := os.ReadFile(path) // Not nil, even if the file is empty.
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
	case f == migration.Prisma, f == migration.Diesel,
		f == migration.Drizzle && filepath.Base(path) == "migration.sql":
		return f.Read(filepath.Join(filepath.Dir(path), ".."))
	}
	return f.Read(filepath.Dir(path))
}

// isRecorded reports whether a database may record that a migration of the folder has run.
func isRecorded(folder migration.Folder) bool {
	return folder.Dir != "" && folder.Format != migration.SQL
}

// refuseApplied returns an [*AppliedError] if the database at db records that the migration at path
// has run.
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

// splice puts the seed's rows into the text of a migration, which is edit.New. It puts the
// statements that delete the rows into the part that reverses the migration.
func splice(
	ctx context.Context, folder migration.Folder, edit Edit, source string, opts Options,
) (Edit, error) {
	if opts.Baseline == "" && len(folder.Migrations) > 0 {
		opts.Baseline, opts.Format = folder.Dir, string(folder.Format)
	}
	if opts.MaxStatementBytes == 0 {
		opts.MaxStatementBytes = folder.Format.MaxStatementBytes()
	}
	if err := opts.check(); err != nil {
		return Edit{}, err
	}
	opts, discard, err := opts.openScript(ctx, source, false)
	if err != nil {
		return Edit{}, err
	}
	defer discard()
	into := edit.Path
	if edit.Old == nil {
		into = "" // The file does not exist yet.
	}
	r, err := open(ctx, source, into, opts)
	if err != nil {
		return Edit{}, err
	}
	defer r.close()
	r.format = folder.Format
	if err := r.splice(&edit); err != nil {
		return Edit{}, err
	}
	return edit, nil
}

func (r *run) splice(edit *Edit) error {
	script, err := r.format.Parse(edit.New)
	if err != nil {
		return fmt.Errorf("%s: %w", edit.Path, err)
	}
	if script.BlockHoldsStatements() {
		return fmt.Errorf("%s: %w", edit.Path, ErrOtherBlock)
	}
	var block bytes.Buffer
	if edit.Report, err = r.write(script.NewBlock(&block, r.blockOptions())); err != nil {
		return err
	}
	edit.Nothing = block.Len() == 0
	switch {
	case edit.Nothing && edit.Old == nil:
		edit.New, edit.Others = nil, nil
		return r.proveEdit(edit)
	case edit.Nothing && script.BlockHasStatements():
		return fmt.Errorf("%s: %w", edit.Path, ErrEmptied)
	}
	// The Down part comes first, while the text that must be parsed again is short.
	if err := r.addDown(edit); err != nil {
		return err
	}
	if script, err = r.format.Parse(edit.New); err != nil {
		return fmt.Errorf("%s: %w", edit.Path, err)
	}
	if !edit.Nothing || script.HasBlock() {
		if edit.New, err = script.Splice(block.Bytes()); err != nil {
			return fmt.Errorf("%s: %w", edit.Path, err)
		}
	}
	return r.proveEdit(edit)
}

// proveEdit proves the edited migration. If there is no new migration, because there is nothing to
// insert, proveEdit proves that the existing migrations give the seed's rows.
func (r *run) proveEdit(edit *Edit) error {
	if r.opts.NoProof {
		return nil
	}
	var err error
	if edit.New == nil {
		err = r.prove(r.prepare)
	} else {
		err = r.proveMigration(edit)
	}
	edit.Report.Proven, edit.Report.Without = err == nil && r.hasContent(edit.Report), r.without
	return err
}
