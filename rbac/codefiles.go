package rbac

import (
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// ErrNoCode is the error of [Lint] for a folder without TypeScript or JavaScript.
var ErrNoCode = errors.New("no TypeScript and no JavaScript")

type noCodeError struct{ dir string }

func (e *noCodeError) Error() string { return fmt.Sprintf("%s has %v", e.dir, ErrNoCode) }
func (e *noCodeError) Unwrap() error { return ErrNoCode }

// codeExtensions are those of files with code. withoutJSX are those of TypeScript in which < is no
// element.
var (
	codeExtensions = []string{".ts", ".tsx", ".js", ".jsx", ".mjs", ".cjs", ".mts", ".cts"}
	withoutJSX     = []string{".ts", ".mts", ".cts"}
)

// builtFolders are made by tools, beside the package.json of the code that they are made of.
var builtFolders = []string{"build", "coverage", "dist", "out", "server-build"}

// codeFiles yields the paths of the files with code in a folder, in the order of their names, or
// the path of the file that root is.
func codeFiles(root string) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		info, err := os.Stat(root)
		if errors.Is(err, fs.ErrNotExist) {
			err = fmt.Errorf("%s: %w", root, fs.ErrNotExist)
		}
		if err != nil {
			yield("", err)
			return
		}
		if !info.IsDir() {
			yield(root, nil)
			return
		}
		folder := os.DirFS(root)
		err = fs.WalkDir(folder, ".", func(name string, e fs.DirEntry, err error) error {
			switch {
			case err != nil:
				return err
			case e.IsDir() && isLeftOut(folder, name):
				return fs.SkipDir
			case !isCode(e):
			case !yield(filepath.Join(root, filepath.FromSlash(name)), nil):
				return fs.SkipAll
			}
			return nil
		})
		if err != nil {
			yield("", fmt.Errorf("%s: %w", root, err))
		}
	}
}

func isLeftOut(folder fs.FS, name string) bool {
	base := path.Base(name)
	switch {
	case name == ".":
		return false
	case strings.HasPrefix(base, "."), base == "node_modules", name == "public/build":
		return true
	case slices.Contains(builtFolders, base):
		_, err := fs.Stat(folder, path.Join(path.Dir(name), "package.json"))
		return err == nil
	}
	return false
}

// isCode reports whether the file has code that people write: neither declarations alone, nor what
// a tool has made small.
func isCode(e fs.DirEntry) bool {
	name := strings.ToLower(e.Name())
	return e.Type().IsRegular() && slices.Contains(codeExtensions, path.Ext(name)) &&
		!strings.HasSuffix(name, ".d.ts") && !strings.Contains(name, ".min.")
}
