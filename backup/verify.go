package backup

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
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
	report, err := findManifest(path)
	switch {
	case err != nil:
	case report.NoManifest:
		err = report.examine(ctx, path, opts)
	default:
		// A CHECK of a file that differs could run without an end.
		if err = report.Manifest.verifyFile(); err == nil {
			err = report.Manifest.verifyIntegrity(ctx, opts.Progress)
		}
	}
	if err != nil {
		return report, err
	}
	if opts.Against == "" {
		return report, nil
	}
	report.Differences, err = report.Manifest.compareWith(ctx, opts.Against, opts.Progress)
	if err != nil {
		return report, err
	}
	return report, differences(report.Differences).mismatch(opts.Against, path)
}

// findManifest returns a report with the manifest of the backup at path, or with NoManifest.
func findManifest(path string) (Report, error) {
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return Report{}, fmt.Errorf("%s: %w", path, fs.ErrNotExist)
	} else if err != nil {
		return Report{}, err
	}
	m, err := ReadManifest(path)
	if errors.Is(err, ErrIncomplete) {
		return Report{Manifest: m, NoManifest: true}, nil
	}
	return Report{Manifest: m}, err
}

// open opens the backup at path. Of a copy without a manifest it verifies what can be verified, and
// makes a manifest.
func (r *Report) open(
	ctx context.Context, path string, progress reporter,
) (*sqlite.Conn, error) {
	c, err := sqlite.OpenSnapshot(ctx, path)
	if !r.NoManifest {
		return c, err
	}
	if err := unsound(path, err); err != nil {
		return nil, err
	}
	if r.Manifest, err = examine(c, path, progress); err != nil {
		c.Close()
		return nil, err
	}
	return c, nil
}

// examine verifies what can be verified of a copy without a manifest.
func (r *Report) examine(ctx context.Context, path string, opts VerifyOptions) error {
	c, err := r.open(ctx, path, opts.Progress)
	if err == nil {
		err = c.Close()
	}
	if err != nil {
		return err
	}
	return r.Manifest.refuseUnvouched(opts.AllowUnverified)
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
	return m.compareFile(size, hash)
}

// verifyBesideOthers does what verifyFile does, and the process may have connections to the file.
func (m Manifest) verifyBesideOthers(ctx context.Context) error {
	c, err := sqlite.OpenSnapshot(ctx, m.Path)
	if err != nil {
		return err
	}
	defer c.Close()
	return m.verifyPages(ctx, c, newPageSums(m.PageSize, m.PageCount))
}

// verifyPages does what verifyFile does, through a connection to the file. Each byte of a backup
// belongs to a page. It adds the pages to sums.
func (m Manifest) verifyPages(ctx context.Context, c *sqlite.Conn, sums *pageSums) error {
	file, err := os.Stat(m.Path)
	if err != nil {
		return err
	}
	hash := sha256.New()
	if err := sums.addAll(ctx, c, func(page []byte) { hash.Write(page) }); err != nil {
		return err
	}
	return m.compareFile(file.Size(), hash)
}

// compareFile compares the size and the SHA-256 of the file.
func (m Manifest) compareFile(size int64, hash hash.Hash) error {
	var d differences
	d.compare("size", fmt.Sprintf("%d bytes", m.bytes()), fmt.Sprintf("%d bytes", size))
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
