package extract

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"github.com/seedkit/seedkit/internal/migration"
)

// splice puts the seed's rows into the text of a migration, which is edit.New. It puts the
// statements that delete the rows into the part that reverses the migration.
func splice(ctx context.Context, folder migration.Folder, edit Edit, source string, opts Options) (Edit, error) {
	if opts.Baseline == "" && len(folder.Migrations) > 0 {
		opts.Baseline, opts.Format = folder.Dir, string(folder.Format)
	}
	if opts.MaxStatementBytes == 0 {
		opts.MaxStatementBytes = folder.Format.MaxStatementBytes()
	}
	if err := opts.check(); err != nil {
		return Edit{}, err
	}
	opts, stop, err := opts.openScript(ctx, source, false)
	if err != nil {
		return Edit{}, err
	}
	defer stop()
	into := edit.Path
	if edit.Old == nil {
		into = "" // the file is not there yet
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
	var block bytes.Buffer
	opts := migration.BlockOptions{DeferForeignKeys: r.cyclic, Comment: r.comment()}
	if edit.Report, err = r.write(script.NewBlock(&block, opts)); err != nil {
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
	// The Down part comes first, so that less text must be read again.
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

// ErrEmptied reports a migration whose block inserts rows, where the seed has none to insert in
// their place.
var ErrEmptied = errors.New("the block has statements, and the seed has nothing to insert there")

// proveEdit proves the edited migration. If there is nothing to insert, it proves that the
// migrations give the seed's rows already.
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
