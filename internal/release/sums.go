package main

import (
	"crypto/sha256"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// writeSums writes SHA256SUMS, which sha256sum --check reads. It has a line for each file that is
// in the folder, sorted by path.
func writeSums(dist string, _ []program) error {
	var lines strings.Builder
	folder := os.DirFS(dist)
	err := fs.WalkDir(folder, ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := fs.ReadFile(folder, path)
		fmt.Fprintf(&lines, "%x  %s\n", sha256.Sum256(data), path)
		return err
	})
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dist, "SHA256SUMS"), []byte(lines.String()), 0o666)
}
