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
)

// Manifest describes a backup. It is a JSON file beside the backup, at [ManifestPath]. [Make]
// writes it last, and a file without it is no backup.
type Manifest struct {
	// Path is the path of the backup's file. The manifest's file does not have it.
	Path string `json:"path,omitempty"`
	// Format is the format of the manifest: 2, or 1 for a manifest of an earlier version.
	Format int64 `json:"format"`
	// Created is the time of the backup. It is zero if [Options.Now] was zero.
	Created time.Time `json:"created,omitzero"`
	// Source is the absolute path of the database.
	Source string `json:"source"`

	// PageSize is the size of a page in bytes.
	PageSize int64 `json:"page_size"`
	// PageCount is the number of pages.
	PageCount int64 `json:"page_count"`
	// SHA256 is the SHA-256 of the backup's file, in hexadecimal.
	SHA256 string `json:"sha256"`

	// SchemaHash is a hash of the schema's text.
	SchemaHash string `json:"schema_hash"`
	// Tables are the tables in the order of their creation.
	Tables []TableRows `json:"tables"`

	UserVersion   int64 `json:"user_version"`
	ApplicationID int64 `json:"application_id"`
	// JournalMode is the journal mode of the database. The backup itself is in delete mode.
	JournalMode string `json:"journal_mode"`
	// LiteFSPosition is the transaction of LiteFS that the backup holds, TXID/checksum. It is empty
	// without LiteFS, and if Make could not take the write lock, without which no position is sure.
	LiteFSPosition string `json:"litefs_position,omitempty"`
	// Integrity is what PRAGMA integrity_check says of the database. It is zero in a manifest of an
	// earlier version of seedkit.
	Integrity Integrity `json:"integrity,omitzero"`
	// ForeignKeyViolations are the violations in the database. The backup has them, too.
	ForeignKeyViolations []ForeignKeyViolation `json:"foreign_key_violations,omitempty"`

	// Digest is the SHA-256 of the manifest's text with an empty digest, in hexadecimal.
	Digest string `json:"digest"`
}

const manifestFormat = 2

// ManifestPath returns the path of the manifest of the backup at path.
func ManifestPath(path string) string { return path + ".json" }

// ErrIncomplete reports a file without a manifest: the backup was not finished, or another program
// made the file.
var ErrIncomplete = errors.New("has no manifest, so nothing vouches for its content")

// ErrBrokenLink reports a manifest that is a symbolic link to no file.
var ErrBrokenLink = errors.New("is a symbolic link that leads nowhere")

// FormatError reports a manifest of a newer version.
type FormatError struct {
	Path   string
	Format int64
}

func (e *FormatError) Error() string {
	return fmt.Sprintf("%s has format %d, want %d", e.Path, e.Format, manifestFormat)
}

// ReadManifest reads the manifest of the backup at path. Its errors are [ErrIncomplete] for no
// manifest, [ErrBrokenLink], [ErrMismatch] for a manifest that was changed, and [*FormatError] for
// a newer format.
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
	digest := digestManifest(bytes.Replace(text, []byte(m.Digest), nil, 1))
	if broken != nil || digest != m.Digest {
		d := differences{{What: "its own digest"}}
		return Manifest{}, d.mismatch(ManifestPath(path), "what was written")
	}
	if m.Format > manifestFormat {
		return Manifest{}, &FormatError{Path: ManifestPath(path), Format: m.Format}
	}
	return m, nil
}

// seal sets the digest, and returns the text of the manifest's file.
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

// digestManifest hashes the text of a manifest with an empty digest.
func digestManifest(text []byte) string {
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// Count returns the number of the app's tables in the backup, and the number of their rows. It does
// not count SQLite's own tables, such as sqlite_sequence.
func (m Manifest) Count() (tables, rows int64) {
	for _, t := range m.Tables {
		if !isSQLites(t.Name) {
			tables++
			rows += t.Rows
		}
	}
	return tables, rows
}

// bytes returns the size of the backup's file.
func (m Manifest) bytes() int64 { return m.PageSize * m.PageCount }
