package backup

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"

	"github.com/seedkit/seedkit/internal/litefs"
	"github.com/seedkit/seedkit/internal/live"
	"github.com/seedkit/seedkit/internal/sqlite"
)

// VerifyOptions are the options of [Verify]. The zero value compares a backup with its manifest.
type VerifyOptions struct {
	// Against is the path of a database to compare the backup with. Empty means none.
	Against string
	// AllowUnverified accepts a sound copy without a manifest.
	AllowUnverified bool
	// Progress, if not nil, is called while Verify works.
	Progress func(Progress)
}

// Report is what [Verify] found.
type Report struct {
	// Manifest is the backup's manifest. For a copy without a manifest, Verify makes one from the
	// copy's content, without a source and a time. NoManifest reports such a copy.
	Manifest   Manifest `json:"manifest,omitzero"`
	NoManifest bool     `json:"no_manifest"`
	// Differences are the differences between the backup and VerifyOptions.Against. Want is the
	// backup's value, and Got is the database's.
	Differences []Difference `json:"differences"`
}

// Verify compares the backup at path with its manifest: the SHA-256 of the file, and what PRAGMA
// integrity_check says. Another version of SQLite than the manifest's may say something else, so
// only the same version's words are compared. A file with the SHA-256 in the manifest has the rows
// that the manifest counts.
// If opts.Against is set, Verify also compares the tables and the schema with a database's present
// state. Verify changes neither file.
//
// Any difference is an [ErrMismatch]. The report has the manifest even then, if the manifest is
// sound. A missing backup is [fs.ErrNotExist].
//
// A copy without a manifest, which another program made, must pass integrity_check, and no
// reference in it may dangle. Otherwise the error is an [ErrMismatch]. Verify cannot know whether
// the content of a sound copy is complete, so such a copy is [ErrIncomplete], unless
// AllowUnverified is set. If there is a manifest, the backup must agree with it even if
// AllowUnverified is set.
func Verify(ctx context.Context, path string, opts VerifyOptions) (Report, error) {
	report, c, err := openVerified(ctx, path, opts.Progress)
	if err == nil {
		err = c.Close()
	}
	if err != nil {
		return report, err
	}
	m := report.Manifest
	if report.NoManifest {
		err = m.refuseUnvouched(opts.AllowUnverified)
	} else {
		err = m.verifyIntegrity(ctx, opts.Progress)
	}
	if err != nil {
		return report, err
	}
	if opts.Against == "" {
		return report, nil
	}
	report.Differences, err = m.compareWith(ctx, opts.Against, opts.Progress)
	if err != nil {
		return report, err
	}
	return report, differences(report.Differences).mismatch(opts.Against, path)
}

// openVerified verifies the backup, or what can be verified of a copy without a manifest. It
// returns the verified snapshot. With an error the snapshot is nil.
func openVerified(
	ctx context.Context, path string, progress reporter,
) (Report, *sqlite.Conn, error) {
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return Report{}, nil, fmt.Errorf("%s: %w", path, fs.ErrNotExist)
	} else if err != nil {
		return Report{}, nil, err
	}
	m, err := ReadManifest(path)
	report := Report{Manifest: m, NoManifest: errors.Is(err, ErrIncomplete)}
	if !report.NoManifest {
		if err == nil {
			err = m.verifyFile()
		}
		if err != nil {
			return report, nil, err
		}
	}
	c, err := sqlite.OpenSnapshot(ctx, path)
	if report.NoManifest {
		err = unsound(path, err)
	}
	if err != nil {
		return report, nil, err
	}
	if report.NoManifest {
		report.Manifest, err = examine(c, path, progress)
		if err != nil {
			c.Close()
			return report, nil, err
		}
	}
	return report, c, nil
}

// verifyFile compares the bytes of the file. The process must not have a connection to the file:
// closing a file releases all locks that the process holds on it
// (https://sqlite.org/howtocorrupt.html, section 2.2).
func (m Manifest) verifyFile() error {
	f, err := os.Open(m.Path)
	if err != nil {
		return err
	}
	defer f.Close()
	forgetCached(f)
	hash := sha256.New()
	size, err := io.Copy(hash, f)
	if err != nil {
		return err
	}
	var d differences
	d.compare("size", fmt.Sprintf("%d bytes", m.bytes()), fmt.Sprintf("%d bytes", size))
	d.compare("sha256", m.SHA256, hex.EncodeToString(hash.Sum(nil)))
	return d.mismatch(m.Path, ManifestPath(m.Path))
}

