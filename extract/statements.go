package extract

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/seedkit/seedkit/internal/migration"
	"github.com/seedkit/seedkit/internal/rowdiff"
	"github.com/seedkit/seedkit/internal/schema"
	"github.com/seedkit/seedkit/internal/sqlite"
)

// IntoStatements does what [Into] does with given statements in place of a seed's rows. A statement
// has a semicolon at its end, and no line end. Of opts, Format, Schema, AppliedIn,
// MaxStatementBytes and NoProof count. Schema gives the tables for a plain script that makes none.
//
// The proof replays the migrations by the tool's rules. Every table must then have the rows that it
// has if the statements run one by one after the rest of the migration. Whether the statements are
// right is for the caller to prove.
func IntoStatements(
	ctx context.Context, path string, statements []string, opts Options,
) (Edit, error) {
	folder, edit, err := openMigration(ctx, path, opts)
	if err != nil {
		return Edit{}, err
	}
	return spliceStatements(ctx, folder, edit, statements, opts)
}

// NewStatements does what [New] does with given statements, as [IntoStatements] does. Of opts, Now
// counts, too.
func NewStatements(
	ctx context.Context, name, dir string, statements []string, opts Options,
) (Edit, error) {
	folder, edit, err := nextMigration(name, dir, opts)
	if err != nil {
		return Edit{}, err
	}
	return spliceStatements(ctx, folder, edit, statements, opts)
}

// ErrOtherBlock reports a migration whose block would be lost: it has rows of a seed where other
// statements are to come, or statements where the rows of a seed are to come.
var ErrOtherBlock = errors.New("the block has what another verb has written, which would be lost")

func spliceStatements(
	ctx context.Context, folder migration.Folder, edit Edit, statements []string, opts Options,
) (Edit, error) {
	script, err := folder.Format.Parse(edit.New)
	if err != nil {
		return Edit{}, fmt.Errorf("%s: %w", edit.Path, err)
	}
	if script.BlockHasStatements() && !script.BlockHoldsStatements() {
		return Edit{}, fmt.Errorf("%s: %w", edit.Path, ErrOtherBlock)
	}
	edit.Nothing = len(statements) == 0
	switch {
	case edit.Nothing && edit.Old == nil:
		edit.New, edit.Others = nil, nil
		return edit, nil
	case edit.Nothing && script.BlockHasStatements():
		return Edit{}, fmt.Errorf("%s: %w", edit.Path, ErrEmptied)
	case edit.Nothing && !script.HasBlock():
		return edit, nil
	}
	block, err := blockOf(script, folder.Format, statements, opts)
	if err != nil {
		return Edit{}, err
	}
	if edit.New, err = script.Splice(block); err != nil {
		return Edit{}, fmt.Errorf("%s: %w", edit.Path, err)
	}
	if opts.NoProof {
		return edit, nil
	}
	p := statementsProof{
		run: &run{ctx: ctx, format: folder.Format}, edit: &edit, statements: statements,
	}
	if err := p.prove(ctx, folder, opts.Schema); err != nil {
		return Edit{}, err
	}
	slices.Sort(p.run.without)
	edit.Report.Proven, edit.Report.Without = !edit.Nothing, slices.Compact(p.run.without)
	return edit, nil
}

// blockOf returns the text of a block with the statements.
func blockOf(
	script *migration.Script, format migration.Format, statements []string, opts Options,
) ([]byte, error) {
	most := opts.MaxStatementBytes
	if most == 0 {
		most = format.MaxStatementBytes()
	}
	var text bytes.Buffer
	block := script.NewBlock(&text, migration.BlockOptions{Comment: migration.StatementsComment})
	for _, s := range statements {
		if most > 0 && len(s) > most {
			const shown = 80
			return nil, fmt.Errorf("a statement has %d bytes, and %d are allowed: %s…",
				len(s), most, s[:min(len(s), shown)])
		}
		if err := block.Statement([]byte(s)); err != nil {
			return nil, err
		}
	}
	err := block.Close()
	return text.Bytes(), err
}

// statementsProof compares what the tool makes of an edited migration with what the statements do
// one by one.
type statementsProof struct {
	run        *run
	edit       *Edit
	statements []string
	source     schema.Source // the migrations; the edited one is at
	at         int
}

