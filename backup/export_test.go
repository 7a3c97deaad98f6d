package backup

import (
	"os"

	"github.com/seedkit/seedkit/internal/live"
)

// HashAtOnce makes restores hold the hashes of n rows in memory at a time, until the caller calls
// undo.
func HashAtOnce(n int) (undo func()) {
	old := hashesAtOnce
	hashesAtOnce = n
	return func() { hashesAtOnce = old }
}

// NeedSpace is live.CheckSpace.
var NeedSpace = live.CheckSpace

// WriteManifest writes the manifest beside its backup.
func WriteManifest(m Manifest) error {
	text, err := m.seal()
	if err != nil {
		return err
	}
	return os.WriteFile(ManifestPath(m.Path), text, 0o600)
}
