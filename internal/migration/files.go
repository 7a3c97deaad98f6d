package migration

import (
	"io/fs"
	"os"
	"path/filepath"
)

// files are the files of a folder: of one on the disk, or of another file system. Their names have
// slashes.
type files struct {
	fs.FS
	dir string // the folder on the disk; "" for another file system
}

func onDisk(dir string) files { return files{disk(dir), dir} }

// path returns the path of a file, for messages and for the disk.
func (f files) path(name string) string { return filepath.Join(f.dir, filepath.FromSlash(name)) }

// named returns what messages call the folder.
func (f files) named() string {
	if f.dir == "" {
		return "the file system"
	}
	return f.dir
}

func (f files) read(name string) ([]byte, error) { return fs.ReadFile(f.FS, name) }

// readAt reads the file with a path that [files.path] has returned.
func (f files) readAt(path string) ([]byte, error) {
	name, err := filepath.Rel(f.dir, path)
	if err != nil {
		return nil, err
	}
	return f.read(filepath.ToSlash(name))
}

func (f files) list() ([]fs.DirEntry, error) { return fs.ReadDir(f.FS, ".") }

func (f files) has(name string) bool {
	_, err := fs.Stat(f.FS, name)
	return err == nil
}

// glob returns the names that match the pattern, in order. It finds nothing in a folder that it
// cannot read.
func (f files) glob(pattern string) []string {
	names, _ := fs.Glob(f.FS, pattern)
	return names
}

// disk is a folder on the disk as a file system whose errors have full paths.
type disk string

func (d disk) at(name string) string { return filepath.Join(string(d), filepath.FromSlash(name)) }

func (d disk) Open(name string) (fs.File, error) { return os.Open(d.at(name)) }

func (d disk) Stat(name string) (fs.FileInfo, error) { return os.Stat(d.at(name)) }

func (d disk) ReadDir(name string) ([]fs.DirEntry, error) { return os.ReadDir(d.at(name)) }

func (d disk) ReadFile(name string) ([]byte, error) { return os.ReadFile(d.at(name)) }
