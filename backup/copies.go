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

// Copy is a file in a folder of backups.
type Copy struct {
	Path  string    `json:"path"`
	Made  time.Time `json:"made"` // by the manifest; without one, when the file was last written
	Bytes int64     `json:"bytes"`
	// Manifest is the zero Manifest if Err is not nil.
	Manifest Manifest `json:"manifest,omitzero"`
	// Err is why the manifest does not vouch for the file: there is none
	// ([ErrIncomplete]), it is not as it was written or of another size than
	// the file ([ErrMismatch]), a [*FormatError], or what kept it from being
	// read.
	Err error `json:"-"`
}

// Copies returns the backups of the database at path db that are in the folder
// dir, the newest first. Only their manifests are read: whether a file still is
// what its manifest says, [Verify] finds out.
//
// A backup is of the database if its manifest names that path, or another path
// with the same file name, as a database has on another machine. A file that no
// manifest vouches for counts if it is an SQLite database whose name begins with
// that of db, up to the extension.
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

// readCopy describes the file at path, and reports whether it is a copy of the
// database.
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
	return c, filepath.Base(m.Source) == filepath.Base(db), nil
}

// hasStem reports whether the file's name is the database's, up to the extension,
// and no longer word: data-1.db, data.db.bak and data.sqlite are of data.db,
// database.db is not.
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
