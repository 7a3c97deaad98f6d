package backup

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"github.com/seedkit/seedkit/internal/atomicfile"
)

// Manifest describes a backup. It is kept as JSON beside the backup's file,
// under [ManifestPath], and is written last: it makes the backup whole.
type Manifest struct {
	Path    string    `json:"path,omitempty"` // of the backup's file; not in the manifest's
	Format  int64     `json:"format"`         // of the manifest, 1
	Created time.Time `json:"created,omitzero"`
	Source  string    `json:"source"` // absolute path of the database

	PageSize  int64  `json:"page_size"` // in bytes
	PageCount int64  `json:"page_count"`
	SHA256    string `json:"sha256"` // of the backup's file, in hexadecimal

	SchemaHash string        `json:"schema_hash"` // of the schema's text
	Tables     []TableDigest `json:"tables"`      // in the order in which they were made

	UserVersion   int64  `json:"user_version"`
	ApplicationID int64  `json:"application_id"`
	JournalMode   string `json:"journal_mode"` // of the database; the backup's own is delete
	// LiteFSPosition is the transaction of LiteFS that the backup holds,
	// TXID/checksum. It is empty where there is no LiteFS, and where writes
	// followed each other too fast to tell.
	LiteFSPosition string `json:"litefs_position,omitempty"`
	// ForeignKeyViolations are the database's own, which a backup keeps.
	ForeignKeyViolations []ForeignKeyViolation `json:"foreign_key_violations,omitempty"`

	// Digest is the SHA-256 of the manifest's own text, less the digest.
	Digest string `json:"digest"`
}

const manifestFormat = 1

// ManifestPath returns where the manifest of the backup at path is.
func ManifestPath(path string) string { return path + ".json" }

// ErrIncomplete reports a backup without a manifest: it was never finished,
// or another program made it.
var ErrIncomplete = errors.New("has no manifest, so nothing vouches for its content")

// ErrBrokenLink reports a manifest that is a symbolic link to no file.
var ErrBrokenLink = errors.New("is a symbolic link that leads nowhere")

// FormatError reports a manifest that a newer version wrote.
type FormatError struct {
	Path   string
	Format int64
}

func (e *FormatError) Error() string {
	return fmt.Sprintf("%s has format %d, want %d", e.Path, e.Format, manifestFormat)
}

// ReadManifest reads the manifest of the backup at path. If there is none the
// error is [ErrIncomplete]; if it is a symbolic link to no file, [ErrBrokenLink]; if it is not as it was written, [ErrMismatch]; if
// it is of a later format, a [*FormatError].
func ReadManifest(path string) (Manifest, error) {
	text, err := os.ReadFile(ManifestPath(path))
	if errors.Is(err, fs.ErrNotExist) {
		if _, err := os.Lstat(ManifestPath(path)); err == nil {
			return Manifest{}, fmt.Errorf("%s %w", ManifestPath(path), ErrBrokenLink)
		}
		return Manifest{}, fmt.Errorf("%s %w", path, ErrIncomplete)
	}
	if err != nil {
		return Manifest{}, err
	}
	var m Manifest
	broken := json.Unmarshal(text, &m)
	m.Path = path
	if broken != nil || digestManifest(bytes.Replace(text, []byte(m.Digest), nil, 1)) != m.Digest {
		return Manifest{}, differences{{What: "its own digest"}}.mismatch(ManifestPath(path), "what was written")
	}
	if m.Format > manifestFormat {
		return Manifest{}, &FormatError{Path: ManifestPath(path), Format: m.Format}
	}
	return m, nil
}

// seal sets the digest and returns the text of the manifest's file.
func (m *Manifest) seal() ([]byte, error) {
	m.Digest = ""
	text, err := m.text()
	if err != nil {
		return nil, err
	}
	m.Digest = digestManifest(text)
	return m.text()
}

func (m Manifest) text() ([]byte, error) {
	m.Path = ""
	text, err := json.MarshalIndent(m, "", "  ")
	return append(text, '\n'), err
}

// digestManifest hashes the text of a manifest whose digest is empty.
func digestManifest(text []byte) string {
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// writeManifest puts the text of a manifest beside the backup at path.
func writeManifest(path string, text []byte) error {
	f, err := atomicfile.Create(ManifestPath(path), 0o600)
	if err != nil {
		return err
	}
	defer f.Close()
	if _, err := f.Write(text); err != nil {
		return err
	}
	return f.Commit()
}

// Count returns how many tables the app has in the backup, and how many rows
// they have. SQLite's own tables, such as sqlite_sequence, do not count.
func (m Manifest) Count() (tables, rows int64) {
	for _, t := range m.Tables {
		if !isSQLites(t.Name) {
			tables++
			rows += t.Rows
		}
	}
	return tables, rows
}

// bytes returns how large the backup's file is.
func (m Manifest) bytes() int64 { return m.PageSize * m.PageCount }
