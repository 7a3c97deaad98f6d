package command

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"syscall"
	"time"

	"github.com/seedkit/seedkit/extract"
	"github.com/seedkit/seedkit/internal/atomicfile"
)

// errOutOfDate means that --check found a change.
var errOutOfDate = errors.New("is out of date")

// writeInto puts the text into an existing migration.
func (t *terminal) writeInto(
	opts extractOptions, text migrationText, from extract.Options,
) error {
	var unasked string
	if from.AppliedIn == "" {
		from.AppliedIn, unasked = developmentDatabase(opts.into)
	}
	edit, err := text.into(from)
	opts.bar.close()
	if err != nil {
		return err
	}
	switch {
	case edit.Recorded && unasked != "":
		t.warnf("not asked whether the migration has run: %s", unasked)
	case !edit.Recorded && opts.AppliedIn != "":
		t.warnf("not asked whether the migration has run: of a plain script nothing keeps a record")
	}
	changed, report := hasChanges(edit), reportOf(edit)
	report.UpToDate = !changed
	switch {
	case opts.diff, opts.check:
		err = t.showDiff(edit, &report)
	case changed:
		err = t.replaceEdit(edit, text.source)
		report.Written = true
	}
	if err != nil {
		return err
	}
	text.give(report)
	if changed {
		t.warnSecrets(edit)
	}
	if err := text.say(edit.Report); err != nil {
		return err
	}
	switch {
	case !changed && edit.Nothing:
		t.sayf("nothing to insert, so %s stays as it is: %s", edit.Path, whyNothingNew(edit.Report))
	case !changed:
		t.sayf("%s is up to date", edit.Path)
	case opts.check:
		return fmt.Errorf("%s %w: %s are not those in it", edit.Path, errOutOfDate, text.what)
	case opts.diff:
		t.sayf("nothing was written; without --diff, %s is changed as shown", edit.Path)
	default:
		t.sayf("wrote %s", edit.Path)
	}
	return nil
}

// writeNew makes the next migration of a folder with the text.
func (t *terminal) writeNew(
	ctx context.Context, opts extractOptions, text migrationText, from extract.Options,
) error {
	from.Now = time.Now()
	dir, err := t.dirForNew(ctx, opts.dir)
	if err != nil {
		return err
	}
	edit, err := text.next(dir, from)
	opts.bar.close()
	if err != nil {
		return err
	}
	report := reportOf(edit)
	if edit.Nothing {
		text.give(report)
		if err := text.say(edit.Report); err != nil {
			return err
		}
		t.sayf("nothing to insert, so no migration was made: %s", whyNothingNew(edit.Report))
		return nil
	}
	t.warnSecrets(edit)
	if opts.diff {
		if err := t.showDiff(edit, &report); err != nil {
			return err
		}
		text.give(report)
		t.sayf("nothing was written; without --diff, %s is made as shown", edit.Path)
		return text.say(edit.Report)
	}
	if err := t.makeMigration(edit); err != nil {
		return err
	}
	report.Written = true
	text.give(report)
	if err := text.say(edit.Report); err != nil {
		return err
	}
	t.sayf("made %s", edit.Path)
	return nil
}

// dirForNew returns the folder for --new: dir, or the one that the app's folder has.
func (t *terminal) dirForNew(ctx context.Context, dir string) (string, error) {
	if dir != "" {
		return dir, nil
	}
	dir, err := t.findMigrations(ctx)
	if err == nil && dir == "" {
		err = usagef("--new needs --dir MIGRATIONS: there are no migrations here")
	}
	return dir, err
}

// noRows explains why there is nothing to insert if no row of the seed counts.
const noRows = "the seed has no rows for it"

// whyNothingNew explains why a new migration would insert nothing.
func whyNothingNew(report extract.Report) string {
	var n int64
	for _, table := range report.Tables {
		n += table.Baseline
	}
	if n == 0 {
		return noRows
	}
	return countRows(n) + " already in the migrations"
}

func hasChanges(edit extract.Edit) bool {
	return !bytes.Equal(edit.Old, edit.New) ||
		slices.ContainsFunc(edit.Others,
			func(f extract.File) bool { return !bytes.Equal(f.Old, f.Text) })
}

