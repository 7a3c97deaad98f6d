package backup_test

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seedkit/seedkit/backup"
	"github.com/seedkit/seedkit/internal/sqlite"
	"github.com/seedkit/seedkit/internal/testdb"
)

// verify verifies a backup, and returns the error.
func verify(t *testing.T, path string, opts backup.VerifyOptions) error {
	t.Helper()
	_, err := backup.Verify(t.Context(), path, opts)
	return err
}

func TestVerify(t *testing.T) {
	db := testdb.Make(t, "wal", testdb.Users)
	dir := t.TempDir()
	m := backUp(t, db, backup.Options{Dir: dir, Now: testdb.Now})
	before := testdb.Files(t, dir)
	report, err := backup.Verify(t.Context(), m.Path, backup.VerifyOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(backup.Report{Manifest: m}, report); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(before, testdb.Files(t, dir)); diff != "" {
		t.Errorf("files: %s", diff)
	}
}

func TestVerifyFindsAnyFlippedBit(t *testing.T) {
	m := backUp(t, testdb.Make(t, "delete", testdb.Users), backup.Options{})
	stride := map[string]int64{m.Path: 997, backup.ManifestPath(m.Path): 1}
	for path, stride := range stride {
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		for offset := int64(0); offset < info.Size(); offset += stride {
			testdb.FlipBit(t, path, offset)
			err := verify(t, m.Path, backup.VerifyOptions{})
			if want := backup.ErrMismatch; !errors.Is(err, want) {
				t.Errorf("%s, bit %d of byte %d: %v, want %v",
					filepath.Base(path), offset%8, offset, err, want)
			}
			testdb.FlipBit(t, path, offset)
		}
	}
	if err := verify(t, m.Path, backup.VerifyOptions{}); err != nil {
		t.Error(err)
	}
}

// TestVerifyRunsNothingOfAnotherFile puts another database in place of the backup. A CHECK of it
// could run without an end.
func TestVerifyRunsNothingOfAnotherFile(t *testing.T) {
	m := backUp(t, testdb.Make(t, "delete", testdb.Users), backup.Options{})
	if err := os.Rename(testdb.Make(t, "delete", "CREATE TABLE t(x)"), m.Path); err != nil {
		t.Fatal(err)
	}
	err := verify(t, m.Path, backup.VerifyOptions{Progress: func(p backup.Progress) {
		t.Errorf("%s", p.Stage)
	}})
	if !errors.Is(err, backup.ErrMismatch) {
		t.Errorf("got %v", err)
	}
}

func TestVerifyNamesWhatDiffers(t *testing.T) {
	m := backUp(t, testdb.Make(t, "delete", testdb.Users), backup.Options{})
	testdb.FlipBit(t, m.Path, 5000)
	err := verify(t, m.Path, backup.VerifyOptions{})
	mismatch, ok := errors.AsType[*backup.MismatchError](err)
	if !ok || len(mismatch.Differences) != 1 {
		t.Fatalf("got %v", err)
	}
	if d := mismatch.Differences[0]; d.What != "sha256" || d.Want != m.SHA256 {
		t.Errorf("got %v", err)
	}
}

func TestVerifyRefuses(t *testing.T) {
	another := filepath.Join(t.TempDir(), "another.db")
	for _, path := range []string{another, another + ".2"} {
		backUp(t, testdb.Make(t, "delete", testdb.Users), backup.Options{Path: path})
	}
	tests := []struct {
		title string
		spoil func(path string) error
		want  error
	}{
		{"missing", os.Remove, fs.ErrNotExist},
		{"no manifest", func(path string) error {
			return os.Remove(backup.ManifestPath(path))
		}, backup.ErrIncomplete},
		{"cut short", func(path string) error {
			return os.Truncate(path, 4096)
		}, backup.ErrMismatch},
		{"empty", func(path string) error {
			return os.Truncate(path, 0)
		}, backup.ErrMismatch},
		{"empty manifest", func(path string) error {
			return os.Truncate(backup.ManifestPath(path), 0)
		}, backup.ErrMismatch},
		{"longer by a byte", func(path string) error {
			return appendTo(path, "x")
		}, backup.ErrMismatch},
		{"longer by a page", func(path string) error {
			return appendTo(path, strings.Repeat("\x00", 4096))
		}, backup.ErrMismatch},
		{"longer manifest", func(path string) error {
			return appendTo(backup.ManifestPath(path), "{}")
		}, backup.ErrMismatch},
		{"another database", func(path string) error {
			return os.Rename(another, path)
		}, backup.ErrMismatch},
		{"a link to another database", func(path string) error {
			return errors.Join(os.Remove(path), os.Symlink(another+".2", path))
		}, backup.ErrMismatch},
		{"the manifest of another", func(path string) error {
			return os.Rename(backup.ManifestPath(another), backup.ManifestPath(path))
		}, backup.ErrMismatch},
		{"a link to the manifest of another", func(path string) error {
			manifest := backup.ManifestPath(path)
			return errors.Join(os.Remove(manifest), os.Symlink(another+".2.json", manifest))
		}, backup.ErrMismatch},
		{"two pages changed over", func(path string) error {
			file, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			page := bytes.Clone(file[4096:8192])
			copy(file[4096:], file[8192:12288])
			copy(file[8192:], page)
			return os.WriteFile(path, file, 0o600)
		}, backup.ErrMismatch},
		{"a link to the backup", func(path string) error {
			moved := path + ".moved"
			return errors.Join(os.Rename(path, moved), os.Symlink(moved, path))
		}, nil},
		{"a link without a manifest", func(path string) error {
			moved, manifest := path+".moved", backup.ManifestPath(path)
			return errors.Join(os.Rename(path, moved), os.Symlink(moved, path),
				os.Rename(manifest, backup.ManifestPath(moved)))
		}, backup.ErrIncomplete},
	}
	for _, test := range tests {
		t.Run(test.title, func(t *testing.T) {
			m := backUp(t, testdb.Make(t, "delete", testdb.Users), backup.Options{})
			if err := test.spoil(m.Path); err != nil {
				t.Fatal(err)
			}
			if err := verify(t, m.Path, backup.VerifyOptions{}); !errors.Is(err, test.want) {
				t.Errorf("got %v, want %v", err, test.want)
			}
		})
	}
}

func appendTo(path, text string) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_APPEND, 0)
	if err != nil {
		return err
	}
	_, err = f.WriteString(text)
	return errors.Join(err, f.Close())
}

