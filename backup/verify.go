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

	"github.com/seedkit/seedkit/internal/live"
	"github.com/seedkit/seedkit/internal/sqlite"
)

// VerifyOptions are the options of [Verify]. The zero value compares a backup
// with its manifest.
type VerifyOptions struct {
	// Against is the path of a database to compare the backup with, too.
	Against string
	// AllowUnverified takes a sound copy that has no manifest.
	AllowUnverified bool
	// Progress, if not nil, is called while the backup is verified.
	Progress func(Progress)
}

// Report is what [Verify] found.
type Report struct {
	// Manifest is the backup's. That of a copy without one is made of what
	// the copy itself holds: nothing is known of its source and its time.
	Manifest   Manifest `json:"manifest,omitzero"`
	NoManifest bool     `json:"no_manifest"`
	// Differences are those between the backup and VerifyOptions.Against:
	// Want is what the backup holds, Got what the database does.
	Differences []Difference `json:"differences"`
}

// Verify compares the backup at path with its manifest: the SHA-256 of the
// file, the rows of each table and the violations of foreign keys. PRAGMA
// integrity_check must find no fault. Then, if told to, it compares the tables
// and the schema with those of a database as it is at this moment. Neither is
// changed.
//
// Any difference is [ErrMismatch]; the report has the manifest nevertheless,
// if that is sound. A backup that does not exist is [fs.ErrNotExist].
//
// A copy without a manifest, which another program made, must pass
// integrity_check, too, and no reference in it may dangle: either is
// [ErrMismatch]. Of a copy that passes nobody knows whether its content is what
// it should be: that is [ErrIncomplete], unless AllowUnverified is set. A
// manifest that is there counts, whatever is allowed.
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
		if err := m.refuseUnvouched(opts.AllowUnverified); err != nil {
			return report, err
		}
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

// openVerified verifies the backup, and a copy without a manifest as far as a
// copy can be. It returns the snapshot that was verified; nil with an error.
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
	} else {
		err = m.verifyContent(c, progress)
	}
	if err != nil {
		c.Close()
		return report, nil, err
	}
	return report, c, nil
}

// verifyFile compares the file's bytes. It must not run while the process has
// a connection to the file; see [unfinished.flush].
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

// verifyContent compares what SQLite reads in the file.
func (m Manifest) verifyContent(c *sqlite.Conn, progress reporter) error {
	progress.report(Checking, 0, 0)
	problems, err := live.IntegrityProblems(c, "integrity_check")
	if err != nil {
		return err
	}
	var got Manifest
	if err := got.readContent(c, progress); err != nil {
		return err
	}
	var d differences
	if problems != nil {
		d.compare("integrity_check", "ok", strings.Join(problems, "; "))
	}
	d.compare("foreign_key_check",
		live.DanglingText(m.ForeignKeyViolations), live.DanglingText(got.ForeignKeyViolations))
	d.compareContent(m, got)
	return d.mismatch(m.Path, ManifestPath(m.Path))
}

// compareWith compares the backup's content with a database's.
func (m Manifest) compareWith(ctx context.Context, db string, progress reporter) ([]Difference, error) {
	c, err := sqlite.OpenSnapshot(ctx, db)
	if err != nil {
		return nil, err
	}
	var got Manifest
	err = got.readContent(c, progress)
	if closed := c.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", db, err)
	}
	var d differences
	d.compareContent(m, got)
	return d, nil
}

// compareContent adds the differences in what [Manifest.readContent] reads,
// foreign keys aside.
func (d *differences) compareContent(want, got Manifest) {
	d.compare("user_version", want.UserVersion, got.UserVersion)
	d.compare("application_id", want.ApplicationID, got.ApplicationID)
	if want.SchemaHash != got.SchemaHash {
		*d = append(*d, Difference{What: "schema"})
	}
	there := map[string]TableDigest{}
	for _, t := range got.Tables {
		there[t.Name] = t
	}
	for _, t := range want.Tables {
		d.compareTable(t.Name, t, there[t.Name])
		delete(there, t.Name)
	}
	for _, t := range got.Tables {
		if _, extra := there[t.Name]; extra {
			d.compareTable(t.Name, TableDigest{}, t)
		}
	}
}

// compareTable compares two digests of a table; the zero digest is that of a
// table that does not exist.
func (d *differences) compareTable(name string, want, got TableDigest) {
	switch {
	case want == got:
	case want.Name == got.Name && want.Rows == got.Rows:
		d.compare("table "+name, want.String(), "as many, but not the same")
	default:
		d.compare("table "+name, want.String(), got.String())
	}
}

// String tells how many rows there are.
func (t TableDigest) String() string {
	switch {
	case t.Name == "":
		return "no such table"
	case t.Rows == 1:
		return "1 row"
	}
	return fmt.Sprintf("%d rows", t.Rows)
}