// verifyPages does what verifyFile does, and the process may have connections to the file. Each
// byte of a backup belongs to a page.
func (m Manifest) verifyPages(ctx context.Context) error {
	c, err := sqlite.OpenSnapshot(ctx, m.Path)
	if err != nil {
		return err
	}
	defer c.Close()
	hash := sha256.New()
	for row, err := range c.Query("SELECT data FROM sqlite_dbpage") {
		if err != nil {
			return err
		}
		hash.Write(row.View(0))
	}
	var d differences
	d.compare("sha256", m.SHA256, hex.EncodeToString(hash.Sum(nil)))
	return d.mismatch(m.Path, ManifestPath(m.Path))
}

// verifyIntegrity compares what integrity_check says of the file with what it said of the database.
func (m Manifest) verifyIntegrity(ctx context.Context, progress reporter) error {
	if m.Integrity.SQLite != sqlite.Version() {
		return nil
	}
	reporter(progress).report(Checking, 0, 0)
	got, err := live.CheckIntegrity(ctx, m.Path)
	said := got.String()
	if damaged, ok := errors.AsType[*DamagedError](err); ok {
		said, err = strings.Join(damaged.Problems, "; "), nil
	}
	if err != nil {
		return err
	}
	var d differences
	d.compare("integrity_check", m.Integrity.String(), said)
	return d.mismatch(m.Path, ManifestPath(m.Path))
}

// compareWith compares the backup's content with a database's.
func (m Manifest) compareWith(
	ctx context.Context, db string, progress reporter,
) ([]Difference, error) {
	if err := litefs.RefuseData(db); err != nil {
		return nil, err
	}
	backup, err := sqlite.OpenSnapshot(ctx, m.Path)
	if err != nil {
		return nil, err
	}
	defer backup.Close()
	present, err := sqlite.OpenSnapshot(ctx, db)
	if err != nil {
		return nil, err
	}
	d, err := m.compareContent(backup, present, progress)
	if closed := present.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", db, err)
	}
	return d, nil
}

// compareContent compares the content of the backup with that of a database: the numbers in the
// header that an app can set, the schema and the rows.
func (m Manifest) compareContent(
	backup, present *sqlite.Conn, progress reporter,
) (differences, error) {
	var got Manifest
	if err := got.readHeader(present); err != nil {
		return nil, err
	}
	var d differences
	d.compare("user_version", m.UserVersion, got.UserVersion)
	d.compare("application_id", m.ApplicationID, got.ApplicationID)
	if m.SchemaHash != got.SchemaHash {
		d = append(d, Difference{What: "schema"})
	}
	return d, d.compareTables(backup, present, progress)
}

func (d *differences) compareTables(backup, present *sqlite.Conn, progress reporter) error {
	want, err := readTables(backup)
	if err != nil {
		return err
	}
	got, err := readTables(present)
	if err != nil {
		return err
	}
	compared, err := newComparison(backup, present)
	if err != nil {
		return err
	}
	pairs := pairTables(want, got)
	for i, p := range pairs {
		progress.report(Counting, int64(i), int64(len(pairs)))
		change, err := compared.change(p)
		if err != nil {
			return err
		}
		if !p.isHalf() && change.Lost+change.Back == 0 {
			continue
		}
		want, err := p.backup.describe(backup)
		if err != nil {
			return err
		}
		got, err := p.present.describe(present)
		if err != nil {
			return err
		}
		if want == got {
			got = "as many, but not the same"
		}
		d.compare("table "+p.name(), want, got)
	}
	progress.report(Counting, int64(len(pairs)), int64(len(pairs)))
	return nil
}

// describe says how many rows the table has. The zero table does not exist.
func (t table) describe(c *sqlite.Conn) (string, error) {
	if t.name == "" {
		return "no such table", nil
	}
	count, err := t.count(c, false)
	if count.Rows == 1 {
		return "1 row", err
	}
	return fmt.Sprintf("%d rows", count.Rows), err
}