// reportOf returns the report on an edit that has not been written yet.
func reportOf(edit extract.Edit) extractReport {
	report := extractReport{Path: edit.Path, Report: edit.Report}
	if edit.Nothing {
		report.Path = ""
	}
	for _, f := range edit.Others {
		report.Others = append(report.Others, f.Path)
	}
	return report
}

// showDiff shows what an edit changes: in the report with --json, and on standard output otherwise.
func (t *terminal) showDiff(edit extract.Edit, report *extractReport) error {
	diff := t.diffText(edit.Path, string(edit.Old), string(edit.New))
	for _, f := range edit.Others {
		if takesBack(f) {
			diff += t.diffText(f.Path, string(f.Old), string(f.Text))
		}
	}
	if t.json != nil {
		report.Diff = diff
		return nil
	}
	_, err := t.out.Write([]byte(diff))
	return err
}

// takesBack reports whether f is a script that rolls the migration back, and not a record that a
// tool keeps of its folder.
func takesBack(f extract.File) bool { return filepath.Ext(f.Path) == ".sql" }

// replaceEdit writes an edit of an existing migration.
func (t *terminal) replaceEdit(edit extract.Edit, source string) error {
	err := t.replaceFile(edit.Path, edit.New, source)
	for _, f := range edit.Others {
		if err == nil {
			err = t.replaceFile(f.Path, f.Text, source)
		}
	}
	return err
}

// warnSecrets names the columns that hold secrets. Everyone who can see the repository can read a
// migration, and the migration runs in every database.
func (t *terminal) warnSecrets(edit extract.Edit) {
	if len(edit.Report.Secrets) > 0 {
		t.warnf("%s has values of %s, which all who can read the migration can read",
			edit.Path, listed("and", edit.Report.Secrets))
	}
}

// makeMigration writes a new migration, and then the files that belong to it: a journal that names
// a missing migration would be worse than one that does not name a migration yet. If a write fails,
// makeMigration removes the migration.
func (t *terminal) makeMigration(edit extract.Edit) error {
	others, remove, err := t.makeFirst(edit)
	for _, f := range others {
		if err == nil {
			err = t.replaceFile(f.Path, f.Text)
		}
	}
	if err != nil && remove != nil {
		remove()
	}
	return err
}

// makeFirst writes the migration, and returns the files that are left to write, and what removes
// the migration again.
func (t *terminal) makeFirst(
	edit extract.Edit,
) (others []extract.File, remove func(), err error) {
	dir := filepath.Dir(edit.Path)
	if filepath.Base(edit.Path) == "migration.sql" {
		if others, err = makeFolder(edit, dir); err != nil {
			return nil, nil, err
		}
		return others, func() { os.RemoveAll(dir) }, nil
	}
	_, err = os.Stat(dir)
	made := errors.Is(err, os.ErrNotExist)
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return nil, nil, err
	}
	remove = func() {
		os.Remove(edit.Path)
		if made {
			os.Remove(dir)
		}
	}
	return edit.Others, remove, t.replaceFile(edit.Path, edit.New)
}

// makeFolder makes the folder of a migration, which appears with all of its files: a tool must not
// find a folder without a migration. The tool looks at all folders of the migrations, so the files
// are written one level higher, if that is a folder of the same file system. makeFolder returns the
// files that are left to write.
func makeFolder(edit extract.Edit, dir string) (others []extract.File, err error) {
	own := map[string][]byte{filepath.Base(edit.Path): edit.New}
	for _, f := range edit.Others {
		if filepath.Dir(f.Path) == dir {
			own[filepath.Base(f.Path)] = f.Text
		} else {
			others = append(others, f)
		}
	}
	migrations := filepath.Dir(dir)
	if err := os.MkdirAll(migrations, 0o777); err != nil {
		return nil, err
	}
	if resolved, err := filepath.EvalSymlinks(migrations); err == nil {
		migrations = resolved
	}
	err = atomicfile.MakeFolder(dir, filepath.Join(migrations, ".."), own)
	if errors.Is(err, syscall.EXDEV) || errors.Is(err, syscall.EROFS) ||
		errors.Is(err, fs.ErrPermission) {
		err = atomicfile.MakeFolder(dir, migrations, own)
	}
	return others, err
}

func (t *terminal) replaceFile(path string, content []byte, inputs ...string) error {
	w, err := t.create(path, inputs...)
	if err != nil {
		return err
	}
	defer w.Close()
	if _, err := w.Write(content); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return w.Commit()
}
