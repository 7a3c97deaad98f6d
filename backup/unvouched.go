package backup

import (
	"errors"
	"fmt"
	"strings"

	"github.com/seedkit/seedkit/internal/live"
	"github.com/seedkit/seedkit/internal/sqlite"
)

// sound names in messages what a copy without a manifest is compared with.
const sound = "a sound database"

// examine describes a copy without a manifest by the copy's own content. A fault that PRAGMA
// integrity_check finds is an [ErrMismatch], because nothing shows that the database had it, too.
func examine(c *sqlite.Conn, path string, progress reporter) (Manifest, error) {
	m, err := describe(path, c)
	if err != nil {
		return Manifest{}, err
	}
	m.Path, m.Source = path, ""
	progress.report(Checking, 0, 0)
	m.Integrity, err = live.CheckIntegrity(c.Context(), path)
	if damaged, ok := errors.AsType[*DamagedError](err); ok {
		return m, notSound(path, strings.Join(damaged.Problems, "; "))
	}
	if err == nil && m.Integrity.Faults != nil {
		return m, notSound(path, m.Integrity.String())
	}
	if err == nil {
		m.ForeignKeyViolations, err = live.ForeignKeyViolations(c)
	}
	if err == nil {
		err = m.readContent(c, progress)
	}
	return m, unsound(path, err)
}

// unsound returns an [ErrMismatch] if err is SQLite's error for a malformed file, for example a
// file that was cut off. It returns any other error unchanged.
func unsound(path string, err error) error {
	if sqlite.Is(err, sqlite.Corrupt) {
		return notSound(path, err.Error())
	}
	return err
}

func notSound(path, problem string) error {
	var d differences
	d.compare("integrity_check", "ok", problem)
	return d.mismatch(path, sound)
}

// refuseUnvouched returns what is wrong with a copy without a manifest: references dangle, or no
// manifest is there. It accepts a missing manifest if that is allowed.
func (m Manifest) refuseUnvouched(allowed bool) error {
	var d differences
	d.compare("foreign_key_check",
		live.DanglingText(nil), live.DanglingText(m.ForeignKeyViolations))
	if err := d.mismatch(m.Path, sound); err != nil || allowed {
		return err
	}
	return fmt.Errorf("%s %w", m.Path, ErrIncomplete)
}
