package command

import (
	"strings"

	"github.com/seedkit/seedkit/backup"
)

// sayFaults says what PRAGMA integrity_check found in the database of a backup, or what it could
// not check. A copy without a manifest has no faults, or it is refused.
func (t *terminal) sayFaults(m backup.Manifest) {
	if faults := m.Integrity.Faults; faults != nil {
		t.warnf("%s has the faults that integrity_check found in %s: %s",
			m.Path, m.Source, strings.Join(faults, "; "))
	}
	if why := m.Integrity.Unchecked; why != "" {
		t.sayf("%s: the pages are sound, but integrity_check could not check all rows and "+
			"indexes: %s", m.Path, why)
	}
}

// soundness says what was checked of a copy without a manifest.
func soundness(m backup.Manifest) string {
	if m.Integrity.Unchecked != "" {
		return "a database with sound pages"
	}
	return "a sound database"
}
