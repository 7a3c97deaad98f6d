package atomicfile

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"github.com/seedkit/seedkit/internal/litefs"
)

// A target is the file that Commit replaces or creates.
type target struct {
	path      string      // without symbolic links, unless irregular
	mode      fs.FileMode // the permissions of the new file
	exists    bool        // the target exists, so the umask must not narrow mode
	irregular bool        // not a regular file, so it is written directly
}

// findTarget examines path and changes nothing.
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
	if err == nil {
		err = litefs.RefuseMount(filepath.Dir(resolved))
	}
	return target{path: resolved, mode: info.Mode().Perm(), exists: true}, err
}

// checkWritable refuses a file that is read-only to the process. A rename would replace the file
// anyway, because a rename needs only permission for the directory.
func checkWritable(path string) error {
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	return f.Close()
}

// newTarget returns the target at a path without a file. The path may be a symbolic link that leads
// nowhere.
func newTarget(path string, perm fs.FileMode) (target, error) {
	t := target{path: followLinks(path), mode: perm}
	if _, name := filepath.Split(t.path); name == "" {
		return target{}, syscall.ENOENT
	}
	_, err := os.Stat(t.dir())
	if err == nil {
		err = litefs.RefuseMount(t.dir())
	}
	return t, err
}

// followLinks returns the path to which the symbolic links at path lead. It ends, because for a
// loop of links os.Stat returned an error other than fs.ErrNotExist before.
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

// dir is the target's directory with a separator at the end. dir does not clean the path, because
// link/.. is not always the directory of the link.
func (t target) dir() string {
	dir, _ := filepath.Split(t.path)
	if dir == "" {
		return "." + string(filepath.Separator)
	}
	return dir
}

// open opens the file that receives the content: a new temporary file, or the target itself if it
// is irregular.
func (t target) open() (*os.File, error) {
	if t.irregular {
		return os.OpenFile(t.path, os.O_WRONLY, 0)
	}
	f, err := CreateTemporary(t.path, t.mode)
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
