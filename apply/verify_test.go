package apply_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/seedkit/seedkit/apply"
)

func TestVerify(t *testing.T) {
	db := makeDatabase(t, "wal", users)
	dir := t.TempDir()
	m := backUp(t, db, apply.BackupOptions{Dir: dir, Now: now})
	before := files(t, dir)
	report, err := apply.Verify(t.Context(), m.Path, apply.VerifyOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(apply.Report{Manifest: m}, report); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(before, files(t, dir)); diff != "" {
		t.Errorf("files: %s", diff)
	}
}

func TestVerifyFindsAnyFlippedBit(t *testing.T) {
	m := backUp(t, makeDatabase(t, "delete", users), apply.BackupOptions{})
	stride := map[string]int64{m.Path: 997, apply.ManifestPath(m.Path): 1}
	for path, stride := range stride {
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		for offset := int64(0); offset < info.Size(); offset += stride {
			flipBit(t, path, offset)
			if _, err := apply.Verify(t.Context(), m.Path, apply.VerifyOptions{}); !errors.Is(err, apply.ErrMismatch) {
				t.Errorf("%s, bit %d of byte %d: %v, want %v", filepath.Base(path), offset%8, offset, err, apply.ErrMismatch)
			}
			flipBit(t, path, offset)
		}
	}
	if _, err := apply.Verify(t.Context(), m.Path, apply.VerifyOptions{}); err != nil {
		t.Error(err)
	}
}

func TestVerifyNamesWhatDiffers(t *testing.T) {
	m := backUp(t, makeDatabase(t, "delete", users), apply.BackupOptions{})
	flipBit(t, m.Path, 5000)
	_, err := apply.Verify(t.Context(), m.Path, apply.VerifyOptions{})
	mismatch, ok := errors.AsType[*apply.MismatchError](err)
	if !ok {
		t.Fatalf("got %v", err)
	}
	if len(mismatch.Differences) != 1 || mismatch.Differences[0].What != "sha256" || mismatch.Differences[0].Want != m.SHA256 {
		t.Errorf("got %v", err)
	}
}

func TestVerifyRefuses(t *testing.T) {
	tests := []struct {
		title string
		spoil func(path string) error
		want  error
	}{
		{"missing", os.Remove, fs.ErrNotExist},
		{"no manifest", func(path string) error { return os.Remove(apply.ManifestPath(path)) }, apply.ErrIncomplete},
		{"cut short", func(path string) error { return os.Truncate(path, 4096) }, apply.ErrMismatch},
		{"empty", func(path string) error { return os.Truncate(path, 0) }, apply.ErrMismatch},
		{"empty manifest", func(path string) error { return os.Truncate(apply.ManifestPath(path), 0) }, apply.ErrMismatch},
	}
	for _, test := range tests {
		t.Run(test.title, func(t *testing.T) {
			m := backUp(t, makeDatabase(t, "delete", users), apply.BackupOptions{})
			if err := test.spoil(m.Path); err != nil {
				t.Fatal(err)
			}
			if _, err := apply.Verify(t.Context(), m.Path, apply.VerifyOptions{}); !errors.Is(err, test.want) {
				t.Errorf("got %v, want %v", err, test.want)
			}
		})
	}
}

// TestVerifyChecksIndexes has an index that holds another value than its
// table, which quick_check does not see and integrity_check does.
func TestVerifyChecksIndexes(t *testing.T) {
	m := backUp(t, brokenIndex(t), apply.BackupOptions{})
	_, err := apply.Verify(t.Context(), m.Path, apply.VerifyOptions{})
	mismatch, ok := errors.AsType[*apply.MismatchError](err)
	if !ok || len(mismatch.Differences) != 1 || mismatch.Differences[0].What != "integrity_check" {
		t.Errorf("got %v", err)
	}
}

func TestVerifyAgainst(t *testing.T) {
	tests := []struct {
		title, sql string
		want       []apply.Difference
	}{
		{"nothing changed", "VACUUM", nil},
		{"a row more", "INSERT INTO log VALUES('new')", []apply.Difference{{What: "table log", Want: "3 rows", Got: "4 rows"}}},
		{"a row less", "DELETE FROM User WHERE id = 'b'", []apply.Difference{{What: "table User", Want: "2 rows", Got: "1 row"}}},
		{"another storage class", "UPDATE Note SET body = CAST(body AS TEXT) WHERE id = 2",
			[]apply.Difference{{What: "table Note", Want: "8 rows", Got: "as many, but not the same"}}},
		{"the same row again", "DELETE FROM log WHERE line = 'once'; INSERT INTO log VALUES('twice')",
			[]apply.Difference{{What: "table log", Want: "3 rows", Got: "as many, but not the same"}}},
		{"schema", "CREATE INDEX more ON log(line)", []apply.Difference{{What: "schema"}}},
		{"statistics are no data", "ANALYZE", nil},
		{"tables", "DROP TABLE log; CREATE TABLE diary(line)", []apply.Difference{
			{What: "schema"}, {What: "table log", Want: "3 rows", Got: "no such table"}, {What: "table diary", Want: "no such table", Got: "0 rows"}}},
		{"numbers in the header", "PRAGMA user_version = 8; PRAGMA application_id = 1", []apply.Difference{
			{What: "user_version", Want: "7", Got: "8"}, {What: "application_id", Want: "99", Got: "1"}}},
	}
	for _, test := range tests {
		t.Run(test.title, func(t *testing.T) {
			db := makeDatabase(t, "wal", users)
			m := backUp(t, db, apply.BackupOptions{})
			change(t, db, test.sql)
			report, err := apply.Verify(t.Context(), m.Path, apply.VerifyOptions{Against: db})
			if diff := cmp.Diff(test.want, report.Differences); diff != "" {
				t.Error(diff)
			}
			if got, want := errors.Is(err, apply.ErrMismatch), test.want != nil; got != want {
				t.Errorf("got %v", err)
			}
		})
	}
}
