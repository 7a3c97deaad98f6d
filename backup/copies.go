package backup

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Copy is a file that holds a copy of a database.
type Copy struct {
	Path string `json:"path"`
	// Made is the time in the manifest. Without that time, it is the time of the last write to the
	// file.
	Made time.Time `json:"made"`
	// Bytes is the size of the file.
	Bytes int64 `json:"bytes"`
	// Manifest is the file's manifest. It is zero if Err is not nil.
	Manifest Manifest `json:"manifest,omitzero"`
	// Err is the reason why no manifest vouches for the file. [ErrIncomplete]: there is no
	// manifest. [ErrMismatch]: the manifest was changed, or the file has another size.
	// [*FormatError]: the manifest is of a newer version. Any other error kept the manifest from
	// being read.
	Err error `json:"-"`
}

// Copies returns the backups of the database at path db in the folder dir, newest first. It reads
// only the manifests. [Verify] checks whether a file still agrees with its manifest.
//
// A manifest names the path of the database. The file is a backup of db if that path and db have
// the same file name, because a database can have another path on another machine. Without a valid
// manifest, the file must be an SQLite database whose name begins with db's name, up to the
// extension.
func Copies(dir, db string) ([]Copy, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var copies []Copy
	for _, entry := range entries {
		if !entry.Type().IsRegular() || strings.HasPrefix(entry.Name(), ".") {
			continue
		}
		c, ok, err := readCopy(filepath.Join(dir, entry.Name()), db)
		if err != nil {
			return nil, err
		}
		if ok {
			copies = append(copies, c)
		}
	}
	slices.SortStableFunc(copies, func(a, b Copy) int { return b.Made.Compare(a.Made) })
	return copies, nil
}

// readCopy describes the file at path, and reports whether it is a copy of the database.
func readCopy(path, db string) (Copy, bool, error) {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return Copy{}, false, nil
	}
	if err != nil {
		return Copy{}, false, err
	}
	if live, err := os.Stat(db); err == nil && os.SameFile(live, info) {
		return Copy{}, false, nil
	}
	c := Copy{Path: path, Made: info.ModTime(), Bytes: info.Size()}
	m, err := ReadManifest(path)
	if err == nil && m.bytes() != c.Bytes {
		var d differences
		d.compare("size", fmt.Sprintf("%d bytes", m.bytes()), fmt.Sprintf("%d bytes", c.Bytes))
		err = d.mismatch(path, ManifestPath(path))
	}
	if err != nil {
		c.Err = err
		return c, hasStem(path, db) && isDatabase(path), nil
	}
	c.Manifest = m
	if !m.Created.IsZero() {
		c.Made = m.Created
	}
	return c, filepath.Base(m.Source) == filepath.Base(db) || isPathOf(m.Source, db), nil
}

// hasStem reports whether the file's name begins with the database's name, up to the extension, and
// has no letter next: data-1.db, data.db.bak and data.sqlite belong to data.db, and database.db
// does not.
func hasStem(path, db string) bool {
	base := filepath.Base(db)
	rest, ok := strings.CutPrefix(filepath.Base(path), strings.TrimSuffix(base, filepath.Ext(base)))
	next, _ := utf8.DecodeRuneInString(rest)
	return ok && !unicode.IsLetter(next)
}

// isDatabase reports whether the file begins as a database does
// (https://sqlite.org/fileformat2.html#magic_header_string).
func isDatabase(path string) bool {
	f, err := os.Open(path)
	if err != nil {
		return false
	}
	defer f.Close()
	const magic = "SQLite format 3\x00"
	header := make([]byte, len(magic))
	_, err = io.ReadFull(f, header)
	return err == nil && bytes.Equal(header, []byte(magic))
}