// TestVerifyComparesIntegrity has a manifest that says something else than integrity_check does.
func TestVerifyComparesIntegrity(t *testing.T) {
	m := backUp(t, brokenIndex(t), backup.Options{})
	if len(m.Integrity.Faults) == 0 {
		t.Fatal("the manifest has no fault")
	}
	for _, test := range []struct {
		title string
		say   backup.Integrity
		want  func(error) bool
	}{
		{"the same", m.Integrity, is(nil)},
		{"no fault", backup.Integrity{SQLite: sqlite.Version()}, is(backup.ErrMismatch)},
		{"no fault, said by another SQLite", backup.Integrity{SQLite: "3.8.0"}, is(nil)},
		{"nothing, as earlier manifests do", backup.Integrity{}, is(nil)},
	} {
		t.Run(test.title, func(t *testing.T) {
			m.Integrity = test.say
			if err := backup.WriteManifest(m); err != nil {
				t.Fatal(err)
			}
			err := verify(t, m.Path, backup.VerifyOptions{})
			if !test.want(err) {
				t.Errorf("got %v", err)
			}
			if e, ok := errors.AsType[*backup.MismatchError](err); ok &&
				e.Differences[0].What != "integrity_check" {
				t.Errorf("got %v", err)
			}
		})
	}
}

// TestManifestOfFormat1 has a manifest as earlier versions wrote it, with a hash of each table.
func TestManifestOfFormat1(t *testing.T) {
	db := testdb.Make(t, "delete", testdb.Users)
	m := backUp(t, db, backup.Options{})
	file := backup.ManifestPath(m.Path)
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	unsealed := strings.NewReplacer(m.Digest, "", `"format": 2`, `"format": 1`,
		`"rows": 2`, `"rows": 2, "hash": "00"`).Replace(string(text))
	digest := fmt.Sprintf("%x", sha256.Sum256([]byte(unsealed)))
	sealed := strings.Replace(unsealed, `"digest": ""`, `"digest": "`+digest+`"`, 1)
	if err := os.WriteFile(file, []byte(sealed), 0o600); err != nil {
		t.Fatal(err)
	}
	report, err := backup.Verify(t.Context(), m.Path, backup.VerifyOptions{Against: db})
	if err != nil {
		t.Fatal(err)
	}
	m.Format, m.Digest = 1, digest
	if diff := cmp.Diff(m, report.Manifest); diff != "" {
		t.Error(diff)
	}
	if err := restore(t, m.Path, db, backup.RestoreOptions{Now: testdb.Now}); err != nil {
		t.Error(err)
	}
}

func TestVerifyAgainst(t *testing.T) {
	tests := []struct {
		title, sql string
		want       []backup.Difference
	}{
		{"nothing changed", "VACUUM", nil},
		{"a row more", "INSERT INTO log VALUES('new')", []backup.Difference{
			{What: "table log", Want: "3 rows", Got: "4 rows"}}},
		{"a row less", "DELETE FROM User WHERE id = 'b'", []backup.Difference{
			{What: "table User", Want: "2 rows", Got: "1 row"}}},
		{"another storage class", "UPDATE Note SET body = CAST(body AS TEXT) WHERE id = 2",
			[]backup.Difference{
				{What: "table Note", Want: "8 rows", Got: "as many, but not the same"}}},
		{"the same row again",
			"DELETE FROM log WHERE line = 'once'; INSERT INTO log VALUES('twice')",
			[]backup.Difference{
				{What: "table log", Want: "3 rows", Got: "as many, but not the same"}}},
		{"schema", "CREATE INDEX more ON log(line)", []backup.Difference{{What: "schema"}}},
		{"statistics are no data", "ANALYZE", nil},
		{"tables", "DROP TABLE log; CREATE TABLE diary(line)", []backup.Difference{
			{What: "schema"},
			{What: "table log", Want: "3 rows", Got: "no such table"},
			{What: "table diary", Want: "no such table", Got: "0 rows"}}},
		{"numbers in the header", "PRAGMA user_version = 8; PRAGMA application_id = 1",
			[]backup.Difference{
				{What: "user_version", Want: "7", Got: "8"},
				{What: "application_id", Want: "99", Got: "1"}}},
	}
	for _, test := range tests {
		t.Run(test.title, func(t *testing.T) {
			db := testdb.Make(t, "wal", testdb.Users)
			m := backUp(t, db, backup.Options{})
			testdb.Change(t, db, test.sql)
			report, err := backup.Verify(t.Context(), m.Path, backup.VerifyOptions{Against: db})
			if diff := cmp.Diff(test.want, report.Differences); diff != "" {
				t.Error(diff)
			}
			if got, want := errors.Is(err, backup.ErrMismatch), test.want != nil; got != want {
				t.Errorf("got %v", err)
			}
		})
	}
}