func (p *statementsProof) prove(
	ctx context.Context, folder migration.Folder, tables string,
) (err error) {
	if p.source, err = p.migrations(ctx, folder, tables); err != nil {
		return baselineError(err)
	}
	p.run.source = &p.source
	return p.run.inScratch(func(want *sqlite.Conn) error {
		if err := p.apply(want, p.runOneByOne); err != nil {
			return err
		}
		return p.run.inScratch(func(got *sqlite.Conn) error {
			if err := p.apply(got, p.runEdited); err != nil {
				return err
			}
			return sameTables(want, got)
		})
	})
}

// migrations returns the scripts that run, with the edited one as it was.
func (p *statementsProof) migrations(
	ctx context.Context, folder migration.Folder, tables string,
) (source schema.Source, err error) {
	switch {
	case len(folder.Migrations) > 0:
		source, err = schema.FromFolder(folder)
	case tables != "":
		source, err = schema.ReadSource(ctx, tables)
	}
	if err != nil {
		return source, err
	}
	p.at = slices.IndexFunc(source.Scripts, func(s schema.Script) bool {
		return schema.SameFile(p.edit.Path, s.Name)
	})
	if p.at < 0 {
		p.at = len(source.Scripts)
		edited := schema.Script{Name: p.edit.Path, SQL: string(p.edit.Old)}
		source.Scripts = append(source.Scripts, edited)
	}
	return source, nil
}

// apply runs the scripts, with edited in the place of the edited one. As in [run.runMigrations],
// foreign keys are only on there.
func (p *statementsProof) apply(c *sqlite.Conn, edited func(*sqlite.Conn) error) error {
	for i := range p.source.Scripts {
		var err error
		if i != p.at {
			err = p.source.ApplyScript(c, i)
		} else {
			err = p.withForeignKeys(c, edited)
		}
		if err != nil {
			return &ProofError{Msg: err.Error(), Err: err}
		}
	}
	return nil
}

func (p *statementsProof) withForeignKeys(c *sqlite.Conn, do func(*sqlite.Conn) error) error {
	if err := c.Exec("PRAGMA foreign_keys = ON"); err != nil {
		return err
	}
	if err := do(c); err != nil {
		return err
	}
	return c.Exec("PRAGMA foreign_keys = OFF")
}

// runEdited runs the edited migration by the rules of its tool.
func (p *statementsProof) runEdited(c *sqlite.Conn) error {
	return p.alone(string(p.edit.New)).ApplyScript(c, p.at)
}

// alone returns the source with another text of the edited migration, which is never the schema.
func (p *statementsProof) alone(sql string) schema.Source {
	scripts := slices.Clone(p.source.Scripts)
	scripts[p.at] = schema.Script{Name: p.edit.Path, SQL: sql}
	return schema.Source{Format: p.run.format, Scripts: scripts}
}

// runOneByOne runs the migration without its block, and then the statements.
func (p *statementsProof) runOneByOne(c *sqlite.Conn) error {
	if p.edit.Old != nil {
		rest, err := p.alone(string(p.edit.Old)).WithoutBlocks(p.edit.Path)
		if err != nil {
			return err
		}
		if err := rest.ApplyScript(c, p.at); err != nil {
			return err
		}
	}
	for _, s := range p.statements {
		err := c.ExecScript(s)
		if at, ok := errors.AsType[*sqlite.ScriptError](err); ok {
			err = at.Err
		}
		if err != nil {
			return fmt.Errorf("%w: %s", err, s)
		}
	}
	return nil
}

// sameTables compares all tables of two databases.
func sameTables(want, got *sqlite.Conn) error {
	wanted, err := schema.Read(want)
	if err != nil {
		return err
	}
	have, err := schema.Read(got)
	if err != nil {
		return err
	}
	for _, t := range wanted.Tables {
		other := have.Table(t.Name)
		if other == nil {
			return &ProofError{Table: t.Name, Msg: "it is not there"}
		}
		same, err := rowdiff.SameRows(want, t, got, other)
		if err != nil {
			return err
		}
		if !same {
			return &ProofError{Table: t.Name, Msg: "the tool makes other rows of the statements"}
		}
	}
	return nil
}
