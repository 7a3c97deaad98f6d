package atomicfile

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// A target is the place of the file to be written.
type target struct {
	path      string      // no symbolic link, unless irregular
	mode      fs.FileMode // that the content's file gets
	exists    bool        // mode is the present file's, which no umask may narrow
	irregular bool        // no regular file: written directly
}

// findTarget looks at path without changing anything there.
func findTarget(path string, perm fs.FileMode) (target, error) {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return newTarget(path, perm)
	case err != nil:
		return target{}, err
	case info.IsDir():
		return target{}, syscall.EISDIR
	case !info.Mode().IsRegular():
		return target{path: path, irregular: true}, nil
	}
	if err := checkWritable(path); err != nil {
		return target{}, err
	}
	resolved, err := filepath.EvalSymlinks(path)
	return target{path: resolved, mode: info.Mode().Perm(), exists: true}, err
}

// checkWritable refuses a file that is read-only to the process: a rename would replace it all
// the same, asking only for the directory's permission.
func checkWritable(path string) error {
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	return f.Close()
}

// newTarget is the target at a path where there is no file yet, though perhaps a symbolic link
// that leads nowhere.
func newTarget(path string, perm fs.FileMode) (target, error) {
	t := target{path: followLinks(path), mode: perm}
	if _, name := filepath.Split(t.path); name == "" {
		return target{}, syscall.ENOENT
	}
	_, err := os.Stat(t.dir())
	return t, err
}

// followLinks returns where the symbolic links at path lead. It ends, as a loop of links is an
// error of os.Stat other than fs.ErrNotExist.
func followLinks(path string) string {
	for {
		link, err := os.Readlink(path)
		if err != nil {
			return path
		}
		if !filepath.IsAbs(link) {
			link = target{path: path}.dir() + link
		}
		path = link
	}
}

// dir is the target's directory with a separator behind it. The path is not cleaned, since
// link/.. is not where the link stands.
func (t target) dir() string {
	dir, _ := filepath.Split(t.path)
	if dir == "" {
		return "." + string(filepath.Separator)
	}
	return dir
}

// open opens the file that the content goes to: a new temporary one, or the target itself.
func (t target) open() (*os.File, error) {
	if t.irregular {
		return os.OpenFile(t.path, os.O_WRONLY, 0)
	}
	f, err := t.createTemporary()
	if err != nil || !t.exists {
		return f, err
	}
	if err := f.Chmod(t.mode); err != nil {
		f.Close()
		os.Remove(f.Name())
		return nil, err
	}
	return f, nil
}

// createTemporary counts up to a free name. os.CreateTemp would hide which umask is in force.
func (t target) createTemporary() (*os.File, error) {
	const leftovers = 10_000
	dir, name := filepath.Split(t.path)
	for n := range leftovers {
		f, err := os.OpenFile(fmt.Sprintf("%s.%s.tmp%d", dir, name, n), os.O_WRONLY|os.O_CREATE|os.O_EXCL, t.mode)
		if !errors.Is(err, fs.ErrExist) {
			return f, err
		}
	}
	return nil, fmt.Errorf("%d temporary files of %s are in the way", leftovers, t.path)
}
