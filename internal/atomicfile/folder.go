package atomicfile

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/seedkit/seedkit/internal/litefs"
)

// A Folder is a folder being made. It appears with all of its files at Commit. Until then its files
// are in a temporary folder, named .NAME.tmpN.
type Folder struct {
	path, temporary string
	finished        bool
}

// CreateFolder returns a Folder that will appear at path, where nothing may be but an empty folder.
// The temporary folder is made in the folder beside, which must be on the same file system. If the
// process is killed before Commit, the temporary folder stays there.
func CreateFolder(path, beside string) (*Folder, error) {
	for _, dir := range []string{filepath.Dir(path), beside} {
		if err := litefs.RefuseMount(dir); err != nil {
			return nil, fmt.Errorf(`create "%s": %w`, path, err)
		}
	}
	const leftovers = 10_000
	for n := range leftovers {
		name := fmt.Sprintf(".%s.tmp%d", filepath.Base(path), n)
		temporary := filepath.Join(beside, name)
		err := os.Mkdir(temporary, 0o777)
		switch {
		case err == nil:
			return &Folder{path: path, temporary: temporary}, nil
		case !errors.Is(err, fs.ErrExist):
			return nil, &fs.PathError{Op: "create", Path: path, Err: errors.Unwrap(err)}
		}
	}
	err := fmt.Errorf("%d temporary folders are in the way", leftovers)
	return nil, &fs.PathError{Op: "create", Path: path, Err: err}
}

// WriteFile adds a file.
func (f *Folder) WriteFile(name string, content []byte, perm fs.FileMode) error {
	file, err := Create(filepath.Join(f.temporary, name), perm)
	if err != nil {
		return err
	}
	defer file.Close()
	if _, err := file.Write(content); err != nil {
		return err
	}
	return file.Commit()
}

// Commit lets the folder appear. After an error nothing has appeared.
func (f *Folder) Commit() error {
	if f.finished {
		return fs.ErrClosed
	}
	if err := os.Rename(f.temporary, f.path); err != nil {
		return err
	}
	f.finished = true
	// As in [File.Commit], either state that a power cut leaves is whole.
	_ = SyncDir(filepath.Dir(f.path))
	return nil
}

// Close removes the temporary folder. After Commit it does nothing.
func (f *Folder) Close() error {
	if f.finished {
		return nil
	}
	f.finished = true
	return os.RemoveAll(f.temporary)
}

// MakeFolder makes a folder with the given files in one step, as a [Folder] does.
func MakeFolder(path, beside string, files map[string][]byte) error {
	folder, err := CreateFolder(path, beside)
	if err != nil {
		return err
	}
	defer folder.Close()
	for name, content := range files {
		if err := folder.WriteFile(name, content, 0o666); err != nil {
			return err
		}
	}
	return folder.Commit()
}
